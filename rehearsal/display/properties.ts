import {
  ARCHIVE_SIGNATURE,
  ASSET_SIGNATURE,
  SECRET_SIGNATURE,
  SIGNATURE_KEY,
  UNKNOWN_TEXT,
} from "../values/signatures";

/** Stored values as events carry them. */
export type Shown = Readonly<Record<string, unknown>>;

/** Names that begin with `__` are the SDK's business. */
const visible = (map: Shown): readonly string[] => Object.keys(map).filter((key) => !key.startsWith("__"));

const SINGLE = 10;

/** Every property on a line of its own; maps and lists over several. */
export function listed(map: Shown, indent: string, width = SINGLE): readonly string[] {
  return visible(map).flatMap((key) => labelled(key.padEnd(width), map[key], indent));
}

function labelled(label: string, value: unknown, indent: string): readonly string[] {
  const lines = valueLines(value, indent);
  return [`${indent}${label}: ${lines[0] ?? ""}`, ...lines.slice(1)];
}

/** The first line goes behind a label, the others carry their own indentation. */
function valueLines(value: unknown, indent: string): readonly string[] {
  const inner = `${indent}    `;
  if (Array.isArray(value)) {
    if (value.length === 0) return ["[]"];
    return ["[", ...value.flatMap((item, i) => labelled(`[${i}]`, item, inner)), `${indent}]`];
  }
  if (!isPlainMap(value)) return [single(value)];
  const keys = visible(value);
  if (keys.length === 0) return ["{}"];
  return ["{", ...listed(value, inner, widest(keys)), `${indent}}`];
}

const isPlainMap = (value: unknown): value is Shown =>
  value !== null && typeof value === "object" && !Array.isArray(value) && !(SIGNATURE_KEY in value);

const widest = (keys: readonly string[]): number => Math.max(0, ...keys.map((key) => key.length));

function single(value: unknown): string {
  if (value === UNKNOWN_TEXT) return "[unknown]";
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  const special = value as Shown;
  const hash = String(special["hash"] ?? "").slice(0, 7);
  switch (special[SIGNATURE_KEY]) {
    case SECRET_SIGNATURE:
      return "[secret]";
    case ASSET_SIGNATURE:
      return `asset(${special["path"] === undefined ? "text" : "file"}:${hash})`;
    case ARCHIVE_SIGNATURE:
      return `archive(${special["path"] === undefined ? "assets" : "file"}:${hash})`;
    default:
      return JSON.stringify(special);
  }
}

/** Only the properties that differ, as the CLI shows an update of which it knows each difference. */
export function differing(olds: Shown, news: Shown, indent: string): readonly string[] {
  const differs = (key: string): boolean => !same(olds[key], news[key]);
  const keys = [...new Set([...visible(olds), ...visible(news)])].filter(differs);
  const pick = (map: Shown): Shown =>
    Object.fromEntries(keys.flatMap((key) => (key in map ? [[key, inner(map[key], key, olds, news)]] : [])));
  return compared(pick(olds), pick(news), indent);
}

/** Of a map on both sides, only the entries that differ. */
function inner(value: unknown, key: string, olds: Shown, news: Shown): unknown {
  const [old, now] = [olds[key], news[key]];
  if (!isPlainMap(value) || !isPlainMap(old) || !isPlainMap(now)) return value;
  return Object.fromEntries(Object.entries(value).filter(([entry]) => !same(old[entry], now[entry])));
}

/** Every property with a sign where it differs: `+` added, `-` removed, `~` changed. */
export function compared(olds: Shown, news: Shown, indent: string): readonly string[] {
  const keys = [...new Set([...visible(olds), ...visible(news)])].sort();
  const width = widest(keys);
  return keys.flatMap((key) => change(key.padEnd(width), olds[key], news[key], indent));
}

function change(label: string, old: unknown, now: unknown, indent: string): readonly string[] {
  if (same(old, now)) return labelled(label, now, indent);
  const signed = (sign: string): string => `${indent.slice(2)}${sign} ${label}`;
  if (isNothing(old))
    return labelled(signed("+"), now, "").map((line, i) => (i === 0 ? line : `${indent}${line}`));
  if (isNothing(now))
    return labelled(signed("-"), old, "").map((line, i) => (i === 0 ? line : `${indent}${line}`));
  if (isPlainMap(old) && isPlainMap(now)) {
    return [`${signed("~")}: {`, ...compared(old, now, `${indent}    `), `${indent}}`];
  }
  if (Array.isArray(old) && Array.isArray(now))
    return [`${signed("~")}: [`, ...items(old, now, indent), `${indent}]`];
  return [`${signed("~")}: ${valueLines(old, indent).join("\n")} => ${valueLines(now, indent).join("\n")}`];
}

function items(olds: readonly unknown[], news: readonly unknown[], indent: string): readonly string[] {
  const length = Math.max(olds.length, news.length);
  return Array.from({ length }, (_, i) => change(`[${i}]`, olds[i], news[i], `${indent}    `)).flat();
}

const isNothing = (value: unknown): boolean => value === undefined || value === null;

function same(a: unknown, b: unknown): boolean {
  if (isNothing(a) && isNothing(b)) return true;
  return JSON.stringify(a) === JSON.stringify(b);
}
