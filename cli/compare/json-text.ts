/** A JSON value without loss: whole numbers as bigint, others as number, among them what Python writes as NaN and Infinity. */
export type Json = null | boolean | string | number | bigint | readonly Json[] | ReadonlyMap<string, Json>;

/** Why a text is not taken for JSON. */
export class NotJson extends Error {}

const DEEPEST = 500;
const MOST_DIGITS = 1000;

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const SPACE = /[ \t\r\n]*/y;

const WORDS: readonly (readonly [string, Json])[] = [
  ["null", null],
  ["true", true],
  ["false", false],
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
];

/** A text, and how far it has been read. */
interface Reading {
  readonly text: string;
  at: number;
}

/**
 * Reads a text as JSON, or as what Python's json module writes. JSON.parse would round large whole numbers, and keep one of
 * two members with the same name.
 *
 * @throws NotJson, also for two members of one name, and for numbers that no double holds
 */
export const parseJson = (text: string): Json => {
  const reading: Reading = { text, at: 0 };
  space(reading);
  const read = value(reading, 0);
  space(reading);
  if (reading.at < text.length) throw notJson(reading, "the end");
  return read;
};

const notJson = ({ at }: Reading, expected: string): NotJson =>
  new NotJson(`expected ${expected} at character ${at + 1}`);

const space = (reading: Reading): void => {
  SPACE.lastIndex = reading.at;
  SPACE.exec(reading.text);
  reading.at = SPACE.lastIndex;
};

/** Takes a character with the space around it. */
const take = (reading: Reading, character: string): boolean => {
  space(reading);
  if (reading.text[reading.at] !== character) return false;
  reading.at += 1;
  space(reading);
  return true;
};

const value = (reading: Reading, depth: number): Json => {
  if (depth > DEEPEST) throw notJson(reading, `no more than ${DEEPEST} levels`);
  const { text, at } = reading;
  if (text[at] === "{") return object(reading, depth);
  if (text[at] === "[") return list(reading, depth);
  if (text[at] === '"') return string(reading);
  const word = WORDS.find(([name]) => text.startsWith(name, at));
  if (word === undefined) return number(reading);
  reading.at += word[0].length;
  return word[1];
};

const number = (reading: Reading): Json => {
  NUMBER.lastIndex = reading.at;
  const found = NUMBER.exec(reading.text);
  if (found === null) throw notJson(reading, "a value");
  const [digits, fraction, exponent] = found;
  const isWhole = fraction === undefined && exponent === undefined;
  if (isWhole && digits.length > MOST_DIGITS) throw notJson(reading, `no more than ${MOST_DIGITS} digits`);
  const read = isWhole ? BigInt(digits) : Number(digits);
  if (!isWhole && !Number.isFinite(read)) throw notJson(reading, "a number that a double holds");
  reading.at += digits.length;
  return read;
};

const string = (reading: Reading): string => {
  const { text, at } = reading;
  let end = at + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
  try {
    const read = JSON.parse(text.slice(at, end + 1)) as string;
    reading.at = end + 1;
    return read;
  } catch {
    throw notJson(reading, "a text in quotes");
  }
};

const list = (reading: Reading, depth: number): Json => {
  take(reading, "[");
  const members: Json[] = [];
  if (take(reading, "]")) return members;
  for (;;) {
    members.push(value(reading, depth + 1));
    if (take(reading, "]")) return members;
    if (!take(reading, ",")) throw notJson(reading, '"," or "]"');
  }
};

const object = (reading: Reading, depth: number): Json => {
  take(reading, "{");
  const members = new Map<string, Json>();
  if (take(reading, "}")) return members;
  for (;;) {
    if (reading.text[reading.at] !== '"') throw notJson(reading, "a member's name");
    const name = string(reading);
    if (members.has(name)) throw notJson(reading, "each member once");
    if (!take(reading, ":")) throw notJson(reading, '":"');
    members.set(name, value(reading, depth + 1));
    if (take(reading, "}")) return members;
    if (!take(reading, ",")) throw notJson(reading, '"," or "}"');
  }
};

/** The same; undefined for what is not JSON. */
export const jsonIn = (text: string): Json | undefined => {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof NotJson) return undefined;
    throw error;
  }
};

/** The beginning of a value as JSON, for people: no longer than `most` characters and a little. */
export const beginningOf = (value: Json, most: number): string => {
  if (typeof value === "string") return JSON.stringify(value.slice(0, most));
  if (value === null || typeof value !== "object") return String(value);
  const isList = Array.isArray(value);
  const members = isList ? (value as readonly Json[]) : [...(value as ReadonlyMap<string, Json>)];
  let text = isList ? "[" : "{";
  for (const [number, member] of members.entries()) {
    if (text.length > most) break;
    if (number > 0) text += ",";
    text += isList
      ? beginningOf(member as Json, most - text.length)
      : namedBeginning(member as readonly [string, Json], most - text.length);
  }
  return text + (isList ? "]" : "}");
};

const namedBeginning = ([name, value]: readonly [string, Json], most: number): string =>
  `${JSON.stringify(name.slice(0, Math.max(1, most)))}:${beginningOf(value, Math.max(1, most))}`;
