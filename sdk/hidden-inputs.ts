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

/** Values that can be no secret, and hold none: most arguments are such. Anything else Pulumi knows best. */
const isPlain = (value: unknown): boolean => {
  if (typeof value !== "object" || value === null) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || Array.isArray(value)) && Object.values(value).every(isPlain);
};

/** Names of the arguments whose values are secret, so that no message of the provider shows them; undefined without any. */
const secretArguments = (args: object): Promise<string[] | undefined> | undefined => {
  const unclear = Object.entries(args).filter(([, value]) => !isPlain(value));
  return unclear.length > 0 ? secretAmong(unclear) : undefined;
};

const secretAmong = async (args: readonly (readonly [string, unknown])[]): Promise<string[] | undefined> => {
  const flags = await Promise.all(args.map(([, value]) => pulumi.isSecret(pulumi.output(value))));
  const secret = args.filter((_, index) => flags[index]).map(([name]) => name);
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

/** The resource's URN; without a parent, and most have none, it is known at once. */
const urnOf = (
  type: string,
  name: string,
  parent: pulumi.CustomResourceOptions["parent"],
): string | Promise<string> =>
  parent === undefined
    ? `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${type}::${name}`
    : valueAlone(pulumi.createUrn(name, type, parent));

/**
 * What the provider needs and a program never sees: inputs that begin with `__` are left out of previews. Pulumi makes an
 * output of each, also of one without a value.
 */
export const hiddenInputs = (
  type: string,
  name: string,
  args: object,
  opts: pulumi.CustomResourceOptions | undefined,
): Record<string, unknown> => {
  const urn = urnOf(type, name, opts?.parent);
  const stampOf = (known: string): string => stamp(organization(), known);
  return withoutUndefined({
    __urn: urn,
    __createdBy: typeof urn === "string" ? stampOf(urn) : urn.then(stampOf),
    __stack: stackName(),
    __retainOnDelete: opts?.retainOnDelete,
    __secrets: secretArguments(args),
    // The engine applies it to inputs, and does not tell the provider which entries of a map it has put back.
    __ignoreChanges: opts?.ignoreChanges,
  });
};

export const withoutUndefined = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
