import { Archive, Asset, isList, isMap, mapValues, put, Secret, Unknown, UNKNOWN } from "../values/property";
import type { Property, PropertyMap } from "../values/property";
import {
  ARCHIVE_SIGNATURE,
  ASSET_SIGNATURE,
  SECRET_SIGNATURE,
  SIGNATURE_KEY,
  UNKNOWN_TEXT,
} from "../values/signatures";
import { receiveAsset, sendAsset } from "../values/wire";

/** What stands in the place of a secret in the state, given its value as JSON text. */
export type SealSecret = (secret: Secret, json: string) => Record<string, string>;

/** The stored form of a value. `seal` encrypts, shows or hides secrets. */
function storeValue(value: Property, seal: SealSecret): unknown {
  if (value instanceof Secret) {
    const json = goJson(JSON.stringify(storeValue(value.element, showSecret)));
    return { [SIGNATURE_KEY]: SECRET_SIGNATURE, ...seal(value, json) };
  }
  if (isList(value)) return value.map((item) => storeValue(item, seal));
  if (value instanceof Unknown) return UNKNOWN_TEXT;
  if (value instanceof Asset || value instanceof Archive) return sendAsset(value);
  return isMap(value) ? storeMap(value, seal) : value;
}

export const storeMap = (map: PropertyMap, seal: SealSecret): Record<string, unknown> => {
  const out: PropertyMap = {};
  for (const key of Object.keys(map).sort())
    put(out, key, storeValue(map[key] as Property, seal) as Property);
  return out;
};

/** Leaves a secret readable, as `pulumi stack export --show-secrets` does. */
export const showSecret: SealSecret = (_, json) => ({ plaintext: json });
/** Hides a secret, as the engine's events do. */
export const hideSecret: SealSecret = () => ({ ciphertext: "[secret]" });

/** Go escapes these in JSON, and encrypted texts should be the same ones. */
const goJson = (json: string): string =>
  json.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Reads a stored value; `open` gives a secret's JSON text. */
function loadValue(stored: unknown, open: (ciphertext: string) => string): Property {
  if (stored === UNKNOWN_TEXT) return UNKNOWN;
  if (Array.isArray(stored)) return stored.map((item) => loadValue(item, open));
  if (stored === null || typeof stored !== "object") return stored as Property;
  const map = stored as Record<string, unknown>;
  return SIGNATURE_KEY in map ? loadSpecial(map, open) : loadMap(map, open);
}

export const loadMap = (map: Record<string, unknown>, open: (ciphertext: string) => string): PropertyMap =>
  mapValues(map as PropertyMap, (value) => loadValue(value, open));

function loadSpecial(map: Record<string, unknown>, open: (ciphertext: string) => string): Property {
  switch (map[SIGNATURE_KEY]) {
    case SECRET_SIGNATURE: {
      const { plaintext, ciphertext } = map;
      const json = typeof plaintext === "string" ? plaintext : open(String(ciphertext));
      return new Secret(loadValue(JSON.parse(json), open));
    }
    case ASSET_SIGNATURE:
    case ARCHIVE_SIGNATURE:
      return receiveAsset(map);
    default:
      throw new Error(`unrecognized signature '${String(map[SIGNATURE_KEY])}' in the state`);
  }
}
