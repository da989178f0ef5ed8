import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { outputNames } from "../../sdk/args";
import { chooseEngine } from "../../test/harness/engines/choose";
import { repository } from "../../test/harness/project-folder";
import { forgetOwnSettings } from "../../test/harness/session";
import { runProgram } from "../program";
import { budgetLine, countedBudgets, LOAD, isMissed, tableOf, timedBudgets, type Budget } from "./budgets";
import { kinds, liveOnce, type Bench, type Kind, type Life } from "./life";
import { pythonRows } from "./python";
import { parseOptions, usage, type BenchOptions } from "./options";

const [succeeded, missed] = [0, 1];

/** How many services, and how often what is compared runs; in pairs, so that a busy machine is busy for both. */
const COUNTS = { all: [10, 100, 300, 1000], quick: [10, 50], counted: [3] } as const;
const PAIRS = { all: 2, quick: 2, counted: 1 } as const;

async function bench({ engine: name, part, services, json }: BenchOptions): Promise<number> {
  if (part === "upload" || part === "throttled") return alone(part);
  forgetOwnSettings();
  const folder = mkdtempSync(join(tmpdir(), "azureml-bench-"));
  try {
    const runs = { engine: chooseEngine(name), shape: join(folder, "shape.json") };
    await writeShape(runs);
    const lives: Life[] = [];
    for (const [kind, count] of plan(part, services ?? COUNTS[part])) {
      process.stderr.write(`${kind}, ${count} services\n`);
      lives.push(await liveOnce(runs, kind, count));
    }
    const budgets = [
      ...countedBudgets(lives),
      ...(part === "counted" ? [] : [...timedBudgets(lives), loadBudget()]),
    ];
    const python = part === "counted" ? [] : await pythonRows((services ?? COUNTS[part])[0]!);
    print(runs.engine.name, lives, python, budgets);
    if (json !== undefined)
      writeFileSync(json, `${JSON.stringify({ engine: runs.engine.name, lives, budgets }, undefined, 2)}\n`);
    const uploaded = part === "all" ? alone("upload") : succeeded;
    return budgets.some(isMissed) ? missed : uploaded;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Kinds that are compared run in turn; the others once, and in a quick run only where they are few. */
function plan(part: keyof typeof COUNTS, counts: readonly number[]): readonly (readonly [Kind, number])[] {
  return counts.flatMap((count, place) => {
    if (part === "counted") return [["ours", count] as const, ["usual", count] as const];
    const pairs = Array.from({ length: PAIRS[part] }, () => [
      ["ours", count] as const,
      ["same", count] as const,
    ]);
    const others = kinds
      .filter((kind) => kind === "ten" || kind === "usual")
      .map((kind) => [kind, count] as const);
    return part === "quick" && place > 0 ? pairs.flat() : [...pairs.flat(), ...others];
  });
}

/** One of our services, so that the provider that only answers has the very same outputs. */
async function writeShape(runs: Bench): Promise<void> {
  let outputs: object = {};
  await liveOnce(runs, "ours", 1, (state) => (outputs = state));
  const rest = Object.entries(outputs).filter(([name]) => name !== "__provider");
  const plain = rest.map(([name, value]) => [name, withoutSecret(value)]);
  writeFileSync(runs.shape, JSON.stringify({ names: outputNames, outputs: Object.fromEntries(plain) }));
}

/** A secret as the engine shows it in a state: its value as a text of JSON. */
const withoutSecret = (value: unknown): unknown => {
  const { plaintext } = (value ?? {}) as { readonly plaintext?: unknown };
  return typeof plaintext === "string" ? JSON.parse(plaintext) : value;
};

function print(
  engine: string,
  lives: readonly Life[],
  python: readonly string[],
  budgets: readonly Budget[],
): void {
  const state = kinds.flatMap((kind) => {
    const bytes = lives.filter((life) => life.kind === kind).at(-1)?.stateBytes;
    return bytes === undefined ? [] : [`${kind} ${bytes.toFixed(0)}`];
  });
  const lines = [
    `Engine: ${engine}`,
    ...tableOf(lives),
    ...python,
    `Bytes of state for a service: ${state.join(", ")}`,
  ];
  process.stdout.write(`${[...lines, "", ...budgets.map(budgetLine)].join("\n")}\n`);
}

const LOAD_RUNS = 7;

/** What it takes to require what the text in the state requires, of what the host's own gRPC takes in the same process. */
function loadBudget(): Budget {
  const file = join(repository(), "dist", "provider.js");
  const took = Array.from({ length: LOAD_RUNS }, () => requiring("@grpc/grpc-js", file));
  const [host, own] = [0, 1].map((place) => Math.min(...took.map((times) => times[place]!)));
  return {
    name: "requiring the provider, of the host's gRPC",
    figure: own! / host!,
    limit: LOAD,
    noise: 0,
  };
}

/** Milliseconds of processor time that each module takes, one after the other. */
function requiring(...modules: readonly string[]): readonly number[] {
  const text =
    `const took = ${JSON.stringify(modules)}.map((module) => { const begun = process.cpuUsage(); require(module);` +
    "const { user, system } = process.cpuUsage(begun); return (user + system) / 1000; });" +
    "process.stdout.write(JSON.stringify(took)); process.exit();";
  const { stdout } = spawnSync(process.execPath, ["-e", text], { encoding: "utf8", cwd: repository() });
  return JSON.parse(stdout) as readonly number[];
}

/** In a process of its own, whose memory and settings are then its own. */
function alone(part: "upload" | "throttled"): number {
  const file = join(repository(), "dist", "scripts", "bench", `${part}.js`);
  return spawnSync(process.execPath, ["--expose-gc", file], { stdio: "inherit" }).status ?? missed;
}

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options !== "help") return bench(options);
  process.stdout.write(usage);
  return succeeded;
}

runProgram("bench", main);
