import { inputOf } from "../schema/fields";
import { previousInputs } from "./previous-inputs";
import { isObject, type Settings } from "./values";

export type TimedVerb = "create" | "update" | "delete";

const DEFAULTS: Readonly<Record<TimedVerb, string>> = { create: "60m", update: "60m", delete: "20m" };

/** How long the verb may take, in milliseconds; of outputs, what the program said when it was last applied. */
export const timeoutMs = (verb: TimedVerb, values: Settings): number => {
  const input = inputOf("timeouts");
  const given = values[input] ?? previousInputs(values)?.[input];
  return durationMs(isObject(given) ? given[verb] : undefined) ?? durationMs(DEFAULTS[verb])!;
};

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
const PART = /(\d+(?:\.\d+)?)(ms|h|m|s)/gy;

/** Milliseconds of a duration as Pulumi writes it ("90s", "60m", "1h30m"); undefined when it is not one, or is no longer than nothing. */
export const durationMs = (text: unknown): number | undefined => {
  if (typeof text !== "string" || text === "") return undefined;
  const parts = [...text.matchAll(PART)];
  if (parts.map((part) => part[0]).join("") !== text) return undefined;
  const total = parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit!]!, 0);
  return total > 0 && Number.isFinite(total) ? total : undefined;
};
