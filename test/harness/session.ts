import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { ConfigInput, Engine, EngineStack } from "./engines/engine";
import { startEmulatorProcess, type EmulatorProcess } from "./emulator-process";
import { watchProcesses, type Processes } from "./processes";
import { copyProject, repository, type ProjectFolder } from "./project-folder";

/** An emulated workspace, a copy of a program, and a stack of it. */
export interface Session {
  readonly folder: ProjectFolder;
  readonly stack: EngineStack;
  readonly processes: Processes;
  /** Opens a stack of another project, kept where this one is. It must be closed before the session. */
  openBeside(project: string, stack: string): Promise<EngineStack>;
  /** The workspace; another process after a restart. */
  emulator(): EmulatorProcess;
  /** Restarts the workspace at the same address, with the services that it has, for another bearer token. */
  restart(accessToken: string): Promise<void>;
  /** Ends what was started, and removes what was written. */
  close(): Promise<void>;
}

export const newToken = (): string => randomBytes(24).toString("hex");

export interface SessionOptions {
  /** The stack's name; `demo` when absent, so that no one's own settings of a stack are in the way. */
  readonly stack?: string;
  /** More arguments for the emulator. */
  readonly emulator?: readonly string[];
}

/**
 * Opens one for a folder with a Pulumi project.
 *
 * @throws when the emulator does not start, or the engine cannot make the stack; nothing is left behind then
 */
export async function openSession(
  engine: Engine,
  example: string,
  options: SessionOptions = {},
): Promise<Session> {
  const folder = copyProject(example);
  const emulator = restartable(["--data", folder.workspace, ...(options.emulator ?? [])]);
  const tidyUp = () => emulator.stop().finally(() => folder.remove());
  try {
    await emulator.start(newToken());
    const processes = watchProcesses(folder.processes);
    const open = opener(engine, folder, processes);
    const stack = await open(folder.project, options.stack ?? "demo");
    const close = () => stack.close().finally(tidyUp);
    const { running, start } = emulator;
    return { folder, stack, processes, openBeside: open, emulator: running, restart: start, close };
  } catch (error) {
    await tidyUp();
    throw error;
  }
}

/** Programs start without a type check, which `npm run types` does; compiled code is kept for the next start. */
function opener(engine: Engine, folder: ProjectFolder, processes: Processes) {
  const passphrase = newToken();
  const env = {
    ...processes.env,
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    NODE_COMPILE_CACHE: join(folder.root, "compiled"),
    TS_NODE_CACHE_DIRECTORY: join(folder.root, "ts-node"),
  };
  return (projectDir: string, stack: string) =>
    engine.open({ projectDir, stack, workDir: folder.engine, passphrase, env });
}

/** An emulator that keeps its address when it is started again. */
function restartable(options: readonly string[]) {
  let current: EmulatorProcess | undefined;
  const running = (): EmulatorProcess => {
    if (current === undefined) throw new Error("the emulator does not run");
    return current;
  };
  const stop = async () => current?.stop();
  const start = async (accessToken: string): Promise<void> => {
    const port = current === undefined ? "0" : new URL(current.url).port;
    await stop();
    current = await startEmulatorProcess(repository(), [
      ...["--access-token", accessToken, "--port", port],
      ...options,
    ]);
  };
  return { running, start, stop };
}

/** An example's folder, in the repository. */
export const exampleFolder = (name: string): string => join(repository(), "examples", name);

/** The configuration that leads to the emulated workspace; nothing else differs from one in Azure. */
export function workspaceConfig({
  emulator,
}: Pick<Session, "emulator">): Readonly<Record<string, ConfigInput>> {
  const { workspaceId, discoveryUrl, accessToken } = emulator();
  return {
    "azureml:workspaceId": workspaceId,
    "azureml:discoveryUrl": discoveryUrl,
    "azureml:accessToken": { secret: accessToken },
  };
}

const foreign = /^(AZUREML_|AZURE_|ARM_|PULUMI_)/;

/** Forgets the machine's own credentials and Pulumi settings, which must play no part in what is shown or tested. */
export function forgetOwnSettings(env: NodeJS.ProcessEnv = process.env): void {
  for (const name of Object.keys(env)) if (foreign.test(name)) delete env[name];
}
