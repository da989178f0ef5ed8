import { spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { commands } from "../../cli/commands";
import { runCommand, machineContext, type CliContext } from "../../cli/program";
import type { Emulator } from "../../emulator";
import { repository } from "../harness/project-folder";

export interface CliRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment in which a command finds the emulated workspace. */
export const envFor = ({ discoveryUrl, accessToken, workspaceId }: Emulator) => ({
  AZUREML_DISCOVERY_URL: discoveryUrl,
  AZUREML_ACCESS_TOKEN: accessToken,
  AZUREML_WORKSPACE_ID: workspaceId,
});

/** Runs a command in this process. */
export const runCli = async (args: readonly string[], context: Partial<CliContext> = {}): Promise<CliRun> => {
  const written = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof written) => ({ write: (text: string) => (written[name] += text) });
  const status = await runCommand(commands, args, {
    ...machineContext(new AbortController().signal),
    env: {},
    streams: { stdout: stream("stdout"), stderr: stream("stderr") },
    ...context,
  });
  return { status, ...written };
};

/** Runs the built program, as a user does. */
export const runProgram = (args: readonly string[], env: Readonly<Record<string, string>>): Promise<CliRun> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(repository(), "cli", "bin.js"), ...args], {
      env: { PATH: process.env["PATH"] ?? "", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    child.on("error", reject);
    child.on("close", (status) => resolve({ status: status ?? 1, stdout, stderr }));
  });

/** All files below a folder, by path. */
export const filesIn = (folder: string, below = ""): Record<string, string> =>
  Object.fromEntries(
    readdirSync(join(folder, below))
      .sort()
      .flatMap((name) => {
        const path = below === "" ? name : `${below}/${name}`;
        return statSync(join(folder, path)).isDirectory()
          ? Object.entries(filesIn(folder, path))
          : [[path, readFileSync(join(folder, path), "utf8")] as const];
      }),
  );
