import { promises as fs } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { checkEntry, checkPython, checkRequirements, type ScriptFinding } from "./script-rules";

const usage = `Usage: pulumi-azureml check-script SCRIPT [options], or --script SCRIPT

Reads an entry script (score.py) and its folder, and says what would be otherwise in the container of a Kubernetes online endpoint,
each with what to write in its place. Nothing is run and nothing is sent.

  --models N       how many models the service has  (default: not known, so that paths of several are named)
  --format FORMAT  text, markdown or json           (default text)
  --json           as --format json
  --help           this text

Exit status: 0 nothing found, 2 findings, 3 cannot run.
`;

const formats = ["text", "markdown", "json"] as const;

interface Options {
  readonly script: string;
  readonly severalModels: boolean;
  readonly format: (typeof formats)[number];
}

/** What was looked at, and what was found there. */
export interface ScriptReport {
  readonly script: string;
  readonly files: number;
  readonly findings: readonly ScriptFinding[];
  /** Files that were not read, and why. */
  readonly skipped: readonly string[];
}

/** @returns the exit status */
export const main = async (args: readonly string[]): Promise<number> => {
  try {
    const options = parseOptions(args);
    if (options === "help") {
      process.stdout.write(usage);
      return 0;
    }
    const report = await checkScript(options.script, options.severalModels);
    process.stdout.write(shown(report, options.format));
    return report.findings.length === 0 ? 0 : 2;
  } catch (error) {
    process.stderr.write(`check-script: ${(error as Error).message}\n`);
    return 3;
  }
};

const parseOptions = (args: readonly string[]): Options | "help" => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      models: { type: "string" },
      format: { type: "string", default: "text" },
      // As the program's other commands have them.
      script: { type: "string" },
      json: { type: "boolean", default: false },
      "no-color": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
    allowPositionals: true,
  });
  if (values.help) return "help";
  const format = values.json ? "json" : formats.find((known) => known === values.format);
  if (format === undefined)
    throw new Error(`--format: expected ${formats.join(", ")}, found "${values.format}"`);
  if (values.models !== undefined && !/^\d{1,4}$/.test(values.models))
    throw new Error(`--models: expected a number, found "${values.models}"`);
  const [script, ...others] = [...(values.script === undefined ? [] : [values.script]), ...positionals];
  if (script === undefined || others.length > 0)
    throw new Error("expected one entry script. Run again with --help to see the options.");
  return { script, severalModels: values.models === undefined || Number(values.models) > 1, format };
};

/** Checks an entry script and every Python file and list of packages below its folder. */
export const checkScript = async (script: string, severalModels = true): Promise<ScriptReport> => {
  const entry = resolve(script);
  const stat = await fs.stat(entry).catch(() => undefined);
  if (!stat?.isFile())
    throw new Error(
      `expected the file of an entry script, found ${stat ? "a folder" : "nothing"} at ${script}`,
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

const shown = (report: ScriptReport, format: Options["format"]): string => {
  if (format === "json") return `${JSON.stringify(report, undefined, 2)}\n`;
  const lines = report.findings.map(format === "markdown" ? markdownLine : textLine);
  const head = format === "markdown" ? ["| where | what | in its place |", "| --- | --- | --- |"] : [];
  const { findings, files, skipped } = report;
  const breaks = findings.filter(({ kind }) => kind === "breaks").length;
  const sum = `${report.script}: ${files} files, ${breaks} findings that break, ${findings.length - breaks} to look at`;
  return [
    ...(lines.length > 0 ? [...head, ...lines, ""] : []),
    ...skipped.map((file) => `not read: ${file}`),
    sum,
    "",
  ].join("\n");
};

const textLine = ({ file, line, rule, kind, says, replacement }: ScriptFinding): string =>
  `${file}:${line}: ${kind} (${rule}): ${says}\n    ${replacement}`;

const markdownLine = ({ file, line, kind, says, replacement }: ScriptFinding): string =>
  `| ${[`\`${file}:${line}\``, `**${kind}**: ${says}`, replacement].map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
