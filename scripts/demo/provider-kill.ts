import { mkdtempSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** A provider that dies while its engine waits for it. */
export interface Kill {
  /** The environment in which a provider says which process it is. */
  readonly env: Readonly<Record<string, string>>;
  /** Kills as soon as `due` says so. */
  watch(due: () => Promise<boolean>): void;
  /** Ends the watch, and gives how many processes were killed. */
  end(): Promise<number>;
}

/** Prepares to kill the provider of the next command. `folder` takes the notes with its process id. */
export function prepareKill(folder: string): Kill {
  const notes = mkdtempSync(join(folder, "providers-"));
  const announce = `--require ${JSON.stringify(join(__dirname, "announce-provider.js"))}`;
  let [ended, killed, watching] = [false, 0, Promise.resolve()];
  const kill = async (due: () => Promise<boolean>) => {
    while (!ended && !(await due())) await wait(20);
    if (!ended) killed = readdirSync(notes).filter(endProcess).length;
  };
  return {
    env: { NODE_OPTIONS: `${process.env["NODE_OPTIONS"] ?? ""} ${announce}`.trim(), DEMO_PROVIDERS: notes },
    watch: (due) => void (watching = kill(due)),
    async end() {
      ended = true;
      await watching;
      return killed;
    },
  };
}

const endProcess = (pid: string): boolean => {
  try {
    return process.kill(Number(pid), "SIGKILL");
  } catch {
    return false;
  }
};
