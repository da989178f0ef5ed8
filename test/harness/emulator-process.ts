import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** What the emulator says when it is ready. */
export interface Ready {
  readonly url: string;
  readonly discoveryUrl: string;
  readonly accessToken: string;
  readonly workspaceId: string;
}

/** The emulator as a program of its own, as a user starts it. */
export interface EmulatorProcess extends Ready {
  /** Ends it. With a data folder its services are there again after the next start. */
  stop(): Promise<void>;
}

/** Starts the emulator of the package in `root`. Throws with what it wrote when it does not start. */
export async function startEmulatorProcess(
  root: string,
  options: readonly string[],
): Promise<EmulatorProcess> {
  const child = spawn(process.execPath, [join(root, "emulator", "bin.js"), ...options], {
    stdio: ["ignore", "pipe", "pipe"],
    // Of its own process group: ^C in a terminal must not end it before the demo has tidied up.
    detached: process.platform !== "win32",
  });
  const end = () => void child.kill("SIGTERM");
  process.once("exit", end);
  const ready = JSON.parse(await firstLine(child)) as Ready;
  return { ...ready, stop: () => stop(child).finally(() => process.off("exit", end)) };
}

async function firstLine(
  child: ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream },
) {
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  const ended = once(child, "close").then(() => {
    throw new Error(`EmulatorNotStarted: ${complaint.trim() || "the emulator ended without a word"}`);
  });
  const [line] = (await Promise.race([once(createInterface(child.stdout), "line"), ended])) as [string];
  ended.catch(() => undefined);
  return line;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}
