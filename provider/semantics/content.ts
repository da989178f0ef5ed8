import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { isObject } from "./unknown";

/** How the host marks special values, and the marks of assets and archives. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

export const isAsset = (value: unknown): boolean => isObject(value) && value[SIGNATURE] === ASSET;
export const isArchive = (value: unknown): boolean => isObject(value) && value[SIGNATURE] === ARCHIVE;
/** Whether a value is an asset or archive, with its content or only its hash. */
export const isContent = (value: unknown): boolean => isAsset(value) || isArchive(value);

/** The engine's hash over the content of an asset or archive. */
export const contentHash = (value: unknown): string | undefined => {
  const hash = isObject(value) ? value["hash"] : undefined;
  return typeof hash === "string" && hash !== "" ? hash : undefined;
};

/** What outputs hold of an asset or archive: which one it is, not what is in it. */
export const withoutContent = (value: unknown): unknown => {
  const hash = contentHash(value);
  return isContent(value) && hash
    ? { [SIGNATURE]: (value as Record<string, unknown>)[SIGNATURE], hash }
    : value;
};

/** An archive or asset like this one with another content, which only its hash tells. */
export const otherContent = (like: unknown, what: string): unknown => ({
  [SIGNATURE]: isAsset(like) ? ASSET : ARCHIVE,
  hash: createHash("sha256").update(what).digest("hex"),
});

/** Whether two assets or archives hold the same; without hashes, whether they are the same. */
export const sameContent = (a: unknown, b: unknown): boolean => {
  const [one, other] = [contentHash(a), contentHash(b)];
  if (one === undefined || other === undefined) return isDeepStrictEqual(a, b);
  return one === other && isAsset(a) === isAsset(b);
};

/** A short name for the content, the same wherever it is packed. */
export const contentDigest = (value: unknown): string =>
  createHash("sha256")
    .update(`${isAsset(value) ? "asset" : "archive"}\n${contentHash(value) ?? JSON.stringify(value)}`)
    .digest("hex")
    .slice(0, 16);
