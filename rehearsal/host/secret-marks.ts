import { containsSecrets, Asset, contains, has, isList, isMap, mapValues, Secret } from "../values/property";
import type { Property, PropertyMap } from "../values/property";

/**
 * Marks as secret again what came back plain from a provider that does not understand secrets: every output whose
 * input of the same name held one. Maps are gone into, lists are marked as a whole.
 */
export function remarkSecrets(outputs: PropertyMap, inputs: PropertyMap): PropertyMap {
  return mapValues(outputs, (out, key) => {
    const input = has(inputs, key) ? (inputs[key] as Property) : null;
    if (isMap(out) && isMap(input)) return remarkSecrets(out, input);
    return !(out instanceof Secret) && containsSecrets(input) ? new Secret(out) : out;
  });
}

/**
 * Gives assets that travelled as a bare hash their content back, from inputs with the same hash. Archives stay bare, since
 * the engine takes one without a source for one without members.
 */
export function restoreAssets(values: PropertyMap, inputs: PropertyMap): PropertyMap {
  const originals = new Map<string, Asset>();
  contains(inputs, (value) => {
    if (value instanceof Asset && value.source.hash) originals.set(value.source.hash, value);
    return false;
  });
  return originals.size === 0 ? values : mapValues(values, (value) => restore(value, originals));
}

function restore(value: Property, originals: ReadonlyMap<string, Asset>): Property {
  if (value instanceof Secret) return new Secret(restore(value.element, originals));
  if (isList(value)) return value.map((item) => restore(item, originals));
  if (isMap(value)) return mapValues(value, (item) => restore(item, originals));
  if (!(value instanceof Asset)) return value;
  const bare = Object.keys(value.source).every((key) => key === "hash");
  return (bare ? originals.get(value.source.hash ?? "") : undefined) ?? value;
}
