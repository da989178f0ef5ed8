import { readFileSync } from "node:fs";
import type { Normaliser } from "./normalise";

/** One line that the tracing provider wrote: a call, or the answer to one. */
export interface TraceLine {
  readonly kind: "call" | "answer";
  readonly pid: number;
  readonly n: number;
  readonly via: string;
  readonly method?: string;
  readonly args?: Record<string, unknown>;
  readonly returned?: unknown;
  readonly threw?: unknown;
}

export const readTrace = (file: string): readonly TraceLine[] =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as TraceLine);

const keyOf = ({ pid, via, n }: TraceLine): string => `${pid} ${via} ${n}`;

/** Calls that have no answer yet. */
export function openCalls(lines: readonly TraceLine[]): number {
  const answered = new Set(lines.filter(({ kind }) => kind === "answer").map(keyOf));
  return lines.filter((line) => line.kind === "call" && !answered.has(keyOf(line))).length;
}

/**
 * Calls with their answers, in order of their start.
 * @param pids the provider processes seen so far, which are numbered; new ones are added
 */
export function recordedCalls(
  lines: readonly TraceLine[],
  pids: number[],
  normal: Normaliser,
): readonly Record<string, unknown>[] {
  const answers = new Map(lines.filter(({ kind }) => kind === "answer").map((line) => [keyOf(line), line]));
  const calls = lines.filter(({ kind }) => kind === "call");
  return calls.map((line) => {
    if (!pids.includes(line.pid)) pids.push(line.pid);
    const { returned, threw } = answers.get(keyOf(line)) ?? {};
    const answer = {
      ...(returned === undefined ? {} : { returned }),
      ...(threw === undefined ? {} : { threw }),
    };
    const { method, process, via, ...rest } = normal.deep({
      ...{ method: line.method, process: pids.indexOf(line.pid) + 1 },
      ...(line.via === "v1" ? {} : { via: line.via }),
      ...line.args,
      ...answer,
    }) as Record<string, unknown>;
    return { method, process, ...(via ? { via } : {}), ...rest };
  });
}
