import { below, names, pathText, type Key, type Pattern } from "./json-path";
import { beginningOf, jsonIn, type Json } from "./json-text";

/** How far two answers may differ and still count as equal. */
export interface Tolerance {
  /** How far apart two numbers may be. */
  readonly absolute: number;
  /** The same as a part of the larger one; not for two whole numbers, which are counts, classes and ids. */
  readonly relative: number;
  /** What is not compared. */
  readonly ignore: readonly Pattern[];
  /** Lists in which order means nothing. */
  readonly unordered: readonly Pattern[];
}

/** What a difference is; the words are stable. `missing` is in the old answer alone, `added` in the new one. */
export type DifferenceKind =
  "status" | "number" | "text" | "value" | "type" | "missing" | "added" | "order" | "bytes";

export interface Difference {
  readonly path: string;
  readonly kind: DifferenceKind;
  /** The beginnings of both values; empty where there is none. */
  readonly old: string;
  readonly new: string;
}

/** How two answers differ: how often, and where at first. */
export interface Differences {
  readonly count: number;
  readonly first: readonly Difference[];
}

/** Lists without order that would take for ever. */
export class TooManyComparisons extends Error {}

const FIRST = 5;
const SHOWN = 500;

/**
 * Compares two answers.
 *
 * @throws TooManyComparisons for lists without order that are too long
 */
export const compareJson = (old: Json, fresh: Json, tolerance: Tolerance): Differences => {
  const found: Found = { count: 0, first: [] };
  const matching = { left: 5_000_000 };
  // That only the order of a list differs is good to know, and not worth as much time.
  const hints = { left: 500_000 };
  const place = { keys: undefined, ignore: tolerance.ignore, unordered: tolerance.unordered };
  walk({ tolerance, found, matching, hints, isReported: true }, old, fresh, place);
  return found;
};

interface Found {
  count: number;
  readonly first: Difference[];
}

/** How many more values may be compared in search of equal entries. */
interface Budget {
  left: number;
}

interface Comparison {
  readonly tolerance: Tolerance;
  readonly found: Found;
  readonly matching: Budget;
  readonly hints: Budget;
  /** Somebody reads what is found; else only whether there is anything. */
  readonly isReported: boolean;
}

/** Where a value is, and what the patterns say of it and of what is below it. */
interface Place {
  readonly keys: Keys | undefined;
  readonly ignore: readonly Pattern[];
  readonly unordered: readonly Pattern[];
}

interface Keys {
  readonly key: Key;
  readonly above: Keys | undefined;
}

const inside = ({ keys, ignore, unordered }: Place, key: Key): Place => ({
  keys: { key, above: keys },
  ignore: below(ignore, key),
  unordered: below(unordered, key),
});

const pathOf = ({ keys }: Place): string => {
  const path: Key[] = [];
  for (let each = keys; each; each = each.above) path.push(each.key);
  return pathText(path.reverse());
};

const add = (
  { found, isReported }: Comparison,
  kind: DifferenceKind,
  place: Place,
  old?: Json,
  fresh?: Json,
): void => {
  found.count += 1;
  if (!isReported || found.first.length >= FIRST) return;
  const shown = (value: Json | undefined): string => (value === undefined ? "" : beginningOf(value, SHOWN));
  found.first.push({ path: pathOf(place), kind, old: shown(old), new: shown(fresh) });
};

type Numeric = number | bigint;
type List = readonly Json[];
type Members = ReadonlyMap<string, Json>;

const typeOf = (value: Json): "null" | "boolean" | "number" | "text" | "list" | "object" => {
  if (value === null) return "null";
  if (typeof value === "object") return Array.isArray(value) ? "list" : "object";
  if (typeof value === "string") return "text";
  return typeof value === "boolean" ? "boolean" : "number";
};

const walk = (comparison: Comparison, old: Json, fresh: Json, place: Place): void => {
  if (!isWorthIt(comparison) || names(place.ignore)) return;
  const type = typeOf(old);
  if (type !== typeOf(fresh)) add(comparison, "type", place, old, fresh);
  else if (type === "number") numbers(comparison, old as Numeric, fresh as Numeric, place);
  else if (type === "text") texts(comparison, old as string, fresh as string, place);
  else if (type === "list") lists(comparison, old as List, fresh as List, place);
  else if (type === "object") objects(comparison, old as Members, fresh as Members, place);
  else if (old !== fresh) add(comparison, "value", place, old, fresh);
};

/** Whether what is found still changes anything. @throws TooManyComparisons */
const isWorthIt = ({ found, matching, isReported }: Comparison): boolean => {
  if (isReported) return true;
  matching.left -= 1;
  if (matching.left < 0) throw new TooManyComparisons();
  return found.count === 0;
};

const numbers = (comparison: Comparison, old: Numeric, fresh: Numeric, place: Place): void => {
  if (!isNear(old, fresh, comparison.tolerance)) add(comparison, "number", place, old, fresh);
};

/** A text that holds JSON is compared by what it holds. */
const texts = (comparison: Comparison, old: string, fresh: string, place: Place): void => {
  if (old === fresh) return;
  const [held, freshHeld] = [structureIn(old), structureIn(fresh)];
  if (held === undefined || freshHeld === undefined) add(comparison, "text", place, old, fresh);
  else walk(comparison, held, freshHeld, place);
};

const objects = (comparison: Comparison, old: Members, fresh: Members, place: Place): void => {
  for (const [name, value] of old) {
    const at = inside(place, name);
    const other = fresh.get(name);
    if (other !== undefined) walk(comparison, value, other, at);
    else if (!names(at.ignore)) add(comparison, "missing", at, value);
  }
  for (const [name, value] of fresh) {
    if (old.has(name)) continue;
    const at = inside(place, name);
    if (!names(at.ignore)) add(comparison, "added", at, undefined, value);
  }
};

const lists = (comparison: Comparison, old: List, fresh: List, place: Place): void => {
  if (names(place.unordered)) return withoutOrder(comparison, old, fresh, place);
  const { found, isReported } = comparison;
  const own: Found = { count: 0, first: [] };
  inOrder({ ...comparison, found: own }, old, fresh, place);
  if (isReported && own.count > 1 && isReordered(comparison, old, fresh, place))
    return add(comparison, "order", place, old, fresh);
  found.count += own.count;
  found.first.push(...own.first.slice(0, FIRST - found.first.length));
};

const inOrder = (comparison: Comparison, old: List, fresh: List, place: Place): void => {
  for (let index = 0; index < Math.max(old.length, fresh.length); index += 1) {
    const at = inside(place, index);
    const [one, other] = [old[index], fresh[index]];
    if (one !== undefined && other !== undefined) walk(comparison, one, other, at);
    else if (!names(at.ignore)) add(comparison, one === undefined ? "added" : "missing", at, one, other);
  }
};

const isReordered = (comparison: Comparison, old: List, fresh: List, place: Place): boolean => {
  if (old.length !== fresh.length) return false;
  try {
    return pairsOf({ ...comparison, matching: comparison.hints }, old, fresh, place).isWhole;
  } catch (error) {
    if (error instanceof TooManyComparisons) return false;
    throw error;
  }
};

const withoutOrder = (comparison: Comparison, old: List, fresh: List, place: Place): void => {
  const { partners, taken } = pairsOf(comparison, old, fresh, place);
  const alone = [...old.keys()].filter((index) => partners[index] === undefined);
  const freshAlone = [...fresh.keys()].filter((index) => !taken.has(index));
  for (const [number, index] of alone.entries()) {
    const other = freshAlone[number];
    const at = inside(place, index);
    if (other === undefined) add(comparison, "missing", at, old[index]);
    else walk(comparison, old[index]!, fresh[other]!, at);
  }
  for (const index of freshAlone.slice(alone.length))
    add(comparison, "added", inside(place, index), undefined, fresh[index]);
};

interface Pairs {
  /** By position in the old list. */
  readonly partners: readonly (number | undefined)[];
  /** By position in the new list. */
  readonly taken: ReadonlyMap<number, number>;
  readonly isWhole: boolean;
}

/**
 * As many pairs of equal entries as there can be. With a tolerance an entry may have several equal ones, so that the first
 * that fits may be another's only one: pairs are exchanged along the shortest way to a free one (Kuhn's algorithm).
 */
const pairsOf = (comparison: Comparison, old: List, fresh: List, place: Place): Pairs => {
  const partners: (number | undefined)[] = [];
  const taken = new Map<number, number>();
  const pair = (index: number, other: number): void => {
    partners[index] = other;
    taken.set(other, index);
  };
  const found: Found = { count: 0, first: [] };
  const silent = { ...comparison, found, isReported: false };
  const isSame = (index: number, other: number): boolean => {
    found.count = 0;
    walk(silent, old[index]!, fresh[other]!, inside(place, index));
    return found.count === 0;
  };
  pairIdentical(old, fresh, pair);
  let isWhole = old.length === fresh.length;
  for (const start of old.keys()) {
    if (partners[start] !== undefined) continue;
    const from = new Map<number, number>();
    let free = freeFor(start, [...fresh.keys()], { from, taken, isSame });
    if (free === undefined) isWhole = false;
    while (free !== undefined) {
      const index = from.get(free)!;
      const left = partners[index];
      pair(index, free);
      free = left;
    }
  }
  return { partners, taken, isWhole };
};

interface Search {
  /** Which entry of the old list led to one of the new list. */
  readonly from: Map<number, number>;
  readonly taken: ReadonlyMap<number, number>;
  readonly isSame: (index: number, other: number) => boolean;
}

/** An entry of the new list that is free, and found from an entry of the old list over equal ones that are taken. */
const freeFor = (
  start: number,
  others: readonly number[],
  { from, taken, isSame }: Search,
): number | undefined => {
  const queue = [start];
  let left = others;
  for (const index of queue) {
    const different: number[] = [];
    for (const other of left) {
      if (!isSame(index, other)) {
        different.push(other);
        continue;
      }
      from.set(other, index);
      const holder = taken.get(other);
      if (holder === undefined) return other;
      queue.push(holder);
    }
    left = different;
  }
  return undefined;
};

const pairIdentical = (old: List, fresh: List, pair: (index: number, other: number) => void): void => {
  const places = new Map<string, number[]>();
  for (const [index, value] of fresh.entries()) {
    const text = wholeText(value);
    const known = places.get(text);
    if (known === undefined) places.set(text, [index]);
    else known.push(index);
  }
  for (const [index, value] of old.entries()) {
    const other = places.get(wholeText(value))?.pop();
    if (other !== undefined) pair(index, other);
  }
};

const wholeText = (value: Json): string => beginningOf(value, Infinity);

/** What a text holds that is an object, a list or again a text. */
const structureIn = (text: string): Json | undefined => (/^\s*[{["]/.test(text) ? jsonIn(text) : undefined);

/** Whether two numbers count as the same; the order of the two does not matter. */
export const isNear = (
  a: Numeric,
  b: Numeric,
  { absolute, relative }: Pick<Tolerance, "absolute" | "relative">,
): boolean => {
  if (typeof a === "bigint" && typeof b === "bigint") return a === b || apart(a, b) <= absolute;
  const [x, y] = [rounded(a), rounded(b)];
  // No tolerance makes a number of NaN, or infinity of a number.
  if (!isFinite(x) || !isFinite(y)) return Object.is(a, b);
  const difference = isInteger(x) && isInteger(y) ? apart(BigInt(a), BigInt(b)) : abs(x - y);
  return difference <= max(absolute, relative * max(abs(x), abs(y)));
};

// Looked up once: isNear is called some million times.
const { isFinite, isInteger } = Number;
const { abs, max } = Math;

/** A whole number as a double, which may be another one. */
const rounded = (value: Numeric): number => (typeof value === "number" ? value : Number(value));

const apart = (a: bigint, b: bigint): number => Number(a > b ? a - b : b - a);
