import { createWriteStream } from "node:fs";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileEntry, type Entry } from "./entry";
import { entryName } from "./entry-name";
import type { Scratch } from "./scratch";
import { SourceError } from "./source-error";

/** Puts one member of an archive file on disk, under a name of our own, and gives it back by its name. */
export async function extracted(scratch: Scratch, name: string, content: Readable): Promise<Entry> {
  const inside = entryName(name);
  const path = scratch.next();
  const file = createWriteStream(path, { mode: 0o600, flags: "wx" });
  await pipeline(content, file);
  return fileEntry(inside, path, file.bytesWritten);
}

export const linkInside = (archive: string, name: string): SourceError =>
  new SourceError(
    "SymbolicLink",
    "plain files and folders",
    `the link ${JSON.stringify(name)} in ${archive}`,
    "Pack the archive with the file itself in its place.",
  );

/** What a reader of the archive would leave out, or could not write as a file. */
export const specialInside = (archive: string, name: string, type: unknown): SourceError =>
  new SourceError(
    "SpecialFile",
    "plain files and folders",
    `${JSON.stringify(name)} in ${archive}, which is of another type (${typeof type === "string" ? type : "one that tar does not define"})`,
    "Pack the archive without it, or with a plain file in its place; GNU tar writes sparse files with --sparse only.",
  );

/** How the zip library words its own refusal of names that lead elsewhere. */
const badName = /absolute path|relative path|characters in fileName/;

/** The error for an archive file that cannot be read to its end. */
export function badArchive(path: string, error: unknown): Error {
  if (error instanceof SourceError) return error;
  const why = error instanceof Error ? error.message : String(error);
  const found = `${path}, which cannot be read (${why})`;
  if (badName.test(why))
    return new SourceError("BadEntryName", "paths below the source's own folder", found, "Pack it again.");
  return new SourceError("BadArchive", "a complete tar, tgz or zip file", found, "Pack it again.");
}
