import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { textEntry, type Entry, entryName, filesBelow, plainFile } from "./entry";
import type { Scratch } from "./scratch";
import { SourceError, type Source } from "./source";
import { filesOfTar, filesOfZip } from "./archive-files";

/** What a failed look at the file system means for the user. */
export function unreadable(path: string, error: unknown): Error {
  if (error instanceof SourceError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  // Whatever the file system did not say is a mistake of ours, and no matter of rights.
  if (code === undefined) return error as Error;
  if (code === "ENOENT" || code === "ENOTDIR")
    return new SourceError("MissingFile", `a file or folder at ${path}`, "none", "Correct the path.");
  return new SourceError("NotReadable", `${path} to be readable`, code, "Check its rights.");
}

/** Unpacks an archive file of a known kind. */
type Unpack = (path: string, kind: "tgz" | "tar" | "zip") => Promise<readonly Entry[]>;

const unpackInto =
  (scratch: Scratch): Unpack =>
  (path, kind) =>
    kind === "zip" ? filesOfZip(path, scratch) : filesOfTar(path, scratch, kind === "tgz");

const archiveFile = (path: string, unpack: Unpack): Promise<readonly Entry[]> => {
  if (/\.(tgz|tar\.gz)$/i.test(path)) return unpack(path, "tgz");
  if (/\.tar$/i.test(path)) return unpack(path, "tar");
  if (/\.(zip|jar)$/i.test(path)) return unpack(path, "zip");
  throw new SourceError(
    "BadArchive",
    "a folder, or a file that ends in .tar, .tgz, .tar.gz or .zip",
    path,
    "Use FileAsset for a single file.",
  );
};

async function filesAt(path: string, unpack: Unpack): Promise<readonly Entry[]> {
  const found = await stat(path);
  return found.isDirectory() ? filesBelow(path) : archiveFile(path, unpack);
}

const below = (folder: string, entry: Entry): Entry => ({ ...entry, name: `${folder}/${entry.name}` });

async function filesOf(name: string, source: Source, unpack: Unpack): Promise<readonly Entry[]> {
  if (source.kind === "text") return [textEntry(entryName(name), source.text)];
  if (source.kind === "file") return [await plainFile(name, source.path)];
  const inside = await filesIn(source, unpack);
  const folder = entryName(name);
  return inside.map((entry) => below(folder, entry));
}

async function filesIn(source: Source, unpack: Unpack): Promise<readonly Entry[]> {
  if (source.kind === "archive") return filesAt(source.path, unpack);
  if (source.kind !== "members") return filesOf(ownName(source) ?? "content", source, unpack);
  const lists = [];
  for (const [name, member] of Object.entries(source.members))
    lists.push(await located(member, () => filesOf(name, member, unpack)));
  return lists.flat();
}

async function located<Result>(source: Source, look: () => Promise<Result>): Promise<Result> {
  try {
    return await look();
  } catch (error) {
    throw unreadable("path" in source ? source.path : "the source", error);
  }
}

/** The name that a source has by itself: that of its file or folder, an archive file's without its ending. */
export const ownName = (source: Source): string | undefined => {
  if (!("path" in source)) return undefined;
  const name = basename(resolve(source.path));
  return source.kind === "archive" ? name.replace(/\.(tgz|tar\.gz|tar|zip|jar)$/i, "") : name;
};

const byName = (a: Entry, b: Entry): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

const foldersOf = (name: string): readonly string[] => {
  const pieces = name.split("/").slice(0, -1);
  return pieces.map((_, index) => pieces.slice(0, index + 1).join("/"));
};

function refuseCollisions(entries: readonly Entry[]): void {
  const folders = new Set(entries.flatMap(({ name }) => foldersOf(name)));
  const seen = new Set<string>();
  for (const { name } of entries) {
    if (seen.has(name) || folders.has(name))
      throw new SourceError(
        "DuplicateEntry",
        "one file or folder for each name",
        `two for ${JSON.stringify(name)}`,
        "Rename or remove one.",
      );
    seen.add(name);
  }
}

const empty = (): SourceError =>
  new SourceError("EmptySource", "at least one file in the source", "none", "Add the files to it.");

/**
 * Every file of a source, sorted by name. What has to be unpacked first lies in the scratch folder.
 *
 * @throws SourceError EmptySource, MissingFile, BadEntryName, SymbolicLink, DuplicateEntry, BadArchive …
 */
export async function listEntries(source: Source, scratch: Scratch): Promise<readonly Entry[]> {
  const found = await located(source, () => filesIn(source, unpackInto(scratch)));
  const sorted = [...found].sort(byName);
  if (sorted.length === 0) throw empty();
  refuseCollisions(sorted);
  return sorted;
}

/**
 * The names of a source's files, as far as they are known without unpacking anything: undefined when an archive file is
 * among them. Refuses what listEntries would refuse, but for the content of archive files.
 */
export async function peek(source: Source): Promise<readonly string[] | undefined> {
  let unopened = false;
  const found = await located(source, () =>
    filesIn(source, async () => {
      unopened = true;
      return [];
    }),
  );
  refuseCollisions(found);
  if (unopened) return undefined;
  if (found.length === 0) throw empty();
  return found.map(({ name }) => name);
}
