import { createHash, type Hash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix, resolve } from "node:path";
import { OutOfScope } from "../out-of-scope";
import { Archive, Asset } from "./property";

const ARCHIVE_FILE = /\.(tar|tgz|tar\.gz|zip|jar)$/i;

/**
 * The asset or archive with its SHA-256, which is how the engine sees that a file's content changed.
 * A folder or a map of assets is hashed as the tar file that the engine would make of it.
 * Throws when a file cannot be read, and `OutOfScope` for sources on the network.
 */
export function hashed<T extends Asset | Archive>(value: T, folder: string | undefined): T {
  if (folder === undefined || value.source.hash) return value;
  if (value.source.uri !== undefined) {
    throw new OutOfScope(`fetch assets (${value.source.uri})`);
  }
  const hash = createHash("sha256");
  if (value instanceof Asset) hash.update(contentOf(value, folder));
  else hashArchive(value, folder, hash);
  const source = { ...value.source, hash: hash.digest("hex") };
  return (value instanceof Asset ? new Asset(source) : new Archive(source)) as T;
}

const contentOf = ({ source }: Asset, folder: string): Buffer =>
  source.path === undefined ? Buffer.from(source.text ?? "") : readFileSync(resolve(folder, source.path));

function hashArchive({ source }: Archive, folder: string, hash: Hash): void {
  const path = source.path === undefined ? undefined : resolve(folder, source.path);
  if (path !== undefined && ARCHIVE_FILE.test(path)) {
    hash.update(readFileSync(path));
    return;
  }
  const files =
    path === undefined ? [...assetFiles(source.assets ?? {}, folder)] : [...folderFiles(path, "")];
  const seen = new Set<string>();
  for (const [name, content] of files) {
    if (!seen.has(name)) hash.update(tarEntry(name, content));
    seen.add(name);
  }
  hash.update(Buffer.alloc(1024));
}

type File = readonly [name: string, content: Buffer];

function* assetFiles(assets: Readonly<Record<string, Asset | Archive>>, folder: string): Iterable<File> {
  for (const name of Object.keys(assets).sort()) {
    const member = assets[name] as Asset | Archive;
    if (member instanceof Asset) yield [name, contentOf(member, folder)];
    else
      for (const [inner, content] of archiveFiles(member, folder)) yield [posix.join(name, inner), content];
  }
}

function archiveFiles({ source }: Archive, folder: string): Iterable<File> {
  if (source.path === undefined) return assetFiles(source.assets ?? {}, folder);
  if (ARCHIVE_FILE.test(source.path)) {
    throw new OutOfScope(`open archives inside archives (${source.path})`);
  }
  return folderFiles(resolve(folder, source.path), "");
}

function* folderFiles(root: string, below: string): Iterable<File> {
  for (const entry of readdirSync(join(root, below), { withFileTypes: true }).sort(byName)) {
    const name = posix.join(below, entry.name);
    if (entry.name === ".pulumi") continue;
    if (entry.isDirectory()) yield* folderFiles(root, name);
    else if (!statSync(join(root, name)).isDirectory()) yield [name, readFileSync(join(root, name))];
  }
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

/** One file in USTAR form: a header with mode 0600 and neither owner nor time, then the padded content. */
function tarEntry(name: string, content: Buffer): Buffer {
  const bytes = Buffer.byteLength(name);
  if (bytes > 100 || /[^\x20-\x7e]/.test(name)) {
    throw new OutOfScope(`archive file names like ${name}`);
  }
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000600\0" + "0000000\0" + "0000000\0", 100);
  header.write(octal(content.length, 11), 124);
  header.write(octal(0, 11), 136);
  header.write("        0", 148);
  header.write("ustar\x0000", 257);
  header.write("0000000\x000000000\0", 329);
  header.write(
    `${octal(
      header.reduce((sum, byte) => sum + byte, 0),
      6,
    )} `,
    148,
  );
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, "0")}\0`;
