import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { OutOfScope } from "../out-of-scope";
import { hashed } from "./asset-hash";
import { Archive, Asset, isList, isMap, put, Secret, Unknown, UNKNOWN } from "./property";
import type { ArchiveSource, AssetSource, Property, PropertyMap } from "./property";
import {
  ARCHIVE_SIGNATURE,
  ASSET_SIGNATURE,
  REFERENCE_SIGNATURE,
  SECRET_SIGNATURE,
  SIGNATURE_KEY,
  UNKNOWN_TEXT,
} from "./signatures";

/** What the receiver understands; what it does not is simplified or left out. */
export interface Sending {
  /** Unknown values travel as marker texts; without this they are left out. */
  readonly unknowns?: boolean;
  /** Secrets travel wrapped; without this they travel plain. */
  readonly secrets?: boolean;
  /** Assets travel as their hash only. */
  readonly elideAssets?: boolean;
}

export interface Receiving {
  /** What to do with unknowns; "reject" throws. */
  readonly unknowns: "keep" | "reject";
  /** The folder that relative asset paths start from; with it, assets get their hashes. */
  readonly assetFolder?: string;
}

const LEFT_OUT = Symbol("left out");

export function toStruct(map: PropertyMap, sending: Sending): Struct {
  return Struct.fromJavaScript(sentMap(map, sending) as Record<string, JavaScriptValue>);
}

function sentMap(map: PropertyMap, sending: Sending): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(map)) {
    const sent = send(value, sending);
    if (sent !== LEFT_OUT) out[key] = sent;
  }
  return out;
}

function send(value: Property, sending: Sending): unknown {
  if (isList(value)) return value.map((item) => send(item, sending)).filter((item) => item !== LEFT_OUT);
  if (value instanceof Unknown) return sending.unknowns ? UNKNOWN_TEXT : LEFT_OUT;
  if (value instanceof Secret) return sendSecret(value, sending);
  if (value instanceof Asset || value instanceof Archive) return sendAsset(value, sending.elideAssets);
  return isMap(value) ? sentMap(value, sending) : value;
}

function sendSecret(secret: Secret, sending: Sending): unknown {
  const value = send(secret.element, sending);
  if (!sending.secrets || value === LEFT_OUT) return value;
  return { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
}

/** The plain form of an asset or archive; also how the state stores it. */
export function sendAsset(value: Asset | Archive, elide = false): Record<string, unknown> {
  const signature = value instanceof Asset ? ASSET_SIGNATURE : ARCHIVE_SIGNATURE;
  if (elide) return { [SIGNATURE_KEY]: signature, ...(value.source.hash ? { hash: value.source.hash } : {}) };
  const { assets, ...source } = value.source as ArchiveSource;
  const members = assets && Object.entries(assets).map(([name, member]) => [name, sendAsset(member)]);
  return {
    [SIGNATURE_KEY]: signature,
    ...source,
    ...(members ? { assets: Object.fromEntries(members) } : {}),
  };
}

/** Reads a protobuf struct. Throws for unknowns that are not wanted, and for a signature that it does not know. */
export function fromStruct(struct: Struct | undefined, receiving: Receiving): PropertyMap {
  return struct ? receiveMap(struct.toJavaScript(), receiving) : {};
}

function receiveMap(map: Record<string, unknown>, receiving: Receiving): PropertyMap {
  const out: PropertyMap = {};
  for (const key of Object.keys(map).sort()) put(out, key, receive(map[key], key, receiving));
  return out;
}

/** Reads one value, given as `Struct.toJavaScript` gives it; `key` names it in errors. */
function receive(value: unknown, key: string, receiving: Receiving): Property {
  if (value === UNKNOWN_TEXT) {
    if (receiving.unknowns === "reject") throw new Error(`unexpected unknown property value for "${key}"`);
    return UNKNOWN;
  }
  if (typeof value === "number" && !Number.isFinite(value)) throw new OutOfScope(`store ${value} (${key})`);
  if (Array.isArray(value)) return value.map((item) => receive(item, key, receiving));
  if (value === null || typeof value !== "object") return value as Property;
  const map = value as Record<string, unknown>;
  return SIGNATURE_KEY in map ? receiveSpecial(map, key, receiving) : receiveMap(map, receiving);
}

function receiveSpecial(map: Record<string, unknown>, key: string, receiving: Receiving): Property {
  switch (map[SIGNATURE_KEY]) {
    case SECRET_SIGNATURE:
      if (!("value" in map)) throw new Error(`malformed RPC secret: missing value for "${key}"`);
      return new Secret(receive(map["value"], key, receiving));
    case ASSET_SIGNATURE:
    case ARCHIVE_SIGNATURE:
      return receiveAsset(map, receiving.assetFolder);
    case REFERENCE_SIGNATURE:
      throw new OutOfScope(`take a whole resource as a value (${key})`);
    default:
      throw new Error(`unrecognized signature '${String(map[SIGNATURE_KEY])}' in property map for "${key}"`);
  }
}

/** The members of an asset that count; the SDK sends others besides. */
const SOURCE_KEYS = ["hash", "text", "path", "uri"] as const;

/** Reads the plain form of an asset or archive, and hashes it when a folder is given. */
export function receiveAsset(map: Record<string, unknown>, folder?: string): Asset | Archive {
  const entries = SOURCE_KEYS.map((key) => [key, map[key]]).filter(
    ([, value]) => typeof value === "string" && value,
  );
  const source = Object.fromEntries(entries) as AssetSource;
  if (map[SIGNATURE_KEY] === ASSET_SIGNATURE) return hashed(new Asset(source), folder);
  if (source.path !== undefined || source.uri !== undefined) return hashed(new Archive(source), folder);
  // To the engine, an archive without a source is one without members.
  const assets = Object.entries((map["assets"] ?? {}) as Record<string, Record<string, unknown>>);
  const members = assets.map(([name, member]) => [name, receiveAsset(member, folder)] as const);
  return hashed(new Archive({ ...source, assets: Object.fromEntries(members) }), folder);
}
