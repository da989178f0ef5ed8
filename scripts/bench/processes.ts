import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Processor time, user's and system's, and the most memory of a process; of several, their sum. */
export interface Usage {
  readonly cpuMs: number;
  readonly peakMb: number;
}

export const roles = ["engine", "program", "provider"] as const;
export type Role = (typeof roles)[number];

export interface Measured {
  readonly wallMs: number;
  readonly used: Readonly<Record<Role, Usage>>;
}

/**
 * The variables with which the processes that an engine starts note what they use.
 *
 * @param program the folder of the bench's program
 * @param notes where they note it
 */
export const watched = (program: string, notes: string): Record<string, string> => ({
  BENCH_NOTES: notes,
  NODE_OPTIONS: `--require ${JSON.stringify(join(program, "usage-hook.js"))}`,
});

/** Runs something, and tells what it took in the engine, the program and the provider. */
export async function measured<T>(
  folder: string,
  run: () => Promise<T>,
): Promise<{ readonly result: T; readonly took: Measured }> {
  for (const note of readdirSync(folder).filter(isNote)) rmSync(join(folder, note));
  const engine = watchEngine();
  const begun = performance.now();
  const result = await run().finally(engine.stop);
  const wallMs = performance.now() - begun;
  const used = {
    engine: engine.used(),
    program: noted(folder, "program"),
    provider: noted(folder, "provider"),
  };
  return { result, took: { wallMs, used } };
}

const isNote = (name: string): boolean => /\.json(\.new)?$/.test(name);

const noted = (folder: string, role: Role): Usage =>
  readdirSync(folder)
    .filter((note) => note.endsWith(`.${role}.json`))
    .map((note) => JSON.parse(readFileSync(join(folder, note), "utf8")) as Usage)
    .reduce(sum, { cpuMs: 0, peakMb: 0 });

const sum = (one: Usage, other: Usage): Usage => ({
  cpuMs: one.cpuMs + other.cpuMs,
  // A preview and the update after it have processes of their own, one after the other.
  peakMb: Math.max(one.peakMb, other.peakMb),
});

const EVERY_MS = 20;
const TICK_MS = 10;

/** The CLI among this process's children, as Linux tells it; the rehearsal runs in this process itself. */
function watchEngine(): { readonly stop: () => void; readonly used: () => Usage } {
  const seen = new Map<string, Usage>();
  const before = process.cpuUsage();
  const timer = setInterval(() => childrenNamed("pulumi").forEach((pid) => look(seen, pid)), EVERY_MS);
  return {
    stop: () => clearInterval(timer),
    used: () => {
      if (seen.size > 0) return [...seen.values()].reduce(sum);
      const { user, system } = process.cpuUsage(before);
      return { cpuMs: (user + system) / 1000, peakMb: process.memoryUsage.rss() / (1024 * 1024) };
    },
  };
}

const read = (file: string): string => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
};

const childrenNamed = (name: string): readonly string[] =>
  read(`/proc/self/task/${process.pid}/children`)
    .split(" ")
    .filter((pid) => pid !== "" && read(`/proc/${pid}/comm`).trim() === name);

function look(seen: Map<string, Usage>, pid: string): void {
  const stat = read(`/proc/${pid}/stat`);
  const peak = /VmHWM:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1];
  // The name, in parentheses, may hold blanks; user and system time are the 12th and 13th after it.
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13);
  if (peak === undefined || user === undefined || system === undefined) return;
  seen.set(pid, { cpuMs: (Number(user) + Number(system)) * TICK_MS, peakMb: Number(peak) / 1024 });
}
