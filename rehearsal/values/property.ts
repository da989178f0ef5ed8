/** The values of inputs and outputs as the engine sees them: JSON, plus secrets, unknowns, assets and archives. */
export type Property =
  null | boolean | number | string | readonly Property[] | PropertyMap | Secret | Unknown | Asset | Archive;

export interface PropertyMap {
  [key: string]: Property;
}

/** A value that is encrypted in the state and hidden in what is printed. */
export class Secret {
  constructor(readonly element: Property) {}
}

/** A value that only a real `up` will know. */
export class Unknown {
  readonly kind = "unknown";
}
export const UNKNOWN = new Unknown();

export interface AssetSource {
  readonly hash?: string;
  readonly text?: string;
  readonly path?: string;
  readonly uri?: string;
}

export class Asset {
  constructor(readonly source: AssetSource) {}
}

export interface ArchiveSource {
  readonly hash?: string;
  readonly path?: string;
  readonly uri?: string;
  readonly assets?: Readonly<Record<string, Asset | Archive>>;
}

export class Archive {
  constructor(readonly source: ArchiveSource) {}
}

export function isMap(value: Property): value is PropertyMap {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  return !(
    value instanceof Secret ||
    value instanceof Unknown ||
    value instanceof Asset ||
    value instanceof Archive
  );
}

export const isList = (value: Property): value is readonly Property[] => Array.isArray(value);

/** Sets a key even when it is `__proto__`, which plain assignment would swallow. */
export function put(map: PropertyMap, key: string, value: Property): void {
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}

export const has = (map: PropertyMap, key: string): boolean => Object.hasOwn(map, key);

/** A map with every value passed through `change`, in the keys' order. */
export function mapValues(map: PropertyMap, change: (value: Property, key: string) => Property): PropertyMap {
  const out: PropertyMap = {};
  for (const [key, value] of Object.entries(map)) put(out, key, change(value, key));
  return out;
}

/** Does the value, or anything in it, fit? */
export function contains(value: Property, fits: (value: Property) => boolean): boolean {
  if (fits(value)) return true;
  if (value instanceof Secret) return contains(value.element, fits);
  if (isList(value)) return value.some((item) => contains(item, fits));
  return isMap(value) && Object.values(value).some((item) => contains(item, fits));
}

export const containsSecrets = (value: Property): boolean => contains(value, (v) => v instanceof Secret);

/** The value without its secret marks, at every depth. */
export function withoutSecrets(value: Property): Property {
  if (value instanceof Secret) return withoutSecrets(value.element);
  if (isList(value)) return value.map(withoutSecrets);
  if (isMap(value)) return mapValues(value, withoutSecrets);
  return value;
}
