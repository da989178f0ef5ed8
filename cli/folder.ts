import { promises as fs } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { CannotRun } from "./cannot-run";

/** What a folder is to hold: text by path, with slashes. */
export type Files = ReadonlyMap<string, string>;

/** Entries of a folder; undefined where there is none. @throws CannotRun where something else has its name */
export const entriesOf = async (folder: string): Promise<readonly string[] | undefined> => {
  try {
    return await fs.readdir(folder);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw cannotWrite(folder, error);
  }
};

/** @throws CannotRun where a folder holds something and must not be changed */
export const assertMayWrite = async (folder: string, force: boolean): Promise<void> => {
  const entries = await entriesOf(folder);
  if (force || entries === undefined || entries.length === 0) return;
  throw new CannotRun(
    "FolderExists",
    `expected ${folder} to be empty or not to exist, found ${entries.length} entries in it. ` +
      "Name another folder, or give --force to write its files anew; files of yours in it stay.",
  );
};

/**
 * Writes a folder as a whole: everything goes into a folder beside it first, which takes its place when it is complete. In a
 * folder that is there already each file is replaced at once, and what is not among them stays.
 *
 * @param outdated files of an earlier run that are no longer wanted
 * @throws CannotRun CannotWrite; nothing is left half-written then
 */
export const writeFolder = async (
  target: string,
  files: Files,
  outdated: readonly string[] = [],
): Promise<void> => {
  const folder = resolve(target);
  let scratch: string | undefined;
  try {
    await fs.mkdir(dirname(folder), { recursive: true });
    scratch = await fs.mkdtemp(join(dirname(folder), `.${basename(folder)}.`));
    for (const [path, text] of files) {
      await fs.mkdir(dirname(join(scratch, path)), { recursive: true });
      await fs.writeFile(join(scratch, path), text);
    }
    const entries = await entriesOf(folder);
    if (entries === undefined || entries.length === 0)
      await takePlace(scratch, folder, entries !== undefined);
    else await replaceFiles(scratch, folder, files, outdated);
  } catch (error) {
    throw cannotWrite(folder, error);
  } finally {
    if (scratch !== undefined) await fs.rm(scratch, { recursive: true, force: true });
  }
};

const takePlace = async (scratch: string, folder: string, exists: boolean): Promise<void> => {
  if (exists) await fs.rmdir(folder);
  await fs.chmod(scratch, 0o755);
  await fs.rename(scratch, folder);
};

const replaceFiles = async (
  scratch: string,
  folder: string,
  files: Files,
  outdated: readonly string[],
): Promise<void> => {
  for (const path of files.keys()) {
    await fs.mkdir(dirname(join(folder, path)), { recursive: true });
    await fs.rename(join(scratch, path), join(folder, path));
  }
  for (const path of outdated) await fs.rm(join(folder, path), { force: true });
};

/** Writes a file that is there whole, or as it was; its folder is made where it is missing. @throws CannotRun CannotWrite */
export const writeWhole = async (path: string, text: string): Promise<void> => {
  const part = `${path}.part`;
  try {
    await fs.mkdir(dirname(path), { recursive: true });
    await fs.writeFile(part, text);
    await fs.rename(part, path);
  } catch (error) {
    await fs.rm(part, { force: true }).catch(() => undefined);
    throw cannotWrite(path, error);
  }
};

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "your quota of the disk is used up",
  EFBIG: "a file would be larger than may be",
  EACCES: "it may not be written to",
  EPERM: "it may not be written to",
  EROFS: "the disk can only be read",
  ENOTDIR: "a file has the name of a folder in its path",
};

export const cannotWrite = (path: string, error: unknown): CannotRun =>
  error instanceof CannotRun
    ? error
    : new CannotRun(
        "CannotWrite",
        `expected to write ${path}, found that ${reasons[codeOf(error) ?? ""] ?? (error as Error).message}. ` +
          "Nothing was left half-written. Make room or name another folder, then run again.",
      );
