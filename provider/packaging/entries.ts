import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { textEntry, type Entry } from "./entry";
import { entryName } from "./entry-name";
import { filesBelow, plainFile } from "./folder";
import type { Scratch } from "./scratch";
import { SourceError } from "./source-error";
import type { Source } from "./source";
import { filesOfTar } from "./tar-file";
import { filesOfZip } from "./zip-file";

/** What a failed look at the file system means for the user. */
export function unreadable(path: string, error: unknown): Error {
  if (error instanceof SourceError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (code === "ENOENT" || code === "ENOTDIR")
    return new SourceError("MissingFile", `a file or folder at ${path}`, "none", "Correct the path.");
  return new SourceError("NotReadable", `${path} to be readable`, code || "a failure", "Check its rights.");
}

const archiveFile = (path: string, scratch: Scratch): Promise<readonly Entry[]> => {
  if (/\.(tgz|tar\.gz)$/i.test(path)) return filesOfTar(path, scratch, true);
  if (/\.tar$/i.test(path)) return filesOfTar(path, scratch, false);
  if (/\.(zip|jar)$/i.test(path)) return filesOfZip(path, scratch);
  throw new SourceError(
    "BadArchive",
    "a folder, or a file that ends in .tar, .tgz, .tar.gz or .zip",
    path,
    "Use FileAsset for a single file.",
  );
};

async function filesAt(path: string, scratch: Scratch): Promise<readonly Entry[]> {
  const found = await stat(path);
  return found.isDirectory() ? filesBelow(path) : archiveFile(path, scratch);
}

const below = (folder: string, entry: Entry): Entry => ({ ...entry, name: `${folder}/${entry.name}` });

async function filesOf(name: string, source: Source, scratch: Scratch): Promise<readonly Entry[]> {
  if (source.kind === "text") return [textEntry(entryName(name), source.text)];
  if (source.kind === "file") return [await plainFile(name, source.path)];
  const inside = await filesIn(source, scratch);
  const folder = entryName(name);
  return inside.map((entry) => below(folder, entry));
}

async function filesIn(source: Source, scratch: Scratch): Promise<readonly Entry[]> {
  if (source.kind === "archive") return filesAt(source.path, scratch);
  if (source.kind !== "members") return filesOf(nameOf(source), source, scratch);
  const lists = [];
  for (const [name, member] of Object.entries(source.members))
    lists.push(await located(member, () => filesOf(name, member, scratch)));
  return lists.flat();
}

async function located<Result>(source: Source, look: () => Promise<Result>): Promise<Result> {
  try {
    return await look();
  } catch (error) {
    throw unreadable("path" in source ? source.path : "the source", error);
  }
}

const nameOf = (source: Source): string => (source.kind === "file" ? basename(source.path) : "content");

const byName = (a: Entry, b: Entry): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

function refuseCollisions(sorted: readonly Entry[]): void {
  sorted.forEach((entry, index) => {
    const next = sorted[index + 1]?.name;
    if (next !== entry.name && !next?.startsWith(`${entry.name}/`)) return;
    throw new SourceError(
      "DuplicateEntry",
      "one file for each name",
      `two for ${JSON.stringify(entry.name)}`,
      "Rename or remove one.",
    );
  });
}

/**
 * Every file of a source, sorted by name. What has to be unpacked first lies in the scratch folder.
 *
 * @throws SourceError EmptySource, MissingFile, BadEntryName, SymbolicLink, DuplicateEntry, BadArchive …
 */
export async function listEntries(source: Source, scratch: Scratch): Promise<readonly Entry[]> {
  const sorted = [...(await located(source, () => filesIn(source, scratch)))].sort(byName);
  if (sorted.length === 0)
    throw new SourceError("EmptySource", "at least one file in the source", "none", "Add the files to it.");
  refuseCollisions(sorted);
  return sorted;
}
