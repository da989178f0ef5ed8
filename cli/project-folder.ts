import { promises as fs, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseWorkspaceId } from "../provider/core/address";
import { nameOption, type Given, type Option } from "./command-line";
import { assertMayWrite, entriesOf, writeFolder, type Files } from "./folder";
import { byText, jsonText } from "./literal";
import { ownPackage } from "./own-package";
import type { CliContext } from "./program";
import type { Terminal } from "./terminal";

/** The Pulumi project that a command writes, as its options name it. */
export interface ProjectPlace {
  readonly folder: string;
  readonly stack: string;
  /** The project's name; undefined for one that is made from the workspace's. */
  readonly name: string | undefined;
  /** Which of this package it asks for. */
  readonly itself: string;
  readonly force: boolean;
}

/** @param suffix behind the workspace's name in the project's */
export const projectOptions = (suffix: string): readonly Option[] => [
  { name: "out", value: "DIR", required: true, doc: "the folder to write; made when it is not there" },
  { name: "stack", value: "NAME", doc: "the stack whose configuration is written (default prod)" },
  { name: "project", value: "NAME", doc: `the project's name (default: the workspace's, and -${suffix})` },
  {
    name: "force",
    doc: "write into a folder that holds files; those of an earlier run are replaced, others and the stack's configuration stay",
  },
];

const NAME = { pattern: /^[A-Za-z0-9_.-]{1,100}$/, says: "letters, digits, hyphens, dots and underscores" };

/** What cannot be written is known before anything is read. @throws CannotRun */
export const projectPlace = async ({ cwd }: CliContext, given: Given): Promise<ProjectPlace> => {
  const folder = resolve(cwd, given.text("out")!);
  const place = {
    folder,
    stack: nameOption(given, "stack", NAME) ?? "prod",
    name: nameOption(given, "project", NAME),
    itself: askedOfItself(cwd, folder),
    force: given.flag("force"),
  };
  await assertMayWrite(place.folder, place.force);
  return place;
};

/** As the project in `cwd` asks for it: what was installed from a file is in no registry, or is another one there. */
const askedOfItself = (cwd: string, folder: string): string => {
  const file = /^file:(.+)$/s.exec(dependenciesAt(cwd)["pulumi-azureml"] ?? "")?.[1];
  return file === undefined
    ? `^${ownPackage().version}`
    : `file:${relative(folder, resolve(cwd, file)).replaceAll("\\", "/")}`;
};

const dependenciesAt = (folder: string): Readonly<Record<string, string>> => {
  try {
    const text = readFileSync(join(folder, "package.json"), "utf8");
    return (JSON.parse(text) as { dependencies?: Readonly<Record<string, string>> }).dependencies ?? {};
  } catch {
    return {};
  }
};

/** What a project is written with. */
export interface ProjectNames {
  readonly workspaceId: string;
  readonly project: string;
  readonly stack: string;
}

export const projectNames = (
  { stack, name }: ProjectPlace,
  workspaceId: string,
  suffix: string,
): ProjectNames => {
  const workspace = parseWorkspaceId(workspaceId)!.workspaceName.replace(/[^A-Za-z0-9_.-]+/g, "-");
  return { workspaceId, stack, project: name ?? `${workspace}-${suffix}`.toLowerCase() };
};

/** What a command writes, beside the files that every project has. */
export interface Project {
  readonly description: string;
  /** Packages of Pulumi that the program imports, beside this one. */
  readonly imports: readonly (keyof ReturnType<typeof ownPackage>["peerDependencies"])[];
  /** Files that the program makes, and that no repository should hold. */
  readonly ignored: readonly string[];
  /** The stack's configuration. */
  readonly config: string;
  readonly files: Files;
  /** The file by which a second run knows the files of the first. */
  readonly record: string;
  /** What is said where a stack's configuration is there already, and stays. */
  readonly staying: string;
  /** What is said of each service in it. */
  readonly services: readonly object[];
}

const settingsFile = (stack: string): string => `Pulumi.${stack}.yaml`;

/** All files of a project. The same services make the same bytes. */
const filesOf = (
  { itself }: ProjectPlace,
  { workspaceId, project, stack }: ProjectNames,
  { description, imports, ignored, config, files, record, services }: Project,
): Files => {
  const { peerDependencies } = ownPackage();
  const own: Files = new Map([
    ["Pulumi.yaml", projectYaml(project, description, workspaceId)],
    [settingsFile(stack), config],
    [
      "package.json",
      jsonText({
        name: project,
        private: true,
        main: "index.ts",
        dependencies: {
          ...Object.fromEntries(imports.map((name) => [name, peerDependencies[name]])),
          "pulumi-azureml": itself,
        },
        devDependencies: { "@types/node": "^20.0.0", typescript: "^5.9.0" },
      }),
    ],
    ["tsconfig.json", TSCONFIG],
    [".gitignore", ["node_modules/", "bin/", ...ignored].map((path) => `/${path}\n`).join("")],
    ...files,
  ]);
  const paths = [...own.keys(), record].sort(byText);
  return new Map([...own, [record, jsonText({ workspaceId, files: paths, services })]]);
};

const projectYaml = (project: string, description: string, workspaceId: string): string => `name: ${project}
description: ${description} of the workspace ${JSON.stringify(parseWorkspaceId(workspaceId)!.workspaceName)}
runtime:
  name: nodejs
  options:
    packagemanager: npm
`;

const TSCONFIG = jsonText({
  compilerOptions: {
    target: "ES2020",
    module: "commonjs",
    moduleResolution: "node",
    strict: true,
    skipLibCheck: true,
  },
  files: ["index.ts"],
});

/**
 * Writes a project as a whole; with --force over one of an earlier run. A stack's configuration that is there stays: it holds
 * more than we know, such as its salt.
 *
 * @throws CannotRun
 */
export const writeProject = async (
  place: ProjectPlace,
  names: ProjectNames,
  project: Project,
  terminal: Terminal,
): Promise<void> => {
  const { folder, force } = place;
  await assertMayWrite(folder, force);
  const files = filesOf(place, names, project);
  const settings = settingsFile(names.stack);
  const isThere = (await entriesOf(folder))?.includes(settings) === true;
  if (isThere) terminal.warn(`${settings} stays as it is${project.staying}`);
  const before = await recordedFiles(folder, project.record);
  await writeFolder(
    folder,
    new Map([...files].filter(([path]) => !(isThere && path === settings))),
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

/** Windows keeps these for itself, whatever follows the dot. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)$/;
const LONGEST_NAME = 60;

/** A file name of its own for each key, also where letter case makes no difference. */
export const fileNames = (keys: readonly string[]): ReadonlyMap<string, string> => {
  const taken = new Set<string>();
  return new Map(
    keys.map((key) => {
      const slug = key
        .normalize("NFKD")
        .replace(/\p{M}/gu, "")
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-+|-+$/g, "")
        .slice(0, LONGEST_NAME);
      const base = slug === "" || DEVICES.test(slug) ? `group-${slug}`.replace(/-$/, "") : slug;
      let name = base;
      for (let next = 2; taken.has(name); next += 1) name = `${base}-${next}`;
      taken.add(name);
      return [key, name] as const;
    }),
  );
};
