import { startEmulator, type Emulator, type EmulatorOptions } from "../../emulator/index";
import { startHost, type Host, type HostOptions } from "./host";

/** An emulated workspace and a host that is configured for it. */
export interface TestWorkspace {
  readonly emulator: Emulator;
  readonly host: Host;
  /** The inputs of a check that finds nothing wrong. @throws with what it finds */
  checked(news: object, old?: object): Promise<Record<string, unknown>>;
  /** The bodies of the requests with this method whose path ends so, in order. */
  sent(method: string, ending: RegExp): readonly unknown[];
  close(): Promise<void>;
}

/** A host that is configured for an emulated workspace, beside the options' own configuration and environment. */
export const startHostFor = (
  { workspaceId, discoveryUrl, accessToken }: Emulator,
  options: HostOptions = {},
): Promise<Host> =>
  startHost({
    ...options,
    config: { "azureml:workspaceId": workspaceId, ...options.config },
    env: { AZUREML_DISCOVERY_URL: discoveryUrl, AZUREML_ACCESS_TOKEN: accessToken, ...options.env },
  });

/** One emulator and one provider process, for the whole of a test file. */
export const startWorkspace = async (
  options: EmulatorOptions = {},
  hostOptions: HostOptions = {},
): Promise<TestWorkspace> => {
  const emulator = await startEmulator({ operationTime: 0, ...options });
  const host = await startHostFor(emulator, hostOptions);
  return {
    emulator,
    host,
    checked: async (news, old = {}) => {
      const { inputs, failures } = await host.check({ ...old }, { ...news });
      if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
      return inputs;
    },
    sent: (method, ending) =>
      emulator
        .requests()
        .filter((request) => request.method === method && ending.test(request.path))
        .map(({ body }) => body),
    close: async () => {
      await host.close();
      await emulator.close();
    },
  };
};
