import { promises as fs } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { CannotRun, exitStatus, type ExitStatus } from "../cannot-run";
import { badArguments, formatOf, formatOption, type Given } from "../command-line";
import type { CliContext, Command } from "../program";
import { checkEntry, checkPython, checkRequirements, type ScriptFinding } from "./rules";
import { markdownCode, markdownTable, markdownText, plural } from "../report";
import type { Terminal } from "../terminal";

export const checkScriptCommand: Command = {
  usage: "check-script SCRIPT [options]",
  about: `Reads an entry script (score.py) and its folder, and says what works differently in the container of a Kubernetes online
endpoint, each with what to write in its place. Nothing is run and nothing is sent. Exit status 2: something was found, or could not be read.`,
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
      doc: "how many models the service has (default: unknown, so that paths of several are found, too)",
    },
    formatOption,
  ],
  run: (context, given, terminal) => runCheck(context, given, terminal),
};

const runCheck = async (context: CliContext, given: Given, terminal: Terminal): Promise<ExitStatus> => {
  const [format, several] = [formatOf(given), severalModels(given)];
  const report = await checkScript(resolve(context.cwd, given.text("script")!), several);
  terminal.json(report);
  for (const line of linesOf(report, format === "markdown" ? markdownLines : textLines)) terminal.line(line);
  return report.findings.length + report.skipped.length > 0 ? exitStatus.findings : exitStatus.fine;
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
  const shown = (path: string): string => relative(dirname(entry), path).replaceAll("\\", "/");
  const unread = (path: string): void =>
    void skipped.push(`${shown(path) || "."}: a folder that cannot be read`);
  for await (const path of filesBelow(dirname(entry), unread)) {
    const file = shown(path);
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

async function* filesBelow(folder: string, unread: (folder: string) => void): AsyncGenerator<string> {
  const entries = await fs.readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) unread(folder);
  for (const entry of (entries ?? []).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !FOREIGN.test(entry.name)) yield* filesBelow(path, unread);
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
  shown: (findings: readonly ScriptFinding[]) => readonly string[],
): readonly string[] => {
  const breaks = findings.filter(({ kind }) => kind === "breaks").length;
  return [
    ...(findings.length > 0 ? [...shown(findings), ""] : []),
    ...skipped.map((file) => `not read: ${file}`),
    `${script}: ${plural(files, "file")}, ${breaks} that break, ${findings.length - breaks} to look at`,
  ];
};

const textLines = (findings: readonly ScriptFinding[]): readonly string[] =>
  findings.flatMap(({ file, line, rule, kind, says, replacement }) => [
    `${file}:${line}: ${kind} (${rule}): ${says}`,
    `    ${replacement}`,
  ]);

const markdownLines = (findings: readonly ScriptFinding[]): readonly string[] =>
  markdownTable(
    ["where", "what", "in its place"],
    findings.map(({ file, line, kind, says, replacement }) => [
      markdownCode(`${file}:${line}`),
      `**${kind}**: ${markdownText(says)}`,
      markdownText(replacement),
    ]),
  );
