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
