import { Archive, Asset, has, isList, isMap, Secret } from "./property";
import type { Property, PropertyMap, Unknown } from "./property";

/** How one property differs, in the words of Pulumi's events. */
export type ChangeKind = "add" | "delete" | "update";

/** Changes by property path, such as `tags["a.b"][0]`. */
export type DetailedDiff = Readonly<Record<string, ChangeKind>>;

/** Equality as the engine means it: in maps, null and absent are the same. */
export function equal(a: Property, b: Property): boolean {
  if (isList(a))
    return isList(b) && a.length === b.length && a.every((item, i) => equal(item, b[i] as Property));
  if (isMap(a)) return isMap(b) && equalMaps(a, b);
  if (a === null || typeof a !== "object") return a === b;
  return (
    b !== null && typeof b === "object" && a.constructor === b.constructor && equalSpecial(a, b as typeof a)
  );
}

type Special = Secret | Unknown | Asset | Archive;

/** Two values of the same kind; assets are equal when their content is. */
function equalSpecial(a: Special, b: Special): boolean {
  if (a instanceof Secret) return equal(a.element, (b as Secret).element);
  if (a instanceof Asset || a instanceof Archive) return a.source.hash === (b as Asset).source.hash;
  return true;
}

export function equalMaps(a: PropertyMap, b: PropertyMap): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => equal(valueAt(a, key), valueAt(b, key)));
}

const valueAt = (map: PropertyMap, key: string): Property => (has(map, key) ? (map[key] as Property) : null);

/** Every leaf that differs, by path; empty when the maps are equal. */
export function detailedDiff(olds: PropertyMap, news: PropertyMap): DetailedDiff {
  const found: Record<string, ChangeKind> = {};
  compareMaps([], olds, news, (path, kind) => (found[formatPath(path)] = kind));
  return found;
}

/** The top-level keys that differ, sorted. */
export function changedKeys(olds: PropertyMap, news: PropertyMap): readonly string[] {
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].sort();
  return keys.filter((key) => !equal(valueAt(olds, key), valueAt(news, key)));
}

/** One step of a property path: a map's key, or a list's index. */
type PathKey = string | number;

/** The text of a path, as the engine's detailed diffs write it. */
function formatPath(path: readonly PathKey[]): string {
  return path
    .map((key, i) => {
      if (typeof key === "number") return `[${key}]`;
      if (!/^\w*$/.test(key)) return `["${key.replace(/"/g, '\\"')}"]`;
      return i === 0 ? key : `.${key}`;
    })
    .join("");
}

type Report = (path: readonly PathKey[], kind: ChangeKind) => void;

function compareMaps(path: readonly PathKey[], olds: PropertyMap, news: PropertyMap, report: Report): void {
  for (const key of changedKeys(olds, news)) {
    compareValues([...path, key], valueAt(olds, key), valueAt(news, key), report);
  }
}

function compareValues(path: readonly PathKey[], old: Property, now: Property, report: Report): void {
  if (isMap(old) && isMap(now)) compareMaps(path, old, now, report);
  else if (isList(old) && isList(now)) compareLists(path, old, now, report);
  else if (old === null) report(path, "add");
  else if (now === null) report(path, "delete");
  else report(path, "update");
}

function compareLists(
  path: readonly PathKey[],
  olds: readonly Property[],
  news: readonly Property[],
  report: Report,
): void {
  for (let i = 0; i < Math.max(olds.length, news.length); i++) {
    if (i >= olds.length) report([...path, i], "add");
    else if (i >= news.length) report([...path, i], "delete");
    else if (!equal(olds[i] as Property, news[i] as Property)) {
      compareValues([...path, i], olds[i] as Property, news[i] as Property, report);
    }
  }
}
