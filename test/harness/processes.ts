import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { LATE_MODULES } from "../../rehearsal/host/late-modules-flag";
import { repository } from "./project-folder";

/** The processes that an engine starts: what is in their environment, and which of them are providers. */
export interface Processes {
  /** The environment to open a stack with. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs something during which processes have more variables. */
  within<T>(more: Readonly<Record<string, string>>, run: () => Promise<T>): Promise<T>;
  /** Runs something during which the providers are killed as soon as `due` says so. */
  killing<T>(due: () => Promise<boolean>, run: () => Promise<T>): Promise<T>;
}

/** NODE_OPTIONS of an engine's processes, which start in half the time (docs/decisions/007-late-modules.md). */
export const loadingFirst = (more: readonly string[] = []): string =>
  [process.env["NODE_OPTIONS"] ?? "", ...[...LATE_MODULES, ...more].map((option) => JSON.stringify(option))]
    .join(" ")
    .trim();

/** `folder` takes the notes that the processes read and write. */
export function watchProcesses(folder: string): Processes {
  const hook = join(repository(), "test", "harness", "process-hook.js");
  return {
    env: { NODE_OPTIONS: loadingFirst(["--require", hook]), DEMO_PROCESSES: folder },
    within: (more, run) => {
      const file = join(folder, "environment.json");
      writeFileSync(file, JSON.stringify(more));
      return run().finally(() => rmSync(file));
    },
    async killing(due, run) {
      let ended = false;
      const [older, watched] = [new Set(readdirSync(folder)), until(due, () => ended)];
      const killed = watched.then(() => {
        if (!ended)
          readdirSync(folder)
            .filter((note) => !older.has(note))
            .forEach(kill);
      });
      const result = await run().finally(() => (ended = true));
      await killed;
      return result;
    },
  };
}

async function until(due: () => Promise<boolean>, ended: () => boolean): Promise<void> {
  while (!ended() && !(await due())) await wait(20);
}

/** Kills the provider that wrote a note; its process id is the note's name. */
function kill(note: string): void {
  const pid = /^(\d+)\.provider$/.exec(note)?.[1];
  if (pid === undefined) return;
  try {
    process.kill(Number(pid), "SIGKILL");
  } catch {
    // It ended by itself.
  }
}
