import { parseArgs } from "node:util";
import { nameOf, runCell, type Cell, type Verdict } from "./cell";
import { betweenRuns, faults, type Fault } from "./faults";
import { hands } from "./hands";
import { scenarios, type Scenario } from "./scenarios";
import type { Place } from "./wire";

/** A chance that comes out the same for the same seed. */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const shuffled = <T>(all: readonly T[], seed: number): T[] => {
  const [next, result] = [chance(seed), [...all]];
  for (let n = result.length - 1; n > 0; n -= 1) {
    const other = Math.floor(next() * (n + 1));
    [result[n], result[other]] = [result[other]!, result[n]!];
  }
  return result;
};

/** The requests of a run that are worth a fault each: all but the polls between the first and the last. */
const worth = (places: readonly Place[]): readonly Place[] => {
  const last = (place: Place): boolean =>
    place.nth === Math.max(...places.filter(({ kind }) => kind === place.kind).map(({ nth }) => nth));
  return places.filter((place) => place.kind !== "GET /operations/*" || place.nth === 1 || last(place));
};

const fits = (fault: Fault, { kind }: Place): boolean => fault.fits === undefined || fault.fits.test(kind);

const BETWEEN: Place = Object.freeze({ kind: "between the runs", nth: 1 });

const cellsOf = (scenario: Scenario, places: readonly Place[]): readonly Cell[] => [
  ...worth(places).flatMap((at) =>
    faults.filter((fault) => fits(fault, at)).map((fault) => ({ scenario, at, fault })),
  ),
  ...betweenRuns.map((fault) => ({ scenario, at: BETWEEN, fault })),
];

/** Every cell: each request that each scenario is seen to make, with each fault. @throws when a scenario fails without one */
async function allCells(): Promise<readonly Cell[]> {
  const cells: Cell[] = [];
  for (const scenario of scenarios) {
    const reference = await runCell({ scenario });
    if (reference.kind !== "recovered" || reference.error !== undefined)
      throw new Error(`${reference.cell}: ${[reference.error, ...reference.findings].join("; ")}`);
    cells.push(...cellsOf(scenario, reference.places));
  }
  return cells;
}

export interface Selection {
  readonly seed: number;
  /** How many cells, drawn by the seed; all when absent. */
  readonly sample?: number | undefined;
  /** Part of the cells' names, as a regular expression. */
  readonly only?: string | undefined;
}

/** The selected cells in the order that the seed gives. */
export async function select({ seed, sample, only }: Selection): Promise<readonly Cell[]> {
  const pattern = new RegExp(only ?? "", "i");
  const cells = shuffled(await allCells(), seed).filter((cell) => pattern.test(nameOf(cell)));
  return cells.slice(0, sample ?? cells.length);
}

const isKnownHand = (hand: string | undefined): boolean => hand !== undefined && hands.includes(hand);

/** A cell passes when the next run recovers, or it takes one of the few kinds of hands that are documented. */
export const passes = ({ kind, hand }: Verdict): boolean =>
  kind === "recovered" || (kind === "hand" && isKnownHand(hand));

export interface Summary {
  readonly cells: number;
  readonly recovered: number;
  readonly hands: Readonly<Record<string, number>>;
  readonly failed: readonly Verdict[];
}

export function summary(verdicts: readonly Verdict[]): Summary {
  const counts: Record<string, number> = {};
  for (const { hand } of verdicts) if (hand !== undefined) counts[hand] = (counts[hand] ?? 0) + 1;
  return {
    cells: verdicts.length,
    recovered: verdicts.filter(({ kind }) => kind === "recovered").length,
    hands: counts,
    failed: verdicts.filter((verdict) => !passes(verdict)),
  };
}

export async function runAll(
  cells: readonly Cell[],
  after?: (verdict: Verdict) => void,
): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const cell of cells) {
    const verdict = await runCell(cell).catch((error: Error): Verdict => ({
      cell: nameOf(cell),
      kind: "wrong",
      findings: [`the cell itself failed: ${error.message}`],
      requests: 0,
      seconds: 0,
      places: [],
    }));
    verdicts.push(verdict);
    after?.(verdict);
  }
  return verdicts;
}

export const shownVerdict = ({ cell, hand, findings, error }: Verdict): string =>
  [
    `${cell}`,
    hand && `  takes a hand: ${hand}`,
    error && `  first run: ${error}`,
    ...findings.map((f) => `  ${f}`),
  ]
    .filter(Boolean)
    .join("\n");

/** `npm run faults -- --seed N [--sample N] [--only TEXT] [--json]`. @returns the exit status */
export async function main(args: readonly string[], print: (text: string) => void): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: "string", default: "1" },
      sample: { type: "string" },
      only: { type: "string" },
      json: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
    },
  });
  const sample = values.sample === undefined ? undefined : Number(values.sample);
  const cells = await select({ seed: Number(values.seed), sample, only: values.only });
  if (values.list) {
    print(cells.map(nameOf).join("\n"));
    return 0;
  }
  const verdicts = await runAll(cells, (verdict) => {
    if (!values.json && !passes(verdict)) print(shownVerdict(verdict));
  });
  const total = summary(verdicts);
  const { failed, ...counts } = total;
  if (values.json)
    print(
      JSON.stringify({ seed: Number(values.seed), ...counts, failed: failed.map(withoutPlaces) }, null, 2),
    );
  else
    print(
      `${counts.cells} cells, ${counts.recovered} recovered, ${failed.length} failed; by hand: ${handsText(counts)}`,
    );
  return failed.length > 0 ? 1 : 0;
}

const withoutPlaces = ({ places: _places, ...rest }: Verdict): Omit<Verdict, "places"> => rest;

const handsText = ({ hands: counted }: Pick<Summary, "hands">): string =>
  Object.entries(counted)
    .map(([kind, n]) => `${n} × ${kind}`)
    .join(", ") || "none";
