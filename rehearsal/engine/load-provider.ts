import type { Project } from "../config/project";
import type { StackConfig } from "../config/stack-config";
import type { Faults } from "../faults";
import { BUILTIN_PACKAGE, builtinProvider } from "../host/builtin-provider";
import { dynamicProvider } from "../host/dynamic-provider";
import { echoProvider } from "../host/echo-provider";
import { startProviderProcess } from "../host/provider-process";
import type { ProviderProcess } from "../host/provider-process";
import type { StackOutputs } from "../state/other-stacks";
import { DYNAMIC_PACKAGE } from "./package-config";
import type { LoadProvider } from "./provider-registry";
import type { Reporter } from "./reporter";

export interface LoaderSettings {
  readonly project: Project;
  readonly config: StackConfig;
  readonly address: string;
  readonly env: NodeJS.ProcessEnv;
  readonly faults: Faults;
  readonly stackOutputs: StackOutputs;
  readonly report: Reporter;
  readonly onOutput: (line: string, stream: "stdout" | "stderr") => void;
}

export interface Loader {
  readonly load: LoadProvider;
  /** Starts a dynamic provider ahead of its first use, while the program loads. */
  prestart(): void;
  /** Ends a process that was started and never used. */
  close(): Promise<void>;
}

const NO_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000";

export function loaderOf(settings: LoaderSettings): Loader {
  let spare: ProviderProcess | undefined;
  const start = (): ProviderProcess =>
    startProviderProcess({ ...settings, config: namespaceOf(settings.config, DYNAMIC_PACKAGE) });
  function takeProcess(): ProviderProcess {
    const process = spare ?? start();
    spare = undefined;
    return process;
  }
  const subscriptionId = settings.config["azure-native:subscriptionId"]?.value ?? NO_SUBSCRIPTION;
  const onMade = (urn: string): void =>
    settings.report.diagnostic(
      "warning",
      urn,
      "not really made: the rehearsal only echoes resources of other packages",
    );
  return {
    load(packageName) {
      if (packageName === DYNAMIC_PACKAGE) return dynamicProvider(takeProcess(), settings.faults);
      if (packageName === BUILTIN_PACKAGE) return builtinProvider(settings.stackOutputs);
      return echoProvider({ subscriptionId }, onMade);
    },
    prestart: () => void (spare ??= start()),
    close: async () => spare?.stop(),
  };
}

const namespaceOf = (config: StackConfig, namespace: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(`${namespace}:`))
      .map(([key, { value }]) => [key, value]),
  );
