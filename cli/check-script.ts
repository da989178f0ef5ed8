import { promises as fs } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { CannotRun, exitStatus, type ExitStatus } from "./cannot-run";
import { badArguments, type Given } from "./command-line";
import type { CliContext, Command } from "./program";
import { checkEntry, checkPython, checkRequirements, type ScriptFinding } from "./script-rules";
import type { Terminal } from "./terminal";

const formats = ["text", "markdown", "json"] as const;
type Format = (typeof formats)[number];

export const checkScriptCommand: Command = {
  usage: "check-script SCRIPT [options]",
  about: `Reads an entry script (score.py) and its folder, and says what would be otherwise in the container of a Kubernetes online endpoint,
each with what to write in its place. Nothing is run and nothing is sent. Exit status 2: something was found, or could not be read.`,
  options: [
    {
      name: "script",
      value: "SCRIPT",
      required: true,
      positional: true,
      doc: "the entry script, such as code/score.py (the option's name may be left out)",
    },
    {
      name: "models",
      value: "N",
      doc: "how many models the service has (default: not known, so that paths of several are named)",
    },
    { name: "format", value: "FORMAT", doc: `${formats.join(", ")} (default text); --json is --format json` },
  ],
  run: (context, given, terminal) => runCheck(context, given, terminal),
};

const runCheck = async (context: CliContext, given: Given, terminal: Terminal): Promise<ExitStatus> => {
  const [format, several] = [formatOption(given), severalModels(given)];
  const report = await checkScript(resolve(context.cwd, given.text("script")!), several);
  if (format === "json") context.streams.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else for (const line of linesOf(report, format)) terminal.line(line);
  return report.findings.length + report.skipped.length > 0 ? exitStatus.findings : exitStatus.fine;
};

const formatOption = (given: Given): Format => {
  const text = given.flag("json") ? "json" : (given.text("format") ?? "text");
  const format = formats.find((known) => known === text);
  if (format !== undefined) return format;
  throw badArguments(`--format: expected ${formats.join(", ")}, found ${JSON.stringify(text)}`);
};

const severalModels = (given: Given): boolean => {
  const text = given.text("models");
  if (text === undefined || /^\d{1,4}$/.test(text)) return text === undefined || Number(text) > 1;
  throw badArguments(`--models: expected a number, found ${JSON.stringify(text)}`);
};

/** What was looked at, and what was found there. */
export interface ScriptReport {
  readonly script: string;
  readonly files: number;
  readonly findings: readonly ScriptFinding[];
  /** Files that were not read, and why. */
  readonly skipped: readonly string[];
}

/** Checks an entry script and every Python file and list of packages below its folder. */
export const checkScript = async (script: string, severalModels = true): Promise<ScriptReport> => {
  const entry = resolve(script);
  const stat = await fs.stat(entry).catch(() => undefined);
  if (!stat?.isFile())
    throw new CannotRun(
      "CannotRead",
      `expected the file of an entry script, found ${stat ? "a folder" : "nothing"} at ${script}. Name the file, such as code/score.py.`,
    );
  const [findings, skipped]: [ScriptFinding[], string[]] = [[], []];
  let files = 0;
  for await (const path of filesBelow(dirname(entry))) {
    const file = relative(dirname(entry), path).replaceAll("\\", "/");
    const python = path === entry || path.endsWith(".py");
    if (!python && !listsPackages(path)) continue;
    const text = await textOf(path);
    if (text === undefined) {
      skipped.push(`${file}: larger than ${LARGEST} bytes, or not readable`);
      continue;
    }
    files += 1;
    findings.push(...(python ? checkPython(file, text, severalModels) : checkRequirements(file, text)));
    if (path === entry) findings.push(...checkEntry(file, text));
  }
  return { script: basename(entry), files, findings, skipped };
};

const listsPackages = (path: string): boolean =>
  /^(?:requirements.*\.txt|conda.*\.ya?ml|env.*\.ya?ml)$/i.test(basename(path));

/** Folders of installed packages and of tools, which are not what the service runs. */
const FOREIGN = /^(?:\..*|__pycache__|node_modules|site-packages|v?env)$/;

async function* filesBelow(folder: string): AsyncGenerator<string> {
  const entries = await fs.readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !FOREIGN.test(entry.name)) yield* filesBelow(path);
    if (entry.isFile()) yield path;
  }
}

const LARGEST = 2_000_000;

const textOf = async (path: string): Promise<string | undefined> => {
  try {
    const { size } = await fs.stat(path);
    return size > LARGEST
      ? undefined
      : (await fs.readFile(path, "utf8")).replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  } catch {
    return undefined;
  }
};

const linesOf = (
  { script, files, findings, skipped }: ScriptReport,
  format: "text" | "markdown",
): readonly string[] => {
  const lines = findings.flatMap(format === "markdown" ? markdownLine : textLines);
  const head = format === "markdown" ? ["| where | what | in its place |", "| --- | --- | --- |"] : [];
  const breaks = findings.filter(({ kind }) => kind === "breaks").length;
  return [
    ...(lines.length > 0 ? [...head, ...lines, ""] : []),
    ...skipped.map((file) => `not read: ${file}`),
    `${script}: ${files} ${files === 1 ? "file" : "files"}, ${breaks} that break, ${findings.length - breaks} to look at`,
  ];
};

const textLines = ({ file, line, rule, kind, says, replacement }: ScriptFinding): readonly string[] => [
  `${file}:${line}: ${kind} (${rule}): ${says}`,
  `    ${replacement}`,
];

const markdownLine = ({ file, line, kind, says, replacement }: ScriptFinding): string =>
  `| ${[`\`${file}:${line}\``, `**${kind}**: ${says}`, replacement].map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
