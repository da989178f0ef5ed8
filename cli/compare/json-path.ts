/** One step of a path: a member's name, or a position in a list. */
export type Key = string | number;

type Step = { readonly key: Key } | "any" | "anyDepth";

/** What is left of a pattern below some value. */
export type Pattern = readonly Step[];

/** In words, for errors and help. */
export const pathSyntax =
  'names joined by dots, [3] for a position, * or [*] for any one, ** for any depth, ["a.b"] for an odd name';

const TOKEN = /\.?(?:(\*\*)|(\*|\[\*\])|\[(\d{1,9})\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]*"$]+))/y;

/** Reads a pattern such as `$.predictions[*].id`, with or without `$`; undefined when it is none. */
export const parsePattern = (text: string): Pattern | undefined => {
  const steps: Step[] = [];
  let at = text.startsWith("$") ? 1 : 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    const step = found && stepOf(found);
    if (!step) return undefined;
    steps.push(step);
    at = TOKEN.lastIndex;
  }
  return text === "" ? undefined : steps;
};

const stepOf = ([, deep, any, position, quoted, name]: RegExpExecArray): Step | undefined => {
  if (deep !== undefined) return "anyDepth";
  if (any !== undefined) return "any";
  if (position !== undefined) return { key: Number(position) };
  if (name !== undefined) return { key: name };
  try {
    return { key: JSON.parse(quoted!) as string };
  } catch {
    return undefined;
  }
};

const none: readonly Pattern[] = [];

/** What of the patterns is left one step below. */
export const below = (patterns: readonly Pattern[], key: Key): readonly Pattern[] =>
  patterns.length === 0 ? none : patterns.flatMap((pattern) => restsOf(pattern, key));

const restsOf = (pattern: Pattern, key: Key): readonly Pattern[] => {
  const [first, ...rest] = pattern;
  if (first === undefined) return none;
  if (first === "anyDepth") return [pattern, ...restsOf(rest, key)];
  return first === "any" || first.key === key ? [rest] : none;
};

/** Whether one of the patterns names the value itself. */
export const names = (patterns: readonly Pattern[]): boolean => patterns.some(({ length }) => length === 0);

/** A path as people read it, and as an option takes it. */
export const pathText = (keys: readonly Key[]): string =>
  keys.reduce<string>((text, key) => text + keyText(key), "$");

const keyText = (key: Key): string => {
  if (typeof key === "number") return `[${key}]`;
  return /^[^.[\]*"$\s]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
};
