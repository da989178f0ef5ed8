import type { Message } from "../core/messages";
import type { World } from "./world";

/** Lines that stay, on the resource's own row. */
export const say = (world: World, urn: string, lines: readonly Message[]): void => {
  for (const line of lines) world.log.write({ urn, ...line, passing: false });
};
