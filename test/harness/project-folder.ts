import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";

/** The repository, from the sources as well as from what is built. */
export const repository = (): string => realpathSync(dirname(require.resolve("pulumi-azureml/package.json")));

/** A temporary folder with a Pulumi project in it, and room for the engine and for the emulator. */
export interface ProjectFolder {
  readonly root: string;
  /** Holds Pulumi.yaml. */
  readonly project: string;
  /** The project's name, in Pulumi.yaml. */
  readonly name: string;
  /** State, settings and logs of the engine. */
  readonly engine: string;
  /** What the emulator keeps. */
  readonly workspace: string;
  /** Notes of the processes that the engine starts. */
  readonly processes: string;
  /** Takes the files of a folder over those of the project. */
  take(from: string): void;
  remove(): void;
}

/** Copies a project to a temporary folder, where its packages resolve to those of the repository. */
export function copyProject(example: string): ProjectFolder {
  const root = mkdtempSync(join(realpathSync(tmpdir()), "azureml-demo-"));
  const made = (name: string): string => {
    mkdirSync(join(root, name));
    return join(root, name);
  };
  const project = made("project");
  symlinkSync(join(repository(), "node_modules"), join(root, "node_modules"), "junction");
  const remove = () => rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  process.once("exit", remove);
  const take = (from: string) => cpSync(from, project, { recursive: true, filter: isSource });
  take(example);
  return {
    root,
    project,
    name: projectName(project),
    engine: made("engine"),
    workspace: made("workspace"),
    processes: made("processes"),
    take,
    remove: () => {
      process.off("exit", remove);
      remove();
    },
  };
}

/** The name in Pulumi.yaml. */
export const projectName = (folder: string): string =>
  (parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8")) as { name: string }).name;

const isSource = (file: string): boolean => !file.endsWith("node_modules");
