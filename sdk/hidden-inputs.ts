import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

const STAMP_LENGTH = 16;

/** Short hash of organization and URN: who made a service, without telling their names. */
const stamp = (organization: string, urn: string): string =>
  createHash("sha256").update(`${organization}\n${urn}`).digest("hex").slice(0, STAMP_LENGTH);

/** Mocks in a user's unit test seldom name an organization, for which Pulumi then throws. */
const organization = (): string => {
  try {
    return pulumi.getOrganization();
  } catch {
    return "organization";
  }
};

/** The stack's full name, for people to read in a claim. */
const stackName = (): string => `${organization()}/${pulumi.getProject()}/${pulumi.getStack()}`;

/** Names of the arguments whose values are secret, so that no message of the provider shows them. */
const secretArguments = async (args: object): Promise<string[] | undefined> => {
  const names = Object.keys(args);
  const flags = await Promise.all(
    names.map((name) => pulumi.isSecret(pulumi.output((args as Record<string, unknown>)[name]))),
  );
  const secret = names.filter((_, index) => flags[index]);
  return secret.length > 0 ? secret : undefined;
};

/**
 * An output's value without what it depends on. A resource waits for the dependencies of its inputs, and a dependency on a
 * component is one on all of its children: two of them, each with the URN that their parent began, would wait for each other.
 */
const valueAlone = <Value>(output: pulumi.Output<Value>): Promise<Value> =>
  new Promise((resolve, reject) => {
    output.apply(resolve);
    // `apply` says nothing of an output that never comes.
    pulumi.isSecret(output).catch(reject);
  });

/** What the provider needs and a program never sees: inputs that begin with `__` are left out of previews. */
export const hiddenInputs = (
  type: string,
  name: string,
  args: object,
  opts: pulumi.CustomResourceOptions | undefined,
): Record<string, unknown> => {
  const urn = valueAlone(pulumi.createUrn(name, type, opts?.parent));
  return {
    __urn: urn,
    __createdBy: urn.then((known) => stamp(organization(), known)),
    __stack: stackName(),
    __retainOnDelete: opts?.retainOnDelete,
    __secrets: secretArguments(args),
    // The engine applies it to inputs, and does not tell the provider which entries of a map it has put back.
    __ignoreChanges: opts?.ignoreChanges,
  };
};
