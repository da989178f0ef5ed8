import { Archive, Asset, has, isList, isMap, Secret } from "./property";
import type { Property, PropertyMap, Unknown } from "./property";

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

/** The top-level keys that differ, sorted. */
export function changedKeys(olds: PropertyMap, news: PropertyMap): readonly string[] {
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].sort();
  return keys.filter((key) => !equal(valueAt(olds, key), valueAt(news, key)));
}
