import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { toKubernetes, type Translation } from "../../kubernetes/bodies";
import { map } from "../../kubernetes/map";
import type { MapRow } from "../../kubernetes/row";
import { isSet } from "../../provider/core/values";
import { fields } from "../../provider/schema/fields";
import { repository } from "../harness/project-folder";
import { endpoints, readyPython } from "../harness/python";
import { writeReport } from "../harness/report";
import { faults, withFault, type Fault } from "./faults";
import { drawCases, recordedShapes, type Case } from "./services";

const usage = `Usage: npm run judge -- [options]

Judges the bodies of Kubernetes online endpoints: Microsoft's own client (azure-ai-ml), without a network, makes them from the same
web services, and its REST models read ours back. Then each row of the map gets a mistake, which must be noticed. The first run makes
a virtual environment in the user's cache folder, which needs
Python 3.9 to 3.11 and a PyPI index; later runs use it again.

  --services N     how many services are drawn        (default 200)
  --seed N         the seed that they are drawn with  (default 18)
  --plant SETTING  spoil the map's row of this setting alone, and show what is noticed; "all" for each that can be
  --help           this text
`;

/** One body's finding, by the service's number. */
interface Entry {
  readonly service: number;
  readonly on: string;
  readonly path: string;
  readonly [detail: string]: unknown;
}

interface Verdict {
  readonly name: string;
  readonly members: number;
  readonly different: readonly Entry[];
  readonly findings: readonly Entry[];
  /** Settings of a service of which the translation says nothing, or something twice. */
  readonly unsaid: readonly Entry[];
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const translated = (cases: readonly Case[], rows: readonly MapRow[] = map): readonly Translation[] =>
  cases.map(({ settings, destination }) => toKubernetes({ settings }, destination, rows));

const unsaidIn = (cases: readonly Case[], translations: readonly Translation[]): readonly Entry[] =>
  cases.flatMap(({ settings }, service) =>
    Object.keys(settings)
      .filter((input) => isSet(settings[input]))
      .filter(
        (input) => translations[service]!.findings.filter(({ setting }) => setting === input).length !== 1,
      )
      .map((path) => ({ service, on: "findings", path, says: "the map has no row of it" })),
  );

/** A service, and the body of its endpoint and of its deployment as they are to be judged. */
interface Task {
  readonly cases: readonly (Case & { readonly deploymentName: unknown })[];
  readonly variants: readonly {
    readonly name: string;
    readonly bodies: readonly { readonly endpoint: unknown; readonly deployment: unknown }[];
  }[];
}

/** What the client says of bodies, however they came about. */
export function askClient(
  python: string,
  task: Task,
): { readonly client: string; readonly results: readonly Omit<Verdict, "unsaid">[] } {
  const { status, stdout, stderr } = spawnSync(python, [join(repository(), "test", "judge", "judge.py")], {
    input: JSON.stringify(task),
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (status !== 0)
    throw new Error(`the client could not judge:\n${stderr.trim().split("\n").slice(-8).join("\n")}`);
  return JSON.parse(stdout) as ReturnType<typeof askClient>;
}

/** The client's opinion of every set of bodies. Its own are made once. */
function judged(
  python: string,
  cases: readonly Case[],
  variants: readonly { readonly name: string; readonly rows: readonly MapRow[] }[],
): { readonly client: string; readonly verdicts: readonly Verdict[] } {
  const translations = variants.map(({ rows }) => translated(cases, rows));
  const names = translated(cases).map(({ deployment }) => deployment["deploymentName"]);
  const task = {
    cases: cases.map((one, number) => ({ ...one, deploymentName: names[number] })),
    variants: variants.map(({ name }, number) => ({
      name,
      bodies: translations[number]!.map(({ endpoint, deployment }) => ({ endpoint, deployment })),
    })),
  };
  const { client, results } = askClient(python, task);
  const verdicts = results.map((result, number) => ({
    ...result,
    unsaid: unsaidIn(cases, translations[number]!),
  }));
  return { client, verdicts };
}

/** How often each setting is set, and the one that is set least. */
const leastSet = (cases: readonly Case[]) =>
  fields
    .map(({ input }) => ({ input, times: cases.filter(({ settings }) => isSet(settings[input])).length }))
    .reduce((least, one) => (one.times < least.times ? one : least));

const LEAST = 5;

const firstIn = ({ different, findings, unsaid }: Verdict): Entry | undefined =>
  [...different, ...findings, ...unsaid][0];

const variantOf = (fault: Fault) => ({ name: fault.setting, rows: withFault(fault) });

/** The map as it is, and with each fault that it could have: the client is started once for all. */
function everything(python: string, cases: readonly Case[], seed: number): boolean {
  const variants = [{ name: "the map", rows: map }, ...faults.map(variantOf)];
  const { client, verdicts } = judged(python, cases, variants);
  const [{ members, different, findings, unsaid }, ...spoilt] = verdicts as [Verdict, ...Verdict[]];
  const entries = [...different, ...findings, ...unsaid];
  for (const { service, on, path, ...details } of entries.slice(0, 20))
    say(`service ${service}, ${on} ${path}: ${JSON.stringify(details)}`);
  const wrong = new Set(entries.map(({ service }) => service)).size;
  const least = leastSet(cases);
  if (least.times < LEAST) say(`${least.input} is set ${least.times} times; expected ${LEAST} at least`);
  const missed = spoilt.filter((verdict) => !firstIn(verdict)).map(({ name }) => name);
  for (const name of missed)
    say(`NOT CAUGHT  ${name}: ${faults.find(({ setting }) => setting === name)!.says}`);
  const count = {
    passed: cases.length - wrong + spoilt.length - missed.length,
    failed: wrong + missed.length + (least.times < LEAST ? 1 : 0),
    skipped: 0,
  };
  writeReport("judge", count, { client, seed, members, different, findings, unsaid, missed });
  say(
    `judge (seed ${seed}): ${cases.length} services drawn from ${recordedShapes().length} recorded shapes, every row at least ${least.times} times, ` +
      `azure-ai-ml ${client}, ${members} members: different ${different.length}, findings when read back ${findings.length}, ` +
      `settings without a row ${unsaid.length}`,
  );
  say(
    `judge (seed ${seed}): ${spoilt.length} faults planted in the map, one a row: caught ${spoilt.length - missed.length}, not caught ${missed.length}`,
  );
  return count.failed === 0;
}

/** Only some faults, each with what the client says of it. */
function planted(python: string, cases: readonly Case[], seed: number, wanted: readonly Fault[]): boolean {
  const variants = [{ name: "none", rows: map }, ...wanted.map(variantOf)];
  const [clean, ...verdicts] = judged(python, cases, variants).verdicts as [Verdict, ...Verdict[]];
  if (firstIn(clean))
    throw new Error(`the map without a fault is not clean: ${JSON.stringify(firstIn(clean))}`);
  for (const [number, verdict] of verdicts.entries()) {
    const caught = firstIn(verdict);
    say(`${caught ? "caught" : "NOT CAUGHT"}  ${verdict.name}: ${wanted[number]!.says}`);
    if (caught) say(`      ${JSON.stringify(caught)}`);
  }
  const missed = verdicts.filter((verdict) => !firstIn(verdict)).length;
  say(`judge (seed ${seed}): ${verdicts.length - missed} caught, ${missed} not caught`);
  return missed === 0;
}

function faultsNamed(name: string): readonly Fault[] {
  const found = name === "all" ? faults : faults.filter(({ setting }) => setting === name);
  if (found.length > 0) return found;
  throw new Error(
    `--plant: expected all, ${faults.map(({ setting }) => setting).join(", ")}; found "${name}"`,
  );
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--${option}: expected a whole number, found "${text}"`);
}

/** @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      services: { type: "string", default: "200" },
      seed: { type: "string", default: "18" },
      plant: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    say(usage.trimEnd());
    return 0;
  }
  const wanted = values.plant === undefined ? undefined : faultsNamed(values.plant);
  const seed = wholeNumber("seed", values.seed);
  const cases = drawCases(wholeNumber("services", values.services), seed);
  const python = readyPython(say, endpoints);
  if (python === undefined) {
    if (!wanted) writeReport("judge", { passed: 0, failed: 0, skipped: cases.length + faults.length });
    return 0;
  }
  const passed = wanted ? planted(python, cases, seed, wanted) : everything(python, cases, seed);
  return passed ? 0 : 1;
}
