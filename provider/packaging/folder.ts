import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileEntry, type Entry } from "./entry";
import { entryName } from "./entry-name";
import { SourceError } from "./source-error";

/** Pulumi's own bookkeeping, which its hash of a folder leaves out too. */
const LEFT_OUT = ".pulumi";

const refuse = (code: "SymbolicLink" | "SpecialFile", path: string): SourceError =>
  new SourceError(
    code,
    "plain files and folders",
    `${code === "SymbolicLink" ? "the symbolic link" : "the device, pipe or socket"} ${path}`,
    "Put a copy of the file in its place, or move it out of the source.",
  );

/** The file at a path, by the name that it gets. A link is refused wherever it points. */
export async function plainFile(name: string, path: string): Promise<Entry> {
  const found = await lstat(path);
  if (found.isSymbolicLink()) throw refuse("SymbolicLink", path);
  if (!found.isFile()) throw refuse("SpecialFile", path);
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
