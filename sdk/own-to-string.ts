import * as pulumi from "@pulumi/pulumi";

const hasOwnToString = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.hasOwn(value, "toString");

/**
 * The same arguments, in which Pulumi meets no map with a key named `toString`. It writes each argument into a text for its
 * log, for which the key would stand in for the method and end the program; of an output it knows that it has none.
 */
export const withoutOwnToString = (args: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      hasOwnToString(value) && !pulumi.Output.isInstance(value) ? pulumi.output(value) : value,
    ]),
  );
