import { promises as fs, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
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

/**
 * What a written project depends on: the named peers of this package, and the package itself, as the project in `cwd` has it. What was
 * installed from a file is in no registry, or is another one there.
 */
export const dependenciesOf = (
  peers: readonly string[],
  cwd: string,
  folder: string,
): Readonly<Record<string, string>> => {
  const own = manifestAt(require.resolve("pulumi-azureml/package.json"));
  const around = manifestAt(join(cwd, "package.json")).dependencies?.["pulumi-azureml"];
  const file = /^file:(.+)$/s.exec(around ?? "")?.[1];
  const itself =
    file === undefined
      ? `^${own.version}`
      : `file:${relative(folder, resolve(cwd, file)).replaceAll("\\", "/")}`;
  return {
    ...Object.fromEntries(peers.map((peer) => [peer, own.peerDependencies![peer]!])),
    "pulumi-azureml": itself,
  };
};

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const manifestAt = (file: string): Manifest => {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Manifest;
  } catch {
    return {};
  }
};
