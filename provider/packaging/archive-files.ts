import { createReadStream, createWriteStream } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { Entry as Member } from "yauzl";
import { type Entry, fileEntry, entryName } from "./entry";
import type { Scratch } from "./scratch";
import { SourceError } from "./source";

/** What the library's reader is to us: its own streams, used as Node's. */
type TarReader = Writable &
  AsyncIterable<
    Readable & {
      readonly header: { readonly name: string; readonly type?: string | null; readonly pax?: object | null };
    }
  >;

async function takeFiles(archive: TarReader, path: string, scratch: Scratch): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  for await (const member of archive) {
    const { name, type, pax } = member.header;
    if (type === "symlink" || type === "link") throw linkInside(path, name);
    // Only the extended header tells such a file from one whose content is all there.
    if (Object.keys(pax ?? {}).some((key) => key.startsWith("GNU.sparse.")))
      throw specialInside(path, name, "sparse");
    if (type === "file" || type === "contiguous-file") found.push(await extracted(scratch, name, member));
    else if (type === "directory") member.resume();
    else throw specialInside(path, name, type);
  }
  return found;
}

/** The files of a tar archive, gzip-compressed or not, each put on disk. */
export async function filesOfTar(
  path: string,
  scratch: Scratch,
  compressed: boolean,
): Promise<readonly Entry[]> {
  const { extract } = await import("tar-stream");
  const archive = extract() as unknown as TarReader;
  const stages = compressed ? [createGunzip(), archive] : [archive];
  // The feed also fails when the reader stops early; the reader's own reason is the one to tell.
  const fed = pipeline([createReadStream(path), ...stages]).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  try {
    const found = await takeFiles(archive, path, scratch);
    const broken = await fed;
    if (broken) throw broken.error;
    return found;
  } catch (error) {
    archive.destroy();
    throw badArchive(path, error);
  }
}

const FILE_TYPE = 0o170000;
const LINK = 0o120000;

const PLAIN = [0, 0o100000, 0o040000];

const isFolder = (member: Member): boolean => member.fileName.endsWith("/");

/** Unix tools keep a file's mode in the upper half of the attributes. */
const typeOf = (member: Member): number => (member.externalFileAttributes >>> 16) & FILE_TYPE;

/** The files of a zip archive, each put on disk. */
export async function filesOfZip(path: string, scratch: Scratch): Promise<readonly Entry[]> {
  const { openPromise } = await import("yauzl");
  try {
    const zip = await openPromise(path);
    const found: Entry[] = [];
    for await (const member of zip.eachEntry()) {
      const type = typeOf(member);
      if (type === LINK) throw linkInside(path, member.fileName);
      if (!PLAIN.includes(type)) throw specialInside(path, member.fileName, "device, pipe or socket");
      if (isFolder(member)) continue;
      found.push(await extracted(scratch, member.fileName, await zip.openReadStreamPromise(member)));
    }
    return found;
  } catch (error) {
    throw badArchive(path, error);
  }
}

/** Puts one member of an archive file on disk, under a name of our own, and gives it back by its name. */
async function extracted(scratch: Scratch, name: string, content: Readable): Promise<Entry> {
  const inside = entryName(name);
  const path = scratch.next();
  const file = createWriteStream(path, { mode: 0o600, flags: "wx" });
  await pipeline(content, file);
  return fileEntry(inside, path, file.bytesWritten);
}

const linkInside = (archive: string, name: string): SourceError =>
  new SourceError(
    "SymbolicLink",
    "plain files and folders",
    `the link ${JSON.stringify(name)} in ${archive}`,
    "Pack the archive with the file itself in its place.",
  );

/** What a reader of the archive would leave out, or could not write as a file. */
const specialInside = (archive: string, name: string, type: unknown): SourceError =>
  new SourceError(
    "SpecialFile",
    "plain files and folders",
    `${JSON.stringify(name)} in ${archive}, which is of another type (${typeof type === "string" ? type : "one that tar does not define"})`,
    "Pack the archive without it, or with a plain file in its place; GNU tar writes sparse files with --sparse only.",
  );

/** How the zip library words its own refusal of names that lead elsewhere. */
const badName = /absolute path|relative path|characters in fileName/;

/** The error for an archive file that cannot be read to its end. */
function badArchive(path: string, error: unknown): Error {
  if (error instanceof SourceError) return error;
  const why = error instanceof Error ? error.message : String(error);
  const found = `${path}, which cannot be read (${why})`;
  if (badName.test(why))
    return new SourceError("BadEntryName", "paths below the source's own folder", found, "Pack it again.");
  return new SourceError("BadArchive", "a complete tar, tgz or zip file", found, "Pack it again.");
}
