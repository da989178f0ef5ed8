import { writeFileSync } from "node:fs";
import { chooseEngine } from "../../test/harness/engines/choose";
import { listenForStop } from "../../test/harness/interruption";
import { exampleFolder, forgetOwnSettings, openSession } from "../../test/harness/session";
import { runProgram } from "../program";
import { chapters } from "./chapters/index";
import { parseOptions, usage, type DemoOptions } from "./options";
import type { StepRecord } from "./record";
import { openReport } from "./report";
import { takeTour } from "./take-tour";

const [succeeded, failed] = [0, 1];

async function demo({ engine: name, steps: file }: DemoOptions, stopped: () => boolean): Promise<number> {
  const begun = performance.now();
  const colours = process.stdout.isTTY === true && !process.env["NO_COLOR"];
  const report = openReport((text) => process.stdout.write(text), colours);
  forgetOwnSettings();
  const engine = chooseEngine(name);
  const session = await openSession(engine, exampleFolder("quickstart"));
  try {
    const title =
      engine.name === "pulumi" ? "the Pulumi CLI" : "the rehearsal, a stand-in for the Pulumi CLI";
    report.heading(title, session.emulator().url);
    const records = await takeTour(chapters.flat(), session, report, stopped);
    if (file !== undefined) writeFileSync(file, `${JSON.stringify(records, undefined, 2)}\n`);
    const failures = failuresIn(records);
    report.summary(countOf(records) - failures, failures, performance.now() - begun);
    return failures === 0 ? succeeded : failed;
  } finally {
    await session.close();
  }
}

const countOf = (records: readonly StepRecord[]): number => records.flatMap(({ checks }) => checks).length;

const failuresIn = (records: readonly StepRecord[]): number =>
  records.flatMap(({ checks }) => checks).filter(({ passed }) => !passed).length;

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options !== "help") return demo(options, listenForStop());
  process.stdout.write(usage);
  return succeeded;
}

runProgram("demo", main);
