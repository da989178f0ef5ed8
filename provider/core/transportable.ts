import { isContent } from "./content";
import type { Refusal } from "./failure";
import { isHidden, type Settings } from "./values";

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
    next: "Look for an object that holds itself, or say less.",
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
