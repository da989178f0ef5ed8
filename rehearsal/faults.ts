/**
 * Ways to break the engine on purpose, one for each rule that the recordings must notice when it goes wrong.
 * Tests switch them on; nothing else does.
 */
export const FAULTS = [
  "same-takes-new-outputs",
  "secrets-not-marked-again",
  "delete-by-provider-of-inputs",
  "refresh-skips-diff",
  "destroy-in-creation-order",
] as const;

export type Fault = (typeof FAULTS)[number];
export type Faults = ReadonlySet<Fault>;
