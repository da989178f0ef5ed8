import { styleText } from "node:util";
import type { Check } from "../../test/harness/checks";
import type { Operation } from "../../test/harness/operation";
import { isPoll, nameOf, type Call } from "../../test/harness/workspace";

const width = 104;

type Style = Parameters<typeof styleText>[0];

/** Where the demo writes to, and all that it wrote. */
export interface Report {
  /** Everything printed so far, to be searched for secrets. */
  printed(): string;
  heading(engine: string, url: string): void;
  step(number: number, title: string): void;
  say(text: string): void;
  command(text: string): void;
  operation(operation: Operation): void;
  check(check: Check): void;
  took(milliseconds: number): void;
  summary(passed: number, failed: number, milliseconds: number): void;
}

const symbols: Readonly<Record<string, string>> = {
  create: "+",
  "create-replacement": "++",
  update: "~",
  refresh: "~",
  replace: "+-",
  delete: "-",
  "delete-replaced": "--",
  same: " ",
};

/** Writes as a terminal reads it; colours only where they are wanted. */
export function openReport(write: (text: string) => void, colours: boolean): Report {
  const written: string[] = [];
  const paint = (style: Style, text: string): string =>
    colours ? styleText(style, text, { validateStream: false }) : text;
  const line = (text = ""): void => {
    written.push(text);
    write(`${text}\n`);
  };
  return {
    printed: () => written.join("\n"),
    heading: (engine, url) =>
      line(
        `${paint("bold", "AksWebservice, from preview to destroy")}\nengine: ${engine}; emulated workspace: ${url}`,
      ),
    step: (number, title) => line(`\n${paint("bold", `${String(number).padStart(2)}  ${title}`)}`),
    say: (text) => line(`    ${text}`),
    command: (text) => line(`    ${paint("cyan", `$ ${text}`)}`),
    operation: (operation) => operationLines(operation, paint).forEach((text) => line(`      ${text}`)),
    check: (check) => checkLines(check, paint).forEach((text) => line(`    ${text}`)),
    took: (milliseconds) => line(`    ${paint("dim", seconds(milliseconds))}`),
    summary: (passed, failed, milliseconds) =>
      line(`\n${paint(failed === 0 ? "green" : "red", totals(passed, failed))} in ${seconds(milliseconds)}`),
  };
}

type Paint = (style: Style, text: string) => string;

const operationLines = (operation: Operation, paint: Paint): readonly string[] => [
  ...operation.resources.map(({ name, op, settings }) =>
    [symbols[op]?.padEnd(2) ?? op, name, op === "same" ? "unchanged" : op, settings.join(", ")]
      .join("  ")
      .trimEnd(),
  ),
  ...operation.lines.flatMap(({ severity, text }) =>
    text.split("\n").flatMap((part) => folded(`${severity}: ${part}`, width, / /)),
  ),
  ...wireLines(operation).map((text) => paint("dim", text)),
];

const wireLines = ({ calls }: Operation): readonly string[] =>
  calls.length === 0
    ? ["→   no request"]
    : inRows(calls).flatMap(({ call, times }) => [
        `→   ${nameOf(call)}${times > 1 ? ` ×${times}` : ""}  ${call.status ?? "cut"}`,
        ...bodyLines(call.body).map((text) => `      ${text}`),
      ]);

const checkLines = ({ claim, passed, expected, found }: Check, paint: Paint): readonly string[] =>
  passed
    ? [`${paint("green", "✓")} ${claim}`]
    : [
        `${paint("red", "✗")} ${claim}`,
        `    expected ${JSON.stringify(expected)}`,
        `    found    ${JSON.stringify(found)}`,
      ];

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

const totals = (passed: number, failed: number): string =>
  failed === 0 ? `✓ ${passed} checks passed` : `✗ ${failed} of ${passed + failed} checks failed`;

/** Calls in order, each with how often it came in a row. */
export const inRows = (calls: readonly Call[]): readonly { readonly call: Call; readonly times: number }[] =>
  calls.reduce<{ call: Call; times: number }[]>((rows, call) => {
    const last = rows.at(-1);
    if (last && isPoll(call) && isPoll(last.call))
      return [...rows.slice(0, -1), { call, times: last.times + 1 }];
    return [...rows, { call, times: 1 }];
  }, []);

/** What a terminal shows of a body: a patch by its operations, a document without nulls and without keys. */
export function bodyLines(body: unknown, width = 96): readonly string[] {
  if (Array.isArray(body))
    return body.flatMap((operation) => folded(operationText(operation), width, /(?<=,)/));
  if (!isObject(body)) return [];
  return folded(JSON.stringify(withoutNulls({ ...body, keys: null })), width, /(?<=,)/);
}

const operationText = (operation: unknown): string => {
  if (!isObject(operation)) return JSON.stringify(operation);
  return `${String(operation["op"])} ${String(operation["path"])} ${JSON.stringify(operation["value"]) ?? ""}`;
};

function withoutNulls(value: unknown): unknown {
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([key, member]) => [key, withoutNulls(member)] as const);
  return Object.fromEntries(members.filter(([, member]) => !isEmpty(member)));
}

const isEmpty = (value: unknown): boolean =>
  value === null || (isObject(value) && Object.keys(value).length === 0);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A long text in lines of at most `width`, broken where `between` matches; later lines are indented. */
export function folded(text: string, width: number, between: RegExp): readonly string[] {
  const glue = between.source === " " ? " " : "";
  const lines = text.split(between).reduce<string[]>((all, part) => {
    const last = all.at(-1);
    const longer = last === undefined ? part : `${last}${glue}${part}`;
    if (last === undefined || longer.length <= width) return [...all.slice(0, -1), longer];
    return [...all, `  ${part}`];
  }, []);
  return lines;
}
