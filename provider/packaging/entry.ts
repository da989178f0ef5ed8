import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Content } from "./scratch";
import { SourceError } from "./source";

/** One file of a source. */
export interface Entry extends Content {
  /** Its path within the source, with slashes. */
  readonly name: string;
}

export const textEntry = (name: string, text: string): Entry => {
  const bytes = Buffer.from(text, "utf8");
  return { name, size: bytes.length, open: () => Readable.from([bytes], { objectMode: false }) };
};

export const fileEntry = (name: string, path: string, size: number): Entry => ({
  name,
  size,
  open: () => Readable.from(contentOf(name, path), { objectMode: false }),
});

/** What was there when the source was listed may be gone when it is packed or sent. */
async function* contentOf(name: string, path: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path) as AsyncIterable<Buffer>;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    const found = code === "ENOENT" ? `no file at ${path} any more` : `${code} at ${path}`;
    throw new SourceError(
      "SourceChanged",
      `${name} to stay as it was while it is packed`,
      found,
      "Run again once nothing writes to it.",
    );
  }
}

const badName = (name: string, why: string): SourceError =>
  new SourceError(
    "BadEntryName",
    "a path below the source's own folder, such as lib/score.py",
    `${JSON.stringify(name)}, which ${why}`,
    "Rename it, or move the file into the source.",
  );

function reasonAgainst(name: string): string | undefined {
  if (name === "") return "is empty";
  if (/^([/\\]|[A-Za-z]:[/\\])/.test(name)) return "is an absolute path";
  if (name.includes("\0")) return "holds a zero byte";
  const pieces = name.split("/");
  if (pieces.includes("..")) return "leads out of the source";
  if (pieces.some((piece) => piece === "" || piece === ".")) return "has an empty piece";
  return undefined;
}

/**
 * The name of a file within a source: relative, with slashes, without `.` pieces at its beginning.
 *
 * @throws SourceError BadEntryName for an absolute one, or one that leads out of the source
 */
export function entryName(given: string): string {
  const name = given.replaceAll("\\", "/").replace(/^(\.\/)+/, "");
  const why = reasonAgainst(name);
  if (why) throw badName(given, why);
  return name;
}

/** Pulumi's own bookkeeping, which its hash of a folder leaves out too. */
const LEFT_OUT = ".pulumi";

const notPlain = (code: "SymbolicLink" | "SpecialFile", path: string): SourceError =>
  new SourceError(
    code,
    "plain files and folders",
    `${code === "SymbolicLink" ? "the symbolic link" : "the device, pipe or socket"} ${path}`,
    "Put a copy of the file in its place, or move it out of the source.",
  );

/** The file at a path, by the name that it gets. A link is refused wherever it points. */
export async function plainFile(name: string, path: string): Promise<Entry> {
  const found = await lstat(path);
  if (found.isSymbolicLink()) throw notPlain("SymbolicLink", path);
  if (!found.isFile()) throw notPlain("SpecialFile", path);
  return fileEntry(entryName(name), path, found.size);
}

/** Every file below a folder; empty folders hold nothing worth packing. */
export async function filesBelow(folder: string, prefix = ""): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  for (const child of await readdir(folder, { withFileTypes: true })) {
    if (child.name === LEFT_OUT) continue;
    const [path, name] = [join(folder, child.name), `${prefix}${child.name}`];
    // Each by itself: as arguments of one call, very many overflow the stack.
    if (child.isDirectory()) for (const file of await filesBelow(path, `${name}/`)) found.push(file);
    else found.push(await plainFile(name, path));
  }
  return found;
}
