/** How Pulumi marks special values on the wire, and the marks of assets and archives. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** An asset or archive of a program. Relative paths are the program's folder's. */
export type Source =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "file"; readonly path: string }
  /** A folder, or a tar, tgz or zip file. */
  | { readonly kind: "archive"; readonly path: string }
  | { readonly kind: "members"; readonly members: Readonly<Record<string, Source>> };

const textAt = (value: Readonly<Record<string, unknown>>, key: string): string | undefined =>
  typeof value[key] === "string" ? value[key] : undefined;

const remote = (uri: string): SourceError =>
  new SourceError(
    "RemoteSource",
    "a file, folder, text or archive on this machine",
    `the address of something on the network (${uri.split(/[?#]/)[0]})`,
    "Download it first and use FileAsset or FileArchive.",
  );

const bare = (what: string): SourceError =>
  new SourceError(
    "NotASource",
    "an asset or archive with its content",
    what,
    "Use pulumi.asset.FileArchive, FileAsset, StringAsset or AssetArchive.",
  );

function readAsset(value: Readonly<Record<string, unknown>>): Source {
  const [text, path, uri] = [textAt(value, "text"), textAt(value, "path"), textAt(value, "uri")];
  if (path) return { kind: "file", path };
  if (uri) throw remote(uri);
  if (text !== undefined) return { kind: "text", text };
  throw bare("an asset without path or text");
}

function readArchive(value: Readonly<Record<string, unknown>>): Source {
  const [path, uri] = [textAt(value, "path"), textAt(value, "uri")];
  if (path) return { kind: "archive", path };
  if (uri) throw remote(uri);
  const members = value["assets"];
  if (typeof members !== "object" || members === null) throw bare("an archive without path or assets");
  const read = Object.entries(members).map(([name, member]) => [name, readSource(member)] as const);
  return { kind: "members", members: Object.fromEntries(read) };
}

/**
 * What a program's asset or archive is, from the form in which the host passes it on.
 *
 * @throws SourceError RemoteSource, or NotASource for anything else
 */
export function readSource(value: unknown): Source {
  const object = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  if (object[SIGNATURE] === ASSET) return readAsset(object);
  if (object[SIGNATURE] === ARCHIVE) return readArchive(object);
  throw bare(typeof value === "object" ? "another object" : `a ${typeof value}`);
}

/** Why a source cannot be packed. The codes are stable. */
export type SourceErrorCode =
  | "NotASource"
  | "RemoteSource"
  | "MissingFile"
  | "NotReadable"
  | "EmptySource"
  | "BadEntryName"
  | "DuplicateEntry"
  | "SymbolicLink"
  | "SpecialFile"
  | "BadArchive"
  | "EntryScriptMissing"
  | "SourceChanged";

/** A source that cannot be packed: what it must be, what was found, what to do. */
export class SourceError extends Error {
  constructor(
    readonly code: SourceErrorCode,
    expected: string,
    found: string,
    next: string,
  ) {
    super(`${code}: expected ${expected}; found ${found}. ${next}`);
    this.name = "SourceError";
    this.stack = "";
  }
}
