import { join } from "node:path";
import { clientPython, clientVersion, findPython } from "../conformance/python";
import type { Check } from "../demo/checks";
import { forgetOwnSettings } from "../demo/own-settings";
import { repository } from "../demo/project-folder";
import { exampleFolder, openSession, workspaceConfig, type Session } from "../demo/session";
import { chooseEngine } from "../engines/choose";
import type { Engine } from "../engines/engine";
import { openCrossing } from "./crossing";
import { parseOptions, usage, type CrossedOptions } from "./options";
import { parts, type Part } from "./parts/index";
import { startPythonClient, turnTo, type PythonClient } from "./python-client";
import { countOf, linesOf, writeReport, type PartResult } from "./report";

const [failed, unusable, interrupted] = [1, 2, 130];

/** Thrown at the next check after ^C, so that what was started is ended and removed. */
class Interrupted extends Error {}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** The emulator has a process group of its own, and would outlive this process. */
function listenForStop(): () => void {
  let stopped = false;
  const stop = (): void => void (stopped = true);
  process.on("SIGINT", stop).on("SIGTERM", stop);
  return () => {
    if (stopped) throw new Interrupted("interrupted");
  };
}

interface Means {
  readonly engine: Engine;
  readonly client: PythonClient;
  /** Throws after an interruption. */
  readonly goOn: () => void;
}

/** Runs one part. Its later checks would have nothing to stand on once it cannot go on. */
async function runPart({ name, run }: Part, session: Session, { client, goOn }: Means): Promise<PartResult> {
  const checks: Check[] = [];
  const told = (check: Check): void => {
    goOn();
    checks.push(check);
    linesOf(check).forEach(say);
  };
  say(`\n${name}`);
  try {
    await turnTo(client, session.emulator());
    await run(openCrossing(session, client, told));
  } catch (error) {
    goOn();
    const found = error instanceof Error ? error.message : String(error);
    told({ claim: `${name}: goes through`, passed: false, expected: "no error", found });
  }
  return { part: name, checks };
}

/** Each part has a workspace and a stack of its own. */
async function inOwnSession(part: Part, means: Means): Promise<PartResult> {
  const emulator = ["--operation-time", "40"];
  const example = exampleFolder("quickstart");
  const session = await openSession(means.engine, example, { stack: "crossed", emulator });
  session.folder.take(join(repository(), "scripts", "crossed", "program"));
  try {
    await session.stack.setConfig(workspaceConfig(session));
    return await runPart(part, session, means);
  } finally {
    await session.close();
  }
}

async function runParts({ engine, only }: CrossedOptions, python: string): Promise<boolean> {
  const wanted = parts.filter(({ name }) => name.includes(only));
  const means = { engine: chooseEngine(engine), goOn: listenForStop() };
  const client = startPythonClient(python);
  const results: PartResult[] = [];
  try {
    for (const part of wanted) results.push(await inOwnSession(part, { ...means, client }));
  } finally {
    await client.close();
  }
  const count = countOf(results, parts.length - wanted.length);
  writeReport(count, results);
  say(`\ncrossed: ${count.passed} passed, ${count.failed} failed, ${count.skipped} parts skipped`);
  return count.failed === 0 && count.passed > 0;
}

function skip(): void {
  writeReport({ passed: 0, failed: 0, skipped: parts.length }, []);
  say(`skipped: no Python 3.9 to 3.11 with venv on PATH, which azureml-core ${clientVersion} needs.`);
  say("Install Python 3.11 (Debian and Ubuntu: python3.11 python3.11-venv), or name one in PYTHON.");
}

async function main(args: readonly string[]): Promise<void> {
  const options = parseOptions(args);
  if (options === "help") return say(usage.trimEnd());
  const base = findPython();
  if (base === undefined) return skip();
  const python = clientPython(base, say);
  forgetOwnSettings();
  process.exitCode = (await runParts(options, python)) ? 0 : failed;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`crossed: ${(error as Error).message}\n`);
  process.exitCode = error instanceof Interrupted ? interrupted : unusable;
});
