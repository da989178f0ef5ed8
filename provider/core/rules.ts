import type { Field, Rule } from "../schema/field";
import { pathOf, refusal, type FailureCode, type Refusal } from "./check-failure";
import { durationMs } from "./timeouts";
import { configRefusals } from "./inference-config/rules";
import { migrationRefusals } from "./migration";
import { isObject, isUnknown, isHidden, type Settings } from "./values";
import { isContent } from "./content";

/** Everything wrong with one known value of a setting; an unknown part is never wrong. */
export const refusalsOf = (row: Field, value: unknown, secret: boolean): readonly Refusal[] => {
  const refuse = refuseWith(secret);
  switch (row.type) {
    case "textMap":
      return mapRefusals(row, value, refuse);
    case "textList":
      return listRefusals(row, value, refuse);
    case "content":
      return isUnknown(value) || isContent(value)
        ? []
        : [refuse("WrongType", row.input, row.rule!.says, value, row.rule!.next!)];
    case "durations":
      return durationRefusals(row, value, refuse);
    case "inferenceConfig":
      return configRefusals(row.input, value, secret);
    case "migration":
      return migrationRefusals(row.input, value);
    default:
      return scalarRefusals(row, row.input, value, refuse);
  }
};

type Refuse = (code: FailureCode, path: string, expected: string, value: unknown, next: string) => Refusal;

const refuseWith =
  (secret: boolean): Refuse =>
  (code, path, expected, value, next) =>
    refusal(code, path, expected, value, next, secret);

const kinds = {
  text: { says: "text", holds: (v: unknown) => typeof v === "string" },
  number: { says: "a number", holds: Number.isFinite },
  integer: { says: "an integer", holds: Number.isSafeInteger },
  flag: { says: "true or false", holds: (v: unknown) => typeof v === "boolean" },
} as const;

const scalarRefusals = (row: Field, path: string, value: unknown, refuse: Refuse): readonly Refusal[] => {
  if (isUnknown(value)) return [];
  const kind = kinds[row.type as keyof typeof kinds] ?? kinds.text;
  const expected = row.rule?.says ?? kind.says;
  if (!kind.holds(value)) return [refuse("WrongType", path, expected, value, conversion(kind.says, value))];
  const code = row.rule && brokenBy(row.rule, value);
  return code ? [refuse(code, path, expected, value, row.rule?.next ?? correction(path))] : [];
};

const correction = (path: string): string => `Correct ${path}, or leave it out to keep what is live.`;

/** The usual way to get the wrong type, and out of it. */
const conversion = (desired: string, value: unknown): string => {
  if (typeof value === "string" && desired === "true or false" && /^(true|false)$/i.test(value))
    return "Write true or false without quotes; from configuration use requireBoolean.";
  if (typeof value === "string" && desired !== "text" && Number.isFinite(Number(value)))
    return "Write the number without quotes; from configuration use requireNumber.";
  if (desired === "an integer" && typeof value === "number") return "Round it.";
  if (desired === "text" && typeof value === "number") return "Write it in quotes.";
  return `Give ${desired}, or leave it out to keep what is live.`;
};

const brokenBy = (rule: Rule, value: unknown): FailureCode | undefined => {
  if (typeof value === "number") return isWithin(rule, value) ? undefined : "OutOfRange";
  if (typeof value !== "string") return undefined;
  const [shortest, longest] = rule.length ?? [0, Infinity];
  const fits = value.length >= shortest && value.length <= longest;
  const matches = !rule.pattern || rule.pattern.test(value);
  return fits && matches ? undefined : "BadFormat";
};

const isWithin = (rule: Rule, value: number): boolean =>
  value > (rule.above ?? -Infinity) && value >= (rule.from ?? -Infinity) && value <= (rule.to ?? Infinity);

const mapRefusals = (row: Field, value: unknown, refuse: Refuse): readonly Refusal[] => {
  if (isUnknown(value)) return [];
  const next = `Write { key: "value" }; numbers and flags in quotes.`;
  if (!isObject(value)) return [refuse("WrongType", row.input, "a map of text to text", value, next)];
  return Object.entries(value).flatMap(([key, entry]) =>
    typeof entry === "string" ? [] : [refuse("WrongType", pathOf(row.input, key), "text", entry, next)],
  );
};

const listRefusals = (row: Field, value: unknown, refuse: Refuse): readonly Refusal[] => {
  if (isUnknown(value)) return [];
  const says = row.rule?.says ?? "a list of text";
  if (!Array.isArray(value))
    return [refuse("WrongType", row.input, `a list of ${says}`, value, "Write [ … ] around it.")];
  // Code may serve no model, so that this one is judged together with it.
  if (value.length === 0 && row.role === "models") return [];
  if (value.length === 0)
    return [refuse("Missing", row.input, `a list of ${says}`, value, "Name at least one, or leave it out.")];
  return [
    ...value.flatMap((entry, index) => scalarRefusals(row, pathOf(row.input, index), entry, refuse)),
    ...repeated(row, value, refuse),
  ];
};

const repeated = (row: Field, list: readonly unknown[], refuse: Refuse): readonly Refusal[] =>
  list.flatMap((entry, index) =>
    isUnknown(entry) || list.indexOf(entry) === index
      ? []
      : [refuse("Exclusive", pathOf(row.input, index), "named once", entry, "Remove the second one.")],
  );

const durationRefusals = (row: Field, value: unknown, refuse: Refuse): readonly Refusal[] => {
  const says = 'a duration such as "90s", "60m" or "1h30m"';
  if (isUnknown(value)) return [];
  if (!isObject(value))
    return [refuse("WrongType", row.input, "durations by operation", value, 'Write { create: "90m" }.')];
  return Object.entries(value).flatMap(([key, entry]) => {
    const path = pathOf(row.input, key);
    if (!["create", "update", "delete"].includes(key))
      return [refuse("UnknownSetting", path, "create, update or delete", entry, "Use one of these three.")];
    if (entry === undefined || entry === null || isUnknown(entry)) return [];
    return durationMs(entry) === undefined ? [refuse("BadFormat", path, says, entry, correction(path))] : [];
  });
};

/** More levels than any setting has, and far fewer than a stack holds. */
const DEEPEST = 100;

/** Looks at every part of a value without a call for each level; `look` ends it by returning true. */
const somewhere = (value: unknown, look: (part: unknown, depth: number) => boolean): boolean => {
  const left: (readonly [unknown, number])[] = [[value, 1]];
  for (let next = left.pop(); next; next = left.pop()) {
    const [part, depth] = next;
    if (look(part, depth)) return true;
    if (typeof part === "object" && part !== null && !isContent(part))
      for (const member of Object.values(part)) left.push([member, depth + 1]);
  }
  return false;
};

/** Half of a character, which no UTF-8 can carry: the engine fails on it where it reads the live value back. */
const LONE_SURROGATE = /\p{Surrogate}/u;

const textsOf = (part: unknown): readonly string[] => {
  if (typeof part === "string") return [part];
  return typeof part === "object" && part !== null && !isContent(part) ? Object.keys(part) : [];
};

const inputsWhere = (
  settings: Settings,
  look: (part: unknown, depth: number) => boolean,
): readonly string[] =>
  Object.keys(settings).filter((input) => !isHidden(input) && somewhere(settings[input], look));

/** Settings that are nested more deeply than anything that reads them could follow. */
export const tooDeep = (settings: Settings): readonly Refusal[] =>
  inputsWhere(settings, (_, depth) => depth > DEEPEST).map((path) => ({
    code: "WrongType",
    path,
    expected: `nested at most ${DEEPEST} levels deep`,
    found: "more levels",
    next: "Look for an object that contains itself, or nest less deeply.",
  }));

/** Settings with a text that cannot be sent. */
export const brokenTexts = (settings: Settings): readonly Refusal[] =>
  inputsWhere(settings, (part) => textsOf(part).some((text) => LONE_SURROGATE.test(text))).map((path) => ({
    code: "BadFormat",
    path,
    expected: "text of whole Unicode characters",
    found: "half of a surrogate pair",
    next: "A text was cut within a character, as slice() does: cut it by characters, with Array.from(text).",
  }));
