import { join } from "node:path";
import { linesOf, type Check } from "../harness/checks";
import { chooseEngine } from "../harness/engines/choose";
import type { Engine } from "../harness/engines/engine";
import { Interrupted, listenForStop } from "../harness/interruption";
import { repository } from "../harness/project-folder";
import { readyPython } from "../harness/python";
import { writeReport, type Counts } from "../harness/report";
import {
  exampleFolder,
  forgetOwnSettings,
  openSession,
  workspaceConfig,
  type Session,
} from "../harness/session";
import { openCrossing, type Crossing } from "./crossing";
import { parseOptions, usage, type CrossedOptions } from "./options";
import { adopted } from "./parts/adopted";
import { code } from "./parts/code";
import { imported } from "./parts/imported";
import { made } from "./parts/made";
import { serialized } from "./parts/serialized";
import { startPythonClient, turnTo, type PythonClient } from "./python-client";

/** One part; it leaves the workspace and the stack empty. */
interface Part {
  readonly name: string;
  readonly run: (crossing: Crossing) => Promise<void>;
}

const parts: readonly Part[] = [
  { name: "made by the Python client, adopted by a program", run: adopted },
  { name: "made by a program, used by the Python client", run: made },
  { name: "code from both", run: code },
  { name: "made by the Python client, written by pulumi-azureml import", run: imported },
  { name: "serialized by both", run: serialized },
];

/** What was checked in one part. */
interface PartResult {
  readonly part: string;
  readonly checks: readonly Check[];
}

const countOf = (results: readonly PartResult[], skipped: number): Counts => {
  const checks = results.flatMap((result) => result.checks);
  const passed = checks.filter((check) => check.passed).length;
  return { passed, failed: checks.length - passed, skipped };
};

const say = (line: string): void => void process.stdout.write(`${line}\n`);

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
  };
  try {
    await turnTo(client, session.emulator());
    await run(openCrossing(session, client, told));
  } catch (error) {
    goOn();
    const found = error instanceof Error ? error.message : String(error);
    told({ claim: `${name}: goes through`, passed: false, expected: "no error", found });
  }
  // At its end, since another part runs meanwhile.
  [`\n${name}`, ...checks.flatMap(linesOf)].forEach(say);
  return { part: name, checks };
}

/** Throws once there has been a ^C. */
function stopAtCheck(): () => void {
  const stopped = listenForStop();
  return () => {
    if (stopped()) throw new Interrupted("interrupted");
  };
}

/** Each part has a workspace and a stack of its own. */
async function inOwnSession(part: Part, means: Means): Promise<PartResult> {
  const emulator = ["--operation-time", "40"];
  const example = exampleFolder("quickstart");
  const session = await openSession(means.engine, example, { stack: "crossed", emulator });
  session.folder.take(join(repository(), "test", "crossed", "program"));
  try {
    await session.stack.setConfig(workspaceConfig(session));
    return await runPart(part, session, means);
  } finally {
    await session.close();
  }
}

async function runParts({ engine, only }: CrossedOptions, python: string): Promise<boolean> {
  const wanted = parts.filter(({ name }) => name.includes(only));
  const means = { engine: chooseEngine(engine), goOn: stopAtCheck() };
  const results: PartResult[] = [];
  const waiting = [...wanted];
  const inTurn = async (client: PythonClient): Promise<void> => {
    try {
      for (let part = waiting.shift(); part; part = waiting.shift())
        results.push(await inOwnSession(part, { ...means, client }));
    } finally {
      await client.close();
    }
  };
  // Much of a part is waiting for the other client.
  await Promise.all([inTurn(startPythonClient(python)), inTurn(startPythonClient(python))]);
  const count = countOf(results, parts.length - wanted.length);
  writeReport("crossed", count, { parts: results });
  say(`\ncrossed: ${count.passed} passed, ${count.failed} failed, ${count.skipped} parts skipped`);
  return count.failed === 0 && count.passed > 0;
}

/** @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === "help") {
    say(usage.trimEnd());
    return 0;
  }
  const python = readyPython(say);
  if (python === undefined) {
    writeReport("crossed", { passed: 0, failed: 0, skipped: parts.length }, { parts: [] });
    return 0;
  }
  forgetOwnSettings();
  return (await runParts(options, python)) ? 0 : 1;
}
