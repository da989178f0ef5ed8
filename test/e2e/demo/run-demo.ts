import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "..", "..", "..");

/** A folder of its own for temporary files, so that a test sees what is left behind. */
export const ownTemporary = (): string => mkdtempSync(join(realpathSync(tmpdir()), "demo-test-"));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What can be done to a demo while it runs: ^C, and to stop reading what it prints. */
export interface Running {
  interrupt(): void;
  stopReading(): void;
}

/** Runs the demo as `npm run demo` does. `watch` is told all that was printed so far, each time there is more. */
export async function runDemo(
  args: readonly string[],
  temporary: string,
  watch: (printed: string, running: Running) => void = () => undefined,
): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, "dist", "scripts", "demo", "main.js"), ...args], {
    cwd: root,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const running: Running = {
    interrupt: () => void child.kill("SIGINT"),
    stopReading: () => void child.stdout.destroy(),
  };
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
    watch(stdout, running);
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}
