import type * as pulumi from "@pulumi/pulumi";

/**
 * Pulumi's host of dynamic providers fails on an import with a TypeError, before any code of the resource's provider runs.
 *
 * @param next what to do instead
 * @throws ImportUnsupported
 */
export const refuseImport = (opts: pulumi.CustomResourceOptions | undefined, next: string): void => {
  if (opts?.import === undefined) return;
  throw new Error(
    `ImportUnsupported: expected a resource without the option \`import\`, found it: Pulumi cannot import resources of dynamic providers. ${next}`,
  );
};
