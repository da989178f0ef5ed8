import { promises as fs } from "node:fs";
import { join } from "node:path";
import type { Given } from "./command-line";
import { assertMayWrite, entriesOf, writeFolder, type Files } from "./folder";
import type { Terminal } from "./terminal";

/** Files of a project by which a second run knows its own, and which it leaves. */
export interface OwnFiles {
  /** Lists what an earlier run wrote. */
  readonly record: string;
  /** A stack's settings: those that are there hold more than we know, such as its salt, and stay. */
  readonly settings: string;
  /** What is said where they stay. */
  readonly staying: string;
}

/** Writes a project as a whole; with --force over one of an earlier run. @throws CannotRun */
export const writeProject = async (
  folder: string,
  files: Files,
  { record, settings, staying }: OwnFiles,
  given: Given,
  terminal: Terminal,
): Promise<void> => {
  await assertMayWrite(folder, given.flag("force"));
  const isThere = (await entriesOf(folder))?.includes(settings) === true;
  const written = new Map([...files].filter(([path]) => !(isThere && path === settings)));
  if (isThere) terminal.warn(`${settings} stays as it is${staying}`);
  const before = await recordedFiles(folder, record);
  await writeFolder(
    folder,
    written,
    before.filter((path) => !files.has(path) && /^services\/[a-z0-9-]+\.ts$/.test(path)),
  );
};

/** The files that an earlier run wrote there. */
const recordedFiles = async (folder: string, record: string): Promise<readonly string[]> => {
  try {
    const { files } = JSON.parse(await fs.readFile(join(folder, record), "utf8")) as { files?: unknown };
    return Array.isArray(files) ? files.filter((path) => typeof path === "string") : [];
  } catch {
    return [];
  }
};
