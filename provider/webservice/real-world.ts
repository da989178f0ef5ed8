import { systemClock } from "../azure/clock";
import { connect } from "../azure/connect";
import { engineAddress, openEngineLog } from "../host/engine-log";
import { openInterrupt } from "../host/interrupt";
import type { World } from "./world";

/** The machine's clock, the engine that started this process, and the network. */
export const realWorld = (argv: readonly string[]): Omit<World, "settings" | "safe"> => {
  const address = engineAddress(argv);
  const interrupt = address === undefined ? undefined : openInterrupt(address);
  return {
    clock: systemClock,
    log: openEngineLog(address),
    interrupt: interrupt?.signal,
    during: interrupt?.during,
    connect,
  };
};
