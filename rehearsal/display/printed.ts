import type { EngineEvent } from "../engine/events";

export const printed = (stack: string, events: readonly EngineEvent[], errors: readonly string[]): string =>
  [stack, ...events.map((event) => JSON.stringify(event)), ...errors].join("\n");
