import type { Line } from "../semantics/lines";
import type { World } from "./world";

const LEAST_BETWEEN_MS = 1_000;

/** Lines that stay, on the resource's own row. */
export const say = (world: World, urn: string, lines: readonly Line[]): void => {
  for (const line of lines) world.log.write({ urn, ...line, passing: false });
};

/** Progress on the resource's own row, at most once a second. */
export const progressTo = (world: World, urn: string): ((text: string) => void) => {
  const start = world.clock.now();
  let last = -Infinity;
  return (text) => {
    const now = world.clock.now();
    if (urn === "" || now - last < LEAST_BETWEEN_MS) return;
    last = now;
    const seconds = Math.round((now - start) / 1000);
    world.log.write({ urn, severity: "info", text: `${text} (${seconds}s)`, passing: true });
  };
};
