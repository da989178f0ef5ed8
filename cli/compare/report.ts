import { markdownCode as code, markdownTable, markdownText, oneLine, plural } from "../report";
import type { Terminal } from "../terminal";
import type { Endpoint, SideName } from "./endpoint";
import type { Inputs, Skipped } from "./inputs";
import type { Difference } from "./json-compare";
import type { Outcome } from "./run";
import type { InputResult, SideResult } from "./verdict";

/** What a comparison found. Its members are stable. */
export interface Report {
  readonly old: SideReport;
  readonly new: SideReport;
  readonly inputs: Counts;
  readonly tolerance: { readonly absolute: number; readonly relative: number };
  /** Why the run ended before its end. */
  readonly ended?: string;
  readonly differences: readonly InputDifferences[];
  readonly notCompared: readonly Skipped[];
}

interface Counts {
  readonly total: number;
  /** Of which are the same as another one, which was sent for both. */
  readonly duplicates: number;
  readonly equal: number;
  readonly different: number;
  readonly notCompared: number;
}

interface SideReport {
  readonly address: string;
  readonly service?: string;
  /** Of the answers that came, in milliseconds. */
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
  /** How many inputs had no answer, or one that is an error, by class. */
  readonly errors: Readonly<Record<string, number>>;
  /** How many answers hold NaN or an infinity. */
  readonly notFinite: number;
}

interface InputDifferences {
  readonly input: string;
  readonly count: number;
  /** The first of them. */
  readonly differences: readonly Difference[];
}

export interface ReportParts extends Outcome {
  readonly endpoints: Readonly<Record<SideName, Endpoint>>;
  readonly inputs: Inputs;
  readonly tolerance: Report["tolerance"];
  /** How many inputs are shown that differ, and how many that were not compared. */
  readonly show: number;
}

export const reportOf = ({ endpoints, inputs, results, tolerance, show, ended }: ReportParts): Report => {
  const found = inputs.all.flatMap(({ digest, id }) => {
    const result = results.get(digest);
    // The file's name or line may be another one than in the run before.
    return result ? [{ ...result, id }] : [];
  });
  const of = (wanted: InputResult["result"]) => found.filter(({ result }) => result === wanted);
  const [equal, different, failed] = [of("equal"), of("different"), of("notCompared")];
  const unsent = inputs.all.length - found.length;
  return {
    old: sideReport(
      endpoints.old,
      found.map((result) => result.old),
    ),
    new: sideReport(
      endpoints.new,
      found.map((result) => result.new),
    ),
    inputs: {
      total: inputs.all.length + inputs.duplicates.length + inputs.skipped.length,
      duplicates: inputs.duplicates.length,
      equal: equal.length,
      different: different.length,
      notCompared: failed.length + inputs.skipped.length + unsent,
    },
    tolerance,
    ...(ended === undefined ? {} : { ended }),
    differences: different
      .slice(0, show)
      .map(({ id, count = 0, differences = [] }) => ({ input: id, count, differences })),
    notCompared: atMost(show, [
      ...inputs.skipped,
      ...failed.map(({ id, why = "" }) => ({ id, why })),
      ...(unsent > 0 ? [{ id: plural(unsent, "input"), why: "not sent" }] : []),
    ]),
  };
};

const atMost = (most: number, all: readonly Skipped[]): readonly Skipped[] =>
  all.length <= most
    ? all
    : [...all.slice(0, most), { id: plural(all.length - most, "other"), why: "not shown (--show)" }];

const sideReport = ({ address, service }: Endpoint, results: readonly SideResult[]): SideReport => {
  const errors: Record<string, number> = {};
  for (const each of results) {
    const kind = errorOf(each);
    if (kind !== undefined) errors[kind] = (errors[kind] ?? 0) + 1;
  }
  return {
    address,
    ...(service === undefined ? {} : { service }),
    latency: latencyOf(results.flatMap(({ ms }) => (ms === undefined ? [] : [ms]))),
    errors,
    notFinite: results.filter(({ notFinite }) => notFinite === true).length,
  };
};

const errorOf = ({ failure, status = 200 }: SideResult): string | undefined => {
  if (failure !== undefined) return failure;
  if (status >= 500) return "modelFailed";
  return status >= 400 ? "inputRefused" : undefined;
};

/** Percentiles by the nearest rank: each is a latency that was measured. */
export const latencyOf = (measured: readonly number[]): SideReport["latency"] => {
  const sorted = measured.toSorted((a, b) => a - b);
  const rank = (part: number): number => sorted[Math.ceil(part * sorted.length) - 1]!;
  return sorted.length === 0 ? null : { p50: rank(0.5), p95: rank(0.95), p99: rank(0.99) };
};

const sides = ["old", "new"] as const;

const toleranceText = ({ absolute, relative }: Report["tolerance"]): string =>
  `numbers are equal within ${shortest(absolute)}, or ${shortest(relative)} of the larger one`;

const shortest = (number: number): string =>
  [String(number), number.toExponential()].reduce((one, other) => (other.length < one.length ? other : one));

/** Remarks that belong to no input. */
const remarks = (report: Report): readonly string[] => [
  ...(report.ended === undefined ? [] : [`Not complete: ${report.ended}.`]),
  ...(report.inputs.duplicates > 0
    ? [
        `${plural(report.inputs.duplicates, "input")} repeated an earlier one, and the earlier one was sent for both.`,
      ]
    : []),
  ...sides
    .filter((side) => report[side].notFinite > 0)
    .map(
      (side) =>
        `${plural(report[side].notFinite, "answer")} of the ${side} service held NaN or an infinity, which strict readers of JSON refuse.`,
    ),
];

const errorsText = ({ errors }: SideReport): string =>
  Object.entries(errors)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(", ") || "none";

const shownOf = (shown: number, all: number): string => (shown < all ? `, the first ${shown}` : "");

export const printText = (report: Report, terminal: Terminal): void => {
  printTotals(report, terminal);
  const { inputs, differences, notCompared } = report;
  if (differences.length > 0) {
    terminal.line();
    terminal.line(`Different (${inputs.different}${shownOf(differences.length, inputs.different)})`, "bold");
  }
  for (const { input, count, differences: first } of differences) {
    const more = count > first.length ? `: ${count} differences, the first ${first.length}` : "";
    terminal.line(`  ${oneLine(input)}${more}`);
    for (const each of first) terminal.line(`    ${oneLine(differenceText(each))}`);
  }
  if (notCompared.length === 0) return;
  terminal.line();
  terminal.line(`Not compared (${inputs.notCompared})`, "bold");
  for (const { id, why } of notCompared) terminal.line(`  ${oneLine(id)}: ${oneLine(why)}`);
};

const printTotals = (report: Report, terminal: Terminal): void => {
  const { inputs, tolerance } = report;
  for (const side of sides) {
    const { address, service } = report[side];
    terminal.line(`${side}           ${address}${service === undefined ? "" : ` (web service ${service})`}`);
  }
  terminal.line();
  terminal.line(`inputs        ${inputs.total}`);
  terminal.line(`equal         ${inputs.equal} (${toleranceText(tolerance)})`, "green");
  terminal.line(`different     ${inputs.different}`, inputs.different > 0 ? "red" : "green");
  terminal.line(`not compared  ${inputs.notCompared}`, inputs.notCompared > 0 ? "yellow" : "green");
  terminal.line();
  terminal.line("latency (ms)       p50       p95       p99  errors");
  for (const side of sides) {
    const { latency } = report[side];
    const cells = latency ? [latency.p50, latency.p95, latency.p99] : ["-", "-", "-"];
    const columns = cells.map((cell) => String(cell).padStart(10)).join("");
    terminal.line(`${side.padEnd(12)}${columns}  ${errorsText(report[side])}`);
  }
  if (remarks(report).length > 0) terminal.line();
  for (const remark of remarks(report)) terminal.line(remark, "yellow");
};

const differenceText = ({ path, kind, old, new: fresh }: Difference): string => {
  if (kind === "missing") return `${path}  missing: ${old}`;
  if (kind === "added") return `${path}  added: ${fresh}`;
  return `${path}  ${kind}: ${old} -> ${fresh}`;
};

/** Markdown that fits a comment of a pull request: totals first. */
export const markdownOf = (report: Report): string => {
  const { inputs, differences, notCompared } = report;
  const head =
    inputs.different > 0 ? `${inputs.different} of ${inputs.total} inputs differ` : headWithout(inputs);
  const totals = ["inputs", "equal", "different", "not compared"];
  return [
    `### Answers compared: ${head}`,
    "",
    ...markdownTable(
      totals,
      [[inputs.total, inputs.equal, inputs.different, inputs.notCompared].map(String)],
      totals,
    ),
    "",
    ...markdownTable(
      ["", "address", "p50 (ms)", "p95", "p99", "errors"],
      sides.map((side) => sideRow(side, report[side])),
      ["p50 (ms)", "p95", "p99"],
    ),
    "",
    ...remarks(report).map((remark) => `- ${oneLine(remark)}`),
    `- In this comparison ${toleranceText(report.tolerance)}.`,
    ...(differences.length === 0
      ? []
      : [
          "",
          `#### Different${shownOf(differences.length, inputs.different)}`,
          "",
          ...markdownTable(["input", "path", "what", "old", "new"], differences.flatMap(differenceRows)),
        ]),
    ...(notCompared.length === 0
      ? []
      : [
          "",
          "#### Not compared",
          "",
          ...markdownTable(
            ["input", "why"],
            notCompared.map(({ id, why }) => [code(id), markdownText(why)]),
          ),
        ]),
  ].join("\n");
};

const headWithout = ({ equal, total, notCompared }: Counts): string =>
  notCompared > 0 ? `${notCompared} of ${total} could not be compared` : `all ${equal} are equal`;

const sideRow = (side: SideName, report: SideReport): readonly string[] => {
  const { latency, address } = report;
  const cells = latency ? [latency.p50, latency.p95, latency.p99].map(String) : ["", "", ""];
  return [side, code(address), ...cells, errorsText(report)];
};

const differenceRows = ({ input, count, differences }: InputDifferences): readonly (readonly string[])[] => [
  ...differences.map(({ path, kind, old, new: fresh }) => [
    code(input),
    code(path),
    kind,
    code(old),
    code(fresh),
  ]),
  ...(count > differences.length
    ? [[code(input), `and ${count - differences.length} more`, "", "", ""]]
    : []),
];
