import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Report } from "../../cli/compare/report";
import { repository } from "../harness/project-folder";
import type { Planted } from "./plan";

/** What `compare` said of planted differences. */
export interface Verdict {
  readonly name: string;
  readonly found: number;
  /** What was planted and not found as what it is. */
  readonly missed: readonly string[];
  /** Inputs that were said to differ, and do not. */
  readonly falseAlarms: readonly string[];
  readonly notCompared: number;
  readonly status: number;
  readonly seconds: number;
  /** The most memory that the program had, in MB. */
  readonly peakMb: number;
  readonly report: Report;
}

export interface Task {
  readonly name: string;
  readonly old: string;
  readonly fresh: string;
  readonly inputs: string;
  readonly planted: Planted;
  readonly env: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

/** Says at its end how much memory the process had at most, in kilobytes. */
const MEMORY = 'process.on("exit",()=>process.stderr.write(`\\npeak ${process.resourceUsage().maxRSS}\\n`))';

/** Runs the built program as its users do, and judges its report by what was planted. */
export const runCompare = async ({
  name,
  old,
  fresh,
  inputs,
  planted,
  env,
  args = [],
}: Task): Promise<Verdict> => {
  const begun = Date.now();
  const { status, stdout, stderr } = await run(
    [
      ...[
        "--old",
        old,
        "--new",
        fresh,
        "--inputs",
        inputs,
        "--rate",
        "1000",
        "--format",
        "json",
        "--show",
        "1000000",
      ],
      ...["--ignore", "**.requestId", "--unordered", "$.top", ...args],
    ],
    env,
  );
  const peak = /^peak (\d+)$/m.exec(stderr)?.[1];
  const report = parsed(stdout);
  if (report === undefined || peak === undefined)
    throw new Error(`compare ended with ${status}: ${stderr.trim()}`);
  const said = new Map(
    report.differences.map(({ input, differences }) => [Number(/\d+/.exec(input)) - 1, differences]),
  );
  const missed = [...planted].filter(
    ([n, kind]) => said.get(n)?.every((each) => each.kind === kind) !== true,
  );
  return {
    ...{ name, status, report, found: planted.size - missed.length },
    missed: missed.map(
      ([n, kind]) => `line ${n + 1} (${kind}): ${JSON.stringify(said.get(n) ?? "not found")}`,
    ),
    falseAlarms: [...said]
      .filter(([n]) => !planted.has(n))
      .map(([n, differences]) => `line ${n + 1}: ${JSON.stringify(differences)}`),
    notCompared: report.inputs.notCompared,
    seconds: (Date.now() - begun) / 1000,
    peakMb: Math.round(Number(peak) / 1024),
  };
};

const parsed = (text: string): Report | undefined => {
  try {
    const report = JSON.parse(text) as Report;
    return Array.isArray(report.differences) ? report : undefined;
  } catch {
    return undefined;
  }
};

const run = (args: readonly string[], env: Readonly<Record<string, string>>) =>
  new Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }>(
    (resolve, reject) => {
      const program = join(repository(), "cli", "bin.js");
      const hook = `data:text/javascript,${encodeURIComponent(MEMORY)}`;
      const child = spawn(process.execPath, ["--import", hook, program, "compare", ...args], {
        env: { PATH: process.env["PATH"] ?? "", ...env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let [stdout, stderr] = ["", ""];
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
      child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
      child.on("error", reject);
      child.on("close", (status) => resolve({ status: status ?? -1, stdout, stderr }));
    },
  );
