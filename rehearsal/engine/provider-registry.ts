import { randomUUID } from "node:crypto";
import type { Change, CheckAnswer, DiffAnswer, Made, Provider } from "../host/provider";
import type { ResourceState } from "../state/resource";
import { packageOfProvider, parseProviderReference, providerReference, typeOf } from "../state/urn";
import type { Urn } from "../state/urn";
import { equalMaps } from "../values/compare";
import type { PropertyMap } from "../values/property";
import { UNKNOWN_TEXT } from "../values/signatures";

/** Starts the provider of a package, not configured yet. */
export type LoadProvider = (packageName: string) => Provider;

/**
 * The providers of one phase, by reference (`URN::ID`). It is a provider itself: that of provider resources, which
 * become usable by being created, updated or found the same.
 */
export interface ProviderRegistry extends Omit<Provider, "configure" | "read"> {
  get(reference: string): Provider | undefined;
  /** Makes the provider of an old resource usable, with the configuration that the state has for it. */
  same(state: ResourceState): Promise<void>;
  /** The same for a reference, found among `previous`; throws when it is not there. */
  ensure(reference: string, previous: readonly ResourceState[]): Promise<Provider>;
}

export function providerRegistry(load: LoadProvider, dryRun: boolean): ProviderRegistry {
  const configured = new Map<string, Provider>();
  /** Loaded by a check, and waiting to hear what becomes of its resource. */
  const checked = new Map<Urn, Provider>();

  async function use(urn: Urn, id: string, inputs: PropertyMap, provider: Provider): Promise<void> {
    await provider.configure(inputs);
    configured.set(providerReference(urn, id), provider);
  }
  function takeChecked(urn: Urn): Provider {
    const provider = checked.get(urn) ?? load(packageOfProvider(typeOf(urn)));
    checked.delete(urn);
    return provider;
  }
  async function same({ urn, id, inputs }: ResourceState): Promise<void> {
    if (!configured.has(providerReference(urn, id))) await use(urn, id, inputs, takeChecked(urn));
  }
  return {
    get: (reference) => configured.get(reference),
    same,
    async ensure(reference, previous) {
      const { urn, id } = parseProviderReference(reference);
      const state = previous.find((r) => r.urn === urn && r.id === id);
      if (!configured.has(reference) && !state) throw new Error(`could not find provider ${reference}`);
      if (state) await same(state);
      return configured.get(reference) as Provider;
    },
    check(urn, _olds, news): Promise<CheckAnswer> {
      if (!checked.has(urn)) checked.set(urn, load(packageOfProvider(typeOf(urn))));
      return Promise.resolve({ inputs: news, failures: [] });
    },
    diff: ({ oldOutputs, newInputs }: Change) => Promise.resolve(verdict(!equalMaps(oldOutputs, newInputs))),
    async create(urn, inputs): Promise<Made> {
      const id = dryRun ? UNKNOWN_TEXT : randomUUID();
      await use(urn, id, inputs, takeChecked(urn));
      return { id, outputs: inputs };
    },
    async update({ urn, id, newInputs }): Promise<Made> {
      const before = configured.get(providerReference(urn, id));
      await use(urn, id, newInputs, takeChecked(urn));
      await before?.close();
      return { id, outputs: newInputs };
    },
    async delete({ urn, id }) {
      const reference = providerReference(urn, id);
      await configured.get(reference)?.close();
      configured.delete(reference);
    },
    async close() {
      await Promise.all([...checked.values(), ...configured.values()].map((provider) => provider.close()));
    },
  };
}

const verdict = (changes: boolean): DiffAnswer => ({
  changes,
  replaceKeys: [],
  changedKeys: [],
  detailedDiff: undefined,
  deleteBeforeReplace: false,
});
