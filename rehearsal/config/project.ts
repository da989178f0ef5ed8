import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";

/** What Pulumi.yaml says about a Node.js project. */
export interface Project {
  readonly name: string;
  /** The folder of Pulumi.yaml. */
  readonly root: string;
  /** The folder that program and providers run in. */
  readonly programFolder: string;
  /** The program to run in that folder; "." leaves the choice to its package.json. */
  readonly entryPoint: string;
  readonly typescript: boolean;
  readonly nodeArgs: readonly string[];
  /** Configuration that holds for stacks without a value of their own. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

interface ProjectFile {
  readonly name: string;
  readonly main?: string;
  readonly runtime: string | { readonly name: string; readonly options?: Readonly<Record<string, unknown>> };
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Reads Pulumi.yaml. Throws when there is none, or when its runtime is not Node.js. */
export function readProject(folder: string): Project {
  const root = resolve(folder);
  const file = ["Pulumi.yaml", "Pulumi.yml"].map((name) => join(root, name)).find(existsSync);
  if (file === undefined) throw new Error(`no Pulumi.yaml in ${root}; give the folder of a Pulumi project`);
  const { name, main, runtime, config } = parse(readFileSync(file, "utf8")) as ProjectFile;
  const { name: language, options = {} } = typeof runtime === "string" ? { name: runtime } : runtime;
  if (language !== "nodejs") {
    throw new Error(`the rehearsal does not run ${language} programs, only nodejs; use the Pulumi CLI`);
  }
  const nodeArgs =
    typeof options["nodeargs"] === "string" ? options["nodeargs"].split(/\s+/).filter(Boolean) : [];
  const typescript = options["typescript"] !== false;
  return {
    name,
    root,
    ...programOf(root, main),
    typescript,
    nodeArgs,
    defaults: defaultsOf(name, config ?? {}),
  };
}

function programOf(root: string, main: string | undefined): Pick<Project, "programFolder" | "entryPoint"> {
  if (main === undefined || main === "") return { programFolder: root, entryPoint: "." };
  const path = resolve(root, main);
  if (existsSync(path) && statSync(path).isDirectory()) return { programFolder: path, entryPoint: "." };
  return { programFolder: dirname(path), entryPoint: path.slice(dirname(path).length + 1) };
}

function defaultsOf(project: string, config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(config).map(([key, declared]) => {
    const full = key.includes(":") ? key : `${project}:${key}`;
    if (declared === null || typeof declared !== "object" || Array.isArray(declared)) return [full, declared];
    const { value, default: fallback } = declared as { value?: unknown; default?: unknown };
    return [full, value ?? fallback];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== null)) as Record<
    string,
    unknown
  >;
}
