import * as pulumi from "@pulumi/pulumi";

/**
 * What a resource is registered with, beside its inputs, for Pulumi to make outputs of at once.
 *
 * @param always those that `makeLazily` cannot or need not make
 */
export const registeredOutputs = (
  names: readonly string[],
  always: readonly string[],
): Readonly<Record<string, undefined>> => {
  // With mocks a user's test may look at outputs after it has disconnected, when nothing can be asked any more.
  const registered = pulumi.runtime.getEngine() ? always : names;
  return Object.fromEntries(registered.map((name) => [name, undefined]));
};

/**
 * Makes a resource's outputs when the program first asks for one. Pulumi makes one for each input and output that a resource is
 * registered with, at once, and each costs more than the rest of a resource: most are never looked at.
 *
 * The values come from the engine, which keeps what it has recorded of each resource; it is asked once for all outputs that
 * the program has asked for by the time the resource is known. They are known, unknown and secret as if they had been
 * registered.
 *
 * @param names the outputs, in the order in which `Object.keys` tells them
 * @param witness a registered output that is known only where others that are no inputs may be, and never a secret
 */
export const makeLazily = (
  resource: pulumi.CustomResource,
  names: readonly string[],
  witness: string,
): void => {
  witnesses.set(resource, memberOf(resource, witness));
  for (const name of names) {
    const registered = Object.getOwnPropertyDescriptor(resource, name);
    // Defined anew, it comes in its place among the others.
    if (registered) delete (resource as unknown as Record<string, unknown>)[name];
    Object.defineProperty(resource, name, registered ?? lazily(name));
  }
};

const witnesses = new WeakMap<pulumi.CustomResource, pulumi.Output<unknown>>();

const memberOf = (resource: pulumi.Resource, name: string): pulumi.Output<unknown> =>
  (resource as unknown as Record<string, pulumi.Output<unknown>>)[name]!;

const lazy = new Map<string, PropertyDescriptor>();

/** One accessor for all resources. */
const lazily = (name: string): PropertyDescriptor => {
  const known = lazy.get(name);
  if (known) return known;
  const made: PropertyDescriptor = {
    configurable: true,
    enumerable: true,
    get(this: pulumi.CustomResource) {
      const value = recordedOutput(this, name);
      Object.defineProperty(this, name, { value, configurable: true, enumerable: true, writable: true });
      return value;
    },
  };
  lazy.set(name, made);
  return made;
};

/** Outputs that the engine is asked for at once. */
interface Batch {
  readonly names: string[];
  /** Resolves to nothing: Pulumi would look through whatever it resolved to. */
  readonly begun: pulumi.Output<undefined>;
  recorded: pulumi.Resource | undefined;
}

const open = new WeakMap<pulumi.CustomResource, Batch>();

const recordedOutput = (resource: pulumi.CustomResource, name: string): pulumi.Output<unknown> => {
  const batch = open.get(resource) ?? openBatch(resource);
  batch.names.push(name);
  return batch.begun.apply(() => memberOf(batch.recorded!, name));
};

const openBatch = (resource: pulumi.CustomResource): Batch => {
  const begin = (urn: string): undefined => {
    open.delete(resource);
    batch.recorded = recordedResource(urn, batch.names);
  };
  // What a preview would change, and what could not be made, has inputs only: there is nothing to ask for.
  const begun = witnesses.get(resource)!.apply(() => resource.urn.apply(begin));
  const batch: Batch = { names: [], begun, recorded: undefined };
  open.set(resource, batch);
  return batch;
};

/** What the engine has recorded of a resource that it has registered or read. */
const recordedResource = (urn: string, names: readonly string[]): pulumi.Resource => {
  const recorded = new pulumi.DependencyResource(urn);
  const outputs = Object.fromEntries(names.map((name) => [name, undefined]));
  pulumi.runtime.getResource(recorded, undefined, outputs, false, urn);
  return recorded;
};
