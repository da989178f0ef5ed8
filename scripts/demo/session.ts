import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Engine, EngineStack } from "../engines/engine";
import { startEmulatorProcess, type EmulatorProcess } from "./emulator-process";
import { watchProcesses, type Processes } from "./processes";
import { copyProject, repository, type ProjectFolder } from "./project-folder";

/** An emulated workspace, a copy of a program, and a stack of it. */
export interface Session {
  readonly folder: ProjectFolder;
  readonly stack: EngineStack;
  readonly processes: Processes;
  /** The workspace; another process after a restart. */
  emulator(): EmulatorProcess;
  /** Restarts the workspace at the same address, with the services that it has, for another bearer token. */
  restart(accessToken: string): Promise<void>;
  /** Ends what was started, and removes what was written. */
  close(): Promise<void>;
}

export const newToken = (): string => randomBytes(24).toString("base64url");

/** Opens one for a folder with a Pulumi project. Type errors are the compiler's to find, so programs start faster. */
export async function openSession(engine: Engine, example: string): Promise<Session> {
  const folder = copyProject(example);
  let running: EmulatorProcess | undefined;
  const start = async (accessToken: string, port: string) => {
    const options = ["--access-token", accessToken, "--port", port, "--data", folder.workspace];
    running = await startEmulatorProcess(repository(), options);
  };
  const close = async () => {
    await running?.stop();
    folder.remove();
  };
  try {
    await start(newToken(), "0");
    const processes = watchProcesses(folder.processes);
    const stack = await engine.open({
      projectDir: folder.project,
      stack: "dev",
      workDir: folder.engine,
      passphrase: newToken(),
      env: { ...processes.env, PULUMI_NODEJS_TRANSPILE_ONLY: "true" },
    });
    const restart = async (accessToken: string) => {
      const { port } = new URL((running as EmulatorProcess).url);
      await running?.stop();
      await start(accessToken, port);
    };
    return {
      folder,
      stack,
      processes,
      emulator: () => running as EmulatorProcess,
      restart,
      close: () => stack.close().finally(close),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** An example's folder, in the repository. */
export const exampleFolder = (name: string): string => join(repository(), "examples", name);
