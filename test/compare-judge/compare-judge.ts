import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { inferenceServer, readyPython } from "../harness/python";
import { writeReport } from "../harness/report";
import { judgeEmulated } from "./emulated";
import { plantedIn, writeInputs } from "./plan";
import type { Verdict } from "./run-compare";
import { judgeServers } from "./servers";

const usage = `Usage: npm run compare-judge -- [options]

Judges pulumi-azureml compare by differences that are planted: between two of Microsoft's inference servers
(azureml-inference-server-http) and between two emulated workspaces, one of whose answers has 100 MB, and whose key is rotated
halfway. The first run makes a virtual environment in the user's cache folder, which needs Python 3.9 to 3.11 and a PyPI index.

  --inputs N  how many inputs are sent                          (default 1000)
  --seed N    the seed by which differences are planted in them (default 18)
  --help      this text
`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** How many inputs cannot be compared: the emulated answer that is too large. */
const TOO_LARGE = 1;

const isRight = ({ missed, falseAlarms, notCompared, status }: Verdict, expected: number): boolean =>
  missed.length === 0 && falseAlarms.length === 0 && notCompared === expected && status === 1;

const sayVerdict = (verdict: Verdict, inputs: number, seed: number, expected: number): void => {
  const { name, found, missed, falseAlarms, notCompared, seconds, peakMb, status } = verdict;
  say(
    `${name} (seed ${seed}): ${inputs} inputs; planted differences found ${found}, missed ${missed.length}, false alarms ${falseAlarms.length}, ` +
      `not compared ${notCompared} (expected ${expected}), exit status ${status}; ${seconds.toFixed(1)} s, peak memory ${peakMb} MB`,
  );
  for (const line of [...missed, ...falseAlarms].slice(0, 10)) say(`  ${line}`);
};

const wholeNumber = (option: string, text: string, least: number): number => {
  if (/^\d{1,6}$/.test(text) && Number(text) >= least) return Number(text);
  throw new Error(`--${option}: expected a whole number of at least ${least}, found "${text}"`);
};

const LEAST_INPUTS = 20;

/** @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      inputs: { type: "string", default: "1000" },
      seed: { type: "string", default: "18" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    say(usage.trimEnd());
    return 0;
  }
  const inputs = wholeNumber("inputs", values.inputs, LEAST_INPUTS);
  const seed = wholeNumber("seed", values.seed, 0);
  const planted = plantedIn(inputs, seed);
  const folder = mkdtempSync(join(tmpdir(), "azureml-compare-"));
  try {
    const file = join(folder, "inputs.jsonl");
    writeInputs(file, inputs);
    const python = readyPython(say, inferenceServer);
    const { name, version } = inferenceServer;
    const judged = [
      ...(python === undefined
        ? []
        : [{ expected: 0, verdict: await judgeServers(python, `${name} ${version}`, file, planted) }]),
      { expected: TOO_LARGE, verdict: await judgeEmulated(file, inputs, planted) },
    ];
    for (const { verdict, expected } of judged) sayVerdict(verdict, inputs, seed, expected);
    const failed = judged.filter(({ verdict, expected }) => !isRight(verdict, expected)).length;
    writeReport(
      "compare-judge",
      { passed: judged.length - failed, failed, skipped: python === undefined ? 1 : 0 },
      { seed, verdicts: judged.map(({ verdict: { report: _, ...rest } }) => rest) },
    );
    return failed === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
