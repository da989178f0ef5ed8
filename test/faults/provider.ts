import type { Emulator } from "../../emulator/index";
import type { Clock } from "../../provider/azure/clock";
import { connect } from "../../provider/azure/connect";
import type { Transport } from "../../provider/azure/http";
import type { LogLine } from "../../provider/host/engine-log";
import { aksWebserviceProvider } from "../../provider/webservice/provider";
import { modelProvider } from "../../provider/model/provider";
import type { Provider } from "./engine";

export interface ProviderParts {
  readonly emulator: Emulator;
  readonly clock: Clock;
  readonly transport: Transport;
  readonly say: (line: LogLine) => void;
}

/** The one place that knows how the provider is put together: a fresh process of it, which remembers nothing. */
export async function startProvider(kind: "service" | "model", parts: ProviderParts): Promise<Provider> {
  const { emulator, clock, transport, say } = parts;
  const deps = { clock, transport };
  const env = { AZUREML_DISCOVERY_URL: emulator.discoveryUrl, AZUREML_ACCESS_TOKEN: emulator.accessToken };
  const config: Record<string, string> = { "azureml:workspaceId": emulator.workspaceId };
  const make = kind === "service" ? aksWebserviceProvider : modelProvider;
  const provider = make(
    {
      clock,
      log: { write: say, flush: async () => undefined },
      newToken: () => "c0ffee00c0ffee00",
      connect: (address, settings) => connect(address, settings, deps),
    },
    env,
  );
  await provider.configure({ config: { get: (key) => config[key] } });
  return provider as unknown as Provider;
}
