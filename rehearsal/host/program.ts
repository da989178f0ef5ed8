import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Project } from "../config/project";
import type { StackConfig } from "../config/stack-config";
import { eachLine } from "./child-output";
import { LATE_MODULES } from "./late-modules-flag";

export interface ProgramRun {
  readonly project: Project;
  readonly stack: string;
  readonly organization: string;
  readonly config: StackConfig;
  readonly dryRun: boolean;
  readonly parallel: number;
  /** Address of the server that answers the program's registrations and log messages. */
  readonly address: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onOutput: (line: string, stream: "stdout" | "stderr") => void;
}

/** How a program ended: "reported" when it has told its failure to the engine already. */
export type ProgramEnd = "succeeded" | "reported" | { readonly exitCode: number };

export interface RunningProgram {
  readonly ended: Promise<ProgramEnd>;
  stop(): void;
  /** As on ^C: the engine tells the language host, which passes a SIGINT on to the program. */
  interrupt(): void;
}

/** The exit code of Pulumi's runner for a failure that it has logged. */
const REPORTED = 32;

/** Starts the project's program as Pulumi's language host does, with the runner of the project's own SDK. */
export function startProgram(run: ProgramRun): RunningProgram {
  const { project } = run;
  const runner = createRequire(join(project.programFolder, "index.js")).resolve("@pulumi/pulumi/cmd/run");
  const child = spawn(
    process.execPath,
    [...LATE_MODULES, ...project.nodeArgs, runner, ...runnerArguments(run)],
    {
      cwd: project.programFolder,
      env: { ...run.env, ...runnerEnvironment(run) },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const streams = Promise.all([
    eachLine(child.stdout, (line) => run.onOutput(line, "stdout")),
    eachLine(child.stderr, (line) => run.onOutput(line, "stderr")),
  ]);
  const exit = new Promise<ProgramEnd>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) =>
      resolve(code === 0 ? "succeeded" : code === REPORTED ? "reported" : { exitCode: code ?? 1 }),
    );
  });
  return {
    ended: exit.then((end) => streams.then(() => end)),
    stop: () => void child.kill("SIGKILL"),
    interrupt: () => void child.kill("SIGINT"),
  };
}

function runnerArguments(run: ProgramRun): string[] {
  const { project, address } = run;
  const named = {
    monitor: address,
    engine: address,
    organization: run.organization,
    project: project.name,
    "root-directory": project.root,
    stack: run.stack,
    pwd: project.programFolder,
    parallel: String(run.parallel),
  };
  const flags = Object.entries(named).flatMap(([key, value]) => [`--${key}`, value]);
  return [...flags, ...(run.dryRun ? ["--dry-run"] : []), project.entryPoint];
}

function runnerEnvironment({ project, config }: ProgramRun): Record<string, string> {
  const plain = Object.fromEntries(Object.entries(config).map(([key, { value }]) => [key, value]));
  const secretKeys = Object.keys(config).filter((key) => config[key]?.secret);
  return {
    PULUMI_CONFIG: JSON.stringify(plain),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys),
    ...(project.typescript && needsTypeScript(project) ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
  };
}

/** Loading the TypeScript compiler takes a second or more, which a plain JavaScript entry point does not need. */
const needsTypeScript = ({ programFolder, entryPoint }: Project): boolean =>
  !(/\.[cm]?js$/.test(entryPoint) && existsSync(join(programFolder, entryPoint)));
