import type { Line } from "../core/lines";
import type { World } from "./world";

/** Lines that stay, on the resource's own row. */
export const say = (world: World, urn: string, lines: readonly Line[]): void => {
  for (const line of lines) world.log.write({ urn, ...line, passing: false });
};
