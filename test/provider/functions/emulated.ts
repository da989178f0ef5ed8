import { startEmulator, type Emulator, type EmulatorOptions } from "../../../emulator/index";
import { connect } from "../../../provider/azure/connect";
import { systemClock, type Clock } from "../../../provider/azure/clock";
import { serviceFunctions } from "../../../provider/functions/functions";

/** A service document as a seed needs it. */
export const service = (name: string, more: object = {}) => ({
  name,
  computeName: "aks",
  kvTags: { owner: "risk" },
  properties: { origin: "seed" },
  ...more,
});

/** An emulated workspace, and the functions that ask it, with a credential in their environment. */
export const startEmulated = async (
  services: readonly { name: string }[],
  options: EmulatorOptions = {},
  clock: Clock = systemClock,
) => {
  const emulator: Emulator = await startEmulator({
    operationTime: 0,
    seed: { services: services as never },
    ...options,
  });
  const env = {
    AZUREML_DISCOVERY_URL: emulator.discoveryUrl,
    AZUREML_ACCESS_TOKEN: emulator.accessToken,
  };
  const functions = serviceFunctions({ clock, env, connect });
  return {
    emulator,
    env,
    functions,
    where: { workspaceId: emulator.workspaceId },
    /** `METHOD path-after-the-workspace` of the requests so far. */
    asked: () =>
      emulator
        .requests()
        .map(({ method, path }) => `${method} ${path.replace(/^.*\/(services|api\/v1)/, "/$1")}`)
        .filter((line) => !/discovery/.test(line)),
    close: () => emulator.close(),
  };
};

export type Emulated = Awaited<ReturnType<typeof startEmulated>>;

/** A clock that stands still until it is moved, and that sleeps in no time. */
export const movableClock = (start = Date.UTC(2026, 10, 22)) => {
  let now = start;
  return {
    now: () => now,
    sleep: async (ms: number) => void (now += ms),
    random: () => 0,
    move: (ms: number) => void (now += ms),
  };
};
