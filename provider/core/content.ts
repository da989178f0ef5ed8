import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { isObject } from "./values";

/** How the host marks special values, and the marks of assets and archives. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const MARKS = { asset: "c44067f5952c0a294b673a41bacd8c17", archive: "0def7320c3a5731c473e5ecbe6d01bc7" };

type Kind = keyof typeof MARKS;

/** What is recorded of an asset or archive. Unmarked, since a program could not read a marked one without content. */
interface RecordedContent {
  readonly kind: Kind;
  /** The engine's hash over the content. */
  readonly hash: string;
}

const kindOf = (value: unknown): Kind | undefined => {
  if (!isObject(value)) return undefined;
  const marked = (["asset", "archive"] as const).find((kind) => value[SIGNATURE] === MARKS[kind]);
  return marked ?? (value["kind"] === "asset" || value["kind"] === "archive" ? value["kind"] : undefined);
};

/** Whether a value is an asset or archive as the host passes it, with its content or only its hash. */
export const isContent = (value: unknown): boolean =>
  isObject(value) && SIGNATURE in value && kindOf(value) !== undefined;

/** Whether a value is an archive, or the record of one. */
export const isArchive = (value: unknown): boolean => kindOf(value) === "archive";

/** The engine's hash over the content of an asset or archive. */
export const contentHash = (value: unknown): string | undefined => {
  const hash = isObject(value) ? value["hash"] : undefined;
  return typeof hash === "string" && hash !== "" ? hash : undefined;
};

/** What is recorded of an asset or archive: which one it is, not what is in it. */
export const recordedContent = (value: unknown): unknown => {
  const [kind, hash] = [kindOf(value), contentHash(value)];
  return kind && hash ? ({ kind, hash } satisfies RecordedContent) : value;
};

/** The record of an asset or archive like this one with another content, which only some name tells. */
export const otherContent = (like: unknown, name: string): RecordedContent => ({
  kind: kindOf(like) ?? "archive",
  hash: createHash("sha256").update(name).digest("hex"),
});

/** Whether two assets or archives, or memories of them, hold the same; without hashes, whether they are the same. */
export const sameContent = (a: unknown, b: unknown): boolean => {
  const [one, other] = [contentHash(a), contentHash(b)];
  if (one === undefined || other === undefined) return isDeepStrictEqual(a, b);
  return one === other && kindOf(a) === kindOf(b);
};

/** Stands for content that is not at hand: a program's runtime cannot read an output without any. */
const PLACEHOLDERS = { asset: { text: "(not kept)" }, archive: { assets: {} } };

const hasMembers = (value: unknown): boolean =>
  isObject(value) && ["path", "text", "uri", "assets"].some((member) => value[member] !== undefined);

/**
 * An asset or archive as an output shows it: as the program gave it, or as an earlier output had it.
 *
 * @param value an asset or archive, or the record of one; where its content is not at hand, only the hash is right
 */
export const shownContent = (value: unknown, before: unknown): unknown => {
  if (isContent(value) && hasMembers(value)) return value;
  const [kind, hash] = [kindOf(value), contentHash(value)];
  if (!kind || !hash) return value;
  return isContent(before) && hasMembers(before) && sameContent(before, value)
    ? before
    : { [SIGNATURE]: MARKS[kind], hash, ...PLACEHOLDERS[kind] };
};

/** A short name for the content, the same wherever it is packed. */
export const contentDigest = (value: unknown): string =>
  createHash("sha256")
    .update(`${kindOf(value)}\n${contentHash(value) ?? JSON.stringify(value)}`)
    .digest("hex")
    .slice(0, 16);
