import { resolve } from "node:path";
import { exitStatus, type ExitStatus } from "../cannot-run";
import { badArguments, formatOf, formatOption, workspaceOptions, type Given } from "../command-line";
import type { CliContext, Command } from "../program";
import type { Terminal } from "../terminal";
import { keyVariables, openEndpoints, type Endpoint, type SideName } from "./endpoint";
import { findInputs, type Inputs } from "./inputs";
import type { Tolerance } from "./json-compare";
import { parsePattern, pathSyntax, type Pattern } from "./json-path";
import { plural } from "../report";
import { markdownOf, printText, reportOf, type Report } from "./report";
import { openProgress, withoutFile, type Progress } from "./resume";
import { compareInputs, isSettled } from "./run";

export const compareCommand: Command = {
  usage: "compare --old URL|SERVICE --new URL|SERVICE --inputs DIR|FILE.jsonl [options]",
  about: `Sends recorded requests to an old and a new service, both at the same moment, and compares what they answer: status, and JSON with a
tolerance for numbers, also JSON in texts of JSON. Latencies go from writing a request to the last byte of its answer. It sends
nothing but inputs to be scored, and one a second (--rate), since the old service is in production.

A key or token is taken from ${keyVariables.old} and ${keyVariables.new}, then from the stack's configuration (azureml:oldKey, azureml:newKey),
then, for a web service by name, from the workspace. It is never shown, and never sent over plain http beyond this machine.

Exit status: 0 all inputs are equal; 1 some differ (whatever else there is); 2 none differ, and some could not be compared;
3 it could not run, or was interrupted. A PATH is ${pathSyntax}.`,
  options: [
    {
      name: "old",
      value: "URL|SERVICE",
      required: true,
      doc: "the scoring URI, or the web service's name in the workspace",
    },
    { name: "new", value: "URL|SERVICE", required: true, doc: "the same of what is to take its place" },
    {
      name: "inputs",
      value: "PATH",
      required: true,
      doc: "a folder with a request's body in each file (its type by the file's extension), or a file with a JSON body on each line",
    },
    { name: "rate", value: "N", doc: "the most requests a second to the old service (default 1)" },
    { name: "timeout", value: "SECONDS", doc: "how long an answer may take (default 60)" },
    { name: "absolute", value: "N", doc: "how far apart equal numbers may be (default 1e-9)" },
    {
      name: "relative",
      value: "N",
      doc: "the same as a part of the larger one (default 1e-6); two whole numbers are compared without it",
    },
    {
      name: "ignore",
      value: "PATH",
      repeated: true,
      doc: "leave out what is there, as $.requestId or **.time",
    },
    { name: "unordered", value: "PATH", repeated: true, doc: "the list there may have another order" },
    {
      name: "max-answer",
      value: "SIZE",
      doc: "a larger answer is not read to its end and not compared, as 500KB or 64MB (default 16MB)",
    },
    {
      name: "resume",
      value: "FILE",
      doc: "keep results in this file, and carry on the run whose results are in it; it holds pieces of answers",
    },
    formatOption,
    {
      name: "show",
      value: "N",
      doc: "how many inputs to show that differ, and that were not compared (default 20)",
    },
    ...workspaceOptions,
  ],
  run: (context, given, terminal) => compare(context, given, terminal),
};

const compare = async (context: CliContext, given: Given, terminal: Terminal): Promise<ExitStatus> => {
  const options = optionsOf(given);
  const path = resolve(context.cwd, given.text("inputs")!);
  const endpoints = await openEndpoints(context, given);
  const inputs = await findInputs(path, context.interrupt);
  const progress = await progressOf(context, given, endpoints, options);
  announce(inputs, progress, options, terminal);
  const { clock, interrupt } = context;
  try {
    const outcome = await compareInputs({
      ...{ endpoints, inputs, progress, clock, interrupt },
      ...options,
      onResult: (done) => terminal.progress("Inputs compared", done),
    });
    const report = reportOf({ endpoints, inputs, ...outcome, ...options });
    terminal.json(report);
    if (options.format === "markdown") terminal.line(markdownOf(report));
    else printText(report, terminal);
    if (outcome.ended !== undefined) sayHowToGoOn(report, given.text("resume"), terminal);
    return outcome.ended === "interrupted" ? exitStatus.cannotRun : statusOf(report);
  } finally {
    await progress.close();
  }
};

interface Options {
  readonly tolerance: Tolerance;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly mostBytes: number;
  readonly format: ReturnType<typeof formatOf>;
  readonly show: number;
}

const optionsOf = (given: Given): Options => ({
  tolerance: {
    absolute: numberOption(given, "absolute", 1e-9, [0, Number.MAX_VALUE]),
    relative: numberOption(given, "relative", 1e-6, [0, 1]),
    ignore: given.texts("ignore").map((text) => patternOption("ignore", text)),
    unordered: given.texts("unordered").map((text) => patternOption("unordered", text)),
  },
  intervalMs: 1000 / numberOption(given, "rate", 1, [0.001, 1000]),
  timeoutMs: 1000 * numberOption(given, "timeout", 60, [0.001, 3600]),
  mostBytes: sizeOption(given.text("max-answer") ?? "16MB"),
  format: formatOf(given),
  show: Math.floor(numberOption(given, "show", 20, [0, 1_000_000])),
});

const numberOption = (
  given: Given,
  name: string,
  instead: number,
  [least, most]: readonly [number, number],
): number => {
  const text = given.text(name);
  if (text === undefined) return instead;
  const number = /^\d*\.?\d+(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
  if (number >= least && number <= most) return number;
  const range =
    most === Number.MAX_VALUE ? `a number of at least ${least}` : `a number from ${least} to ${most}`;
  throw badArguments(`--${name}: expected ${range}, found ${JSON.stringify(text)}`);
};

const patternOption = (name: string, text: string): Pattern => {
  const pattern = parsePattern(text);
  if (pattern === undefined)
    throw badArguments(`--${name}: expected a path (${pathSyntax}), found ${JSON.stringify(text)}`);
  if (name === "ignore" && pattern.length === 0)
    throw badArguments(
      "--ignore: expected a path below the answer itself, found $, which would leave nothing to compare",
    );
  return pattern;
};

const units: Readonly<Record<string, number>> = { "": 1, KB: 1024, MB: 1024 ** 2 };
const LARGEST_ANSWER = 256 * 1024 ** 2;

const sizeOption = (text: string): number => {
  const [, digits, unit] = /^(\d{1,9})\s*(KB|MB|)$/i.exec(text) ?? [];
  const bytes = Number(digits) * (units[(unit ?? "").toUpperCase()] ?? NaN);
  if (bytes >= 1 && bytes <= LARGEST_ANSWER) return bytes;
  throw badArguments(
    `--max-answer: expected a size of at most 256MB, as 500KB or 64MB, found ${JSON.stringify(text)}`,
  );
};

const progressOf = (
  { cwd }: CliContext,
  given: Given,
  endpoints: Readonly<Record<SideName, Endpoint>>,
  { tolerance, mostBytes }: Options,
): Promise<Progress> => {
  const file = given.text("resume");
  if (file === undefined) return Promise.resolve(withoutFile);
  return openProgress(resolve(cwd, file), {
    old: endpoints.old.identity,
    new: endpoints.new.identity,
    absolute: tolerance.absolute,
    relative: tolerance.relative,
    ignore: given.texts("ignore"),
    unordered: given.texts("unordered"),
    maxAnswer: mostBytes,
  });
};

/** How long it will take at least, before anything is sent. */
const announce = (
  inputs: Inputs,
  { results }: Progress,
  { intervalMs }: Options,
  terminal: Terminal,
): void => {
  const left = inputs.all.filter(({ digest }) => !isSettled(results.get(digest))).length;
  const seconds = Math.ceil((left * intervalMs) / 1000);
  const time = seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
  const before = inputs.all.length - left;
  terminal.warn(
    `Sending ${plural(left, "input")} to both services, which takes ${time} or more${before > 0 ? `; ${before} have results from before` : ""}.`,
  );
};

const sayHowToGoOn = ({ inputs, ended }: Report, file: string | undefined, terminal: Terminal): void => {
  const done = inputs.equal + inputs.different;
  const next =
    file === undefined
      ? "Nothing of it was kept: with --resume FILE the next run could carry it on."
      : `Run it again with --resume ${file} to carry it on.`;
  terminal.warn(`pulumi-azureml: ${ended}, with ${done} of ${inputs.total} inputs compared. ${next}`);
};

/** A difference is certain, and counts before what is not known. */
const statusOf = ({ inputs }: Report): ExitStatus => {
  if (inputs.different > 0) return exitStatus.differences;
  return inputs.notCompared > 0 ? exitStatus.findings : exitStatus.fine;
};
