import { systemClock } from "../client/clock";
import { connect } from "../client/connect";
import { engineAddress, openEngineLog } from "../host/engine-log";
import type { World } from "./world";

/** The machine's clock, the engine that started this process, and the network. */
export const realWorld = (argv: readonly string[]): Omit<World, "settings" | "safe"> => ({
  clock: systemClock,
  log: openEngineLog(engineAddress(argv)),
  connect,
});
