import { randomUUID } from "node:crypto";
import type { Project } from "../config/project";
import type { StackConfig } from "../config/stack-config";
import { dynamicProvider } from "../host/dynamic-provider";
import { echoProvider } from "../host/echo-provider";
import type { Provider } from "../host/provider";
import { DYNAMIC_PACKAGE, startProviderProcess } from "../host/provider-process";
import type { ProviderProcess } from "../host/provider-process";
import type { ResourceState } from "../state/resource";
import { isProviderType, packageOfProvider, parseProviderReference, providerReference } from "../state/urn";
import type { Urn } from "../state/urn";
import { equalMaps } from "../values/compare";
import type { PropertyMap } from "../values/property";
import { UNKNOWN_TEXT } from "../values/signatures";
import type { Reporter } from "./reporter";

/** The providers of one operation. They become usable by being created, updated or found the same. */
export interface Providers {
  /** Who manages a resource: providers themselves are managed here. */
  of(resource: ResourceState): Provider;
  /** Makes the provider of an old resource usable, with the configuration that the state has for it. */
  ensure(resource: ResourceState, previous: readonly ResourceState[]): Promise<void>;
  /** Makes a provider usable that is the same as before. */
  same(provider: ResourceState): Promise<void>;
  /** Starts a dynamic provider ahead of its first use, while the program loads. */
  prestart(): void;
  close(): Promise<void>;
}

export interface ProviderSettings {
  readonly project: Project;
  readonly config: StackConfig;
  /** Address of the engine's log service. */
  readonly address: string;
  readonly env: NodeJS.ProcessEnv;
  readonly dryRun: boolean;
  readonly report: Reporter;
  readonly onOutput: (line: string, stream: "stdout" | "stderr") => void;
}

export function openProviders(settings: ProviderSettings): Providers {
  const load = loader(settings);
  const configured = new Map<string, Provider>();

  async function use(urn: Urn, id: string, inputs: PropertyMap): Promise<void> {
    const reference = providerReference(urn, id);
    const [before, provider] = [configured.get(reference), load.provider(packageOfProvider(urn))];
    configured.set(reference, provider);
    await before?.close();
    await provider.configure(inputs);
  }
  async function same({ urn, id, inputs }: ResourceState): Promise<void> {
    if (!configured.has(providerReference(urn, id))) await use(urn, id, inputs);
  }
  const ofProviders: Provider = {
    configure: () => Promise.resolve(),
    check: (_urn, _olds, news) => Promise.resolve({ inputs: news, failures: [] }),
    diff: ({ oldOutputs, newInputs }) =>
      Promise.resolve({
        changes: !equalMaps(oldOutputs, newInputs),
        replaceKeys: [],
        deleteBeforeReplace: false,
      }),
    async create(urn, inputs) {
      const id = settings.dryRun ? UNKNOWN_TEXT : randomUUID();
      await use(urn, id, inputs);
      return { id, outputs: inputs };
    },
    async update({ urn, id, newInputs }) {
      await use(urn, id, newInputs);
      return { id, outputs: newInputs };
    },
    read: (_urn, id, _inputs, state) => Promise.resolve({ id, outputs: state }),
    async delete({ urn, id }) {
      const reference = providerReference(urn, id);
      await configured.get(reference)?.close();
      configured.delete(reference);
    },
    close: () => Promise.resolve(),
  };
  return {
    of({ urn, type, provider: reference }) {
      if (isProviderType(type)) return ofProviders;
      const provider = configured.get(reference);
      if (!provider) throw new Error(`unknown provider '${reference}' for resource '${urn}'`);
      return provider;
    },
    async ensure({ provider: reference }, previous) {
      if (reference === "" || configured.has(reference)) return;
      const { urn, id } = parseProviderReference(reference);
      const state = previous.find((r) => r.urn === urn && r.id === id);
      if (!state) throw new Error(`could not find provider ${reference}`);
      await same(state);
    },
    same,
    prestart: load.prestart,
    async close() {
      await Promise.all([load.close(), ...[...configured.values()].map((provider) => provider.close())]);
    },
  };
}

const NO_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000";

/** Starts providers, not configured yet. */
function loader(settings: ProviderSettings) {
  let spare: ProviderProcess | undefined;
  const start = (): ProviderProcess =>
    startProviderProcess({ ...settings, config: dynamicConfig(settings.config) });
  const subscriptionId = settings.config["azure-native:subscriptionId"]?.value ?? NO_SUBSCRIPTION;
  const onMade = (urn: Urn): void =>
    settings.report.diagnostic(
      "warning",
      urn,
      "not really made: the rehearsal only echoes resources of other packages",
    );
  return {
    provider(packageName: string): Provider {
      if (packageName !== DYNAMIC_PACKAGE) return echoProvider({ subscriptionId }, onMade);
      const process = spare ?? start();
      spare = undefined;
      return dynamicProvider(process);
    },
    prestart: () => void (spare ??= start()),
    close: async () => spare?.stop(),
  };
}

const dynamicConfig = (config: StackConfig): Record<string, string> =>
  Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(`${DYNAMIC_PACKAGE}:`))
      .map(([key, { value }]) => [key, value]),
  );
