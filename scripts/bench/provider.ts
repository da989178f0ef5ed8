import { aksWebservice } from "../../provider/index";
import type { EmulatorProcess } from "../../test/harness/emulator-process";

export type Provider = typeof aksWebservice;

/** The provider as a stack's state requires it, connected to the emulated workspace; once in a process. */
export async function openProvider(emulator: EmulatorProcess): Promise<Provider> {
  process.env["AZUREML_ACCESS_TOKEN"] = emulator.accessToken;
  process.env["AZUREML_DISCOVERY_URL"] = emulator.discoveryUrl;
  const config: Record<string, string> = { "azureml:workspaceId": emulator.workspaceId };
  await aksWebservice.configure({ config: { get: (key) => config[key] } });
  return aksWebservice;
}

/** Checks what a program says, as the engine does before a create. @throws with what check finds */
export async function checked(provider: Provider, news: object): Promise<Record<string, unknown>> {
  const { inputs, failures } = await provider.check(
    {},
    { computeTargetName: "aks", models: ["sk:1"], ...news },
  );
  if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
  return inputs;
}
