import { createHash } from "node:crypto";
import { createReadStream, promises as fs } from "node:fs";
import { join } from "node:path";
import { CannotRun } from "../cannot-run";
import { writeWhole } from "../folder";
import { jsonText } from "../literal";

/** The file that says what a snapshot holds. It is written after each file, and last of all. */
const MANIFEST = "snapshot.json";

const FORMAT = 1;

/** A file of a snapshot. */
export interface Entry {
  readonly bytes: number;
  readonly sha256: string;
  /** Where in the workspace it comes from. */
  readonly source: string;
}

/** What could not be read, and why. */
export interface Missing {
  readonly what: string;
  readonly why: string;
}

export interface Manifest {
  readonly format: typeof FORMAT;
  readonly workspaceId: string;
  /** Whether the run that wrote it came to its end. */
  readonly complete: boolean;
  readonly missing: readonly Missing[];
  readonly files: Readonly<Record<string, Entry>>;
}

export const emptyManifest = (workspaceId: string): Manifest => ({
  format: FORMAT,
  workspaceId,
  complete: false,
  missing: [],
  files: {},
});

/** The manifest of a snapshot; undefined where the folder has none. @throws CannotRun for one that cannot be read */
export const readManifest = async (folder: string): Promise<Manifest | undefined> => {
  let text: string;
  try {
    text = await fs.readFile(join(folder, MANIFEST), "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw cannotRead(join(folder, MANIFEST), (error as Error).message);
  }
  const manifest = parsed(text) as Manifest | undefined;
  if (manifest?.format === FORMAT && typeof manifest.files === "object") return manifest;
  throw cannotRead(join(folder, MANIFEST), "no manifest of this version of the program");
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

export const cannotRead = (file: string, found: string): CannotRun =>
  new CannotRun(
    "CannotRead",
    `expected a snapshot's file at ${file}, found ${found}. Take the snapshot again.`,
  );

/** Writes the manifest; the old one stays until the new one is complete. */
export const writeManifest = async (folder: string, manifest: Manifest): Promise<void> => {
  const files = Object.fromEntries(Object.entries(manifest.files).sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeWhole(join(folder, MANIFEST), jsonText({ ...manifest, files }));
};

export const entryOf = (text: string, source: string): Entry => ({
  bytes: Buffer.byteLength(text),
  sha256: createHash("sha256").update(text).digest("hex"),
  source,
});

/** A file's digest, read as a stream; undefined where there is no file. */
const digestOf = async (path: string): Promise<{ bytes: number; sha256: string } | undefined> => {
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  return { bytes, sha256: hash.digest("hex") };
};

/** Whether a file is on disk as the manifest says. */
export const isIntact = async (folder: string, path: string, entry: Entry | undefined): Promise<boolean> => {
  if (entry === undefined) return false;
  const found = await digestOf(join(folder, path));
  return found?.bytes === entry.bytes && found.sha256 === entry.sha256;
};
