import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Emulator } from "../../../emulator/index";
import { watchProcesses } from "../../harness/processes";
import { copyProject, repository, type ProjectFolder } from "../../harness/project-folder";
import { findPulumi } from "../../harness/engines/pulumi";
import { named } from "../../harness/engines/rows";

export interface Ended {
  readonly code: number | null;
  readonly text: string;
}

/** A running command of an engine. */
export interface Running {
  readonly ended: Promise<Ended>;
  /** As `kill -9` of the process: nothing is tidied up. */
  kill(): void;
  /** As ^C at the prompt: the process alone is told. */
  interrupt(): void;
}

/** An engine as a person meets it, at a prompt, so that it can be killed; `up` and the like ask nothing. */
export interface CommandLine {
  readonly folder: ProjectFolder;
  start(...command: readonly string[]): Running;
  run(...command: readonly string[]): Promise<Ended>;
  /** Kills the providers that outlived their engine. */
  killProviders(): void;
  close(): void;
}

export interface EngineRow {
  readonly name: string;
  readonly present: boolean;
  open(emulator: Emulator): Promise<CommandLine>;
}

const STACK = "dev";
const foreign = /^(AZUREML_|AZURE_|ARM_|PULUMI_)/;

const environment = (emulator: Emulator, folder: ProjectFolder): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name))),
  ...watchProcesses(folder.processes).env,
  AZUREML_DISCOVERY_URL: emulator.discoveryUrl,
  AZUREML_ACCESS_TOKEN: emulator.accessToken,
  PULUMI_CONFIG_PASSPHRASE: "a passphrase",
  PULUMI_NODEJS_TRANSPILE_ONLY: "true",
  PULUMI_HOME: join(folder.engine, "home"),
  PULUMI_BACKEND_URL: `file://${folder.engine}`,
  PULUMI_SKIP_UPDATE_CHECK: "1",
  NO_COLOR: "1",
});

const startIn = (
  folder: ProjectFolder,
  env: NodeJS.ProcessEnv,
  program: string,
  args: readonly string[],
): Running => {
  const child = spawn(program, [...args], { cwd: folder.project, env, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  // Not `close`: what outlives a killed engine holds on to its pipes.
  const ended = once(child, "exit").then(([code]) => ({ code: code as number | null, text }));
  return { ended, kill: () => void child.kill("SIGKILL"), interrupt: () => void child.kill("SIGINT") };
};

const commandLine = (folder: ProjectFolder, start: (command: readonly string[]) => Running): CommandLine => ({
  folder,
  start: (...command) => start(command),
  run: (...command) => start(command).ended,
  killProviders: () => {
    for (const note of readdirSync(folder.processes)) killNoted(note);
  },
  close: () => folder.remove(),
});

const killNoted = (note: string): void => {
  const pid = /^(\d+)\.provider$/.exec(note)?.[1];
  try {
    if (pid) process.kill(Number(pid), "SIGKILL");
  } catch {
    // It ended by itself.
  }
};

const quickstart = (): ProjectFolder => copyProject(join(repository(), "examples", "quickstart"));

const rehearsal: EngineRow = {
  name: "the rehearsal engine",
  present: true,
  open: async (emulator) => {
    const folder = quickstart();
    const settings = join(folder.engine, "settings.yaml");
    writeFileSync(settings, JSON.stringify({ config: { "azureml:workspaceId": emulator.workspaceId } }));
    const main = join(repository(), "dist", "rehearsal", "main.js");
    const options = ["--stack", STACK, "--state", folder.engine, "--config-file", settings];
    const env = environment(emulator, folder);
    return commandLine(folder, (command) =>
      startIn(folder, env, process.execPath, [main, ...command, ...options]),
    );
  },
};

const ASKING = ["up", "refresh", "destroy"];

const pulumi: EngineRow = {
  name: named("the Pulumi CLI"),
  present: findPulumi() !== undefined,
  open: async (emulator) => {
    const folder = quickstart();
    const env = environment(emulator, folder);
    const line = commandLine(folder, ([verb = "", ...rest]) => {
      const yes = ASKING.includes(verb) ? ["--yes", "--skip-preview"] : verb === "cancel" ? ["--yes"] : [];
      return startIn(folder, env, "pulumi", [verb, ...rest, ...yes, "--non-interactive"]);
    });
    for (const command of [
      ["stack", "init", STACK],
      ["config", "set", "azureml:workspaceId", emulator.workspaceId],
    ]) {
      const { code, text } = await line.run(...command);
      if (code !== 0) throw new Error(`pulumi ${command.join(" ")} failed: ${text}`);
    }
    return line;
  },
};

export const engineRows: readonly EngineRow[] = [rehearsal, pulumi];

/** Whether what the suite runs has been built. */
export const isBuilt = (): boolean => existsSync(join(repository(), "dist", "rehearsal", "main.js"));
