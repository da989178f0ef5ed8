import { inputOf } from "../schema/fields";
import { durationMs } from "./duration";
import { remembered } from "./memory";
import { isObject } from "./unknown";
import type { Settings } from "./values";

export type TimedVerb = "create" | "update" | "delete";

const DEFAULTS: Readonly<Record<TimedVerb, string>> = { create: "60m", update: "60m", delete: "20m" };

/** How long the verb may take, in milliseconds; of outputs, what the program said when it was last applied. */
export const timeoutMs = (verb: TimedVerb, values: Settings): number => {
  const input = inputOf("timeouts");
  const said = values[input] ?? remembered(values)?.[input];
  return durationMs(isObject(said) ? said[verb] : undefined) ?? durationMs(DEFAULTS[verb])!;
};
