import { writeFileSync } from "node:fs";
import { endWithReader } from "../closed-pipe";
import { chooseEngine } from "../engines/choose";
import { chapters } from "./chapters/index";
import { parseOptions, usage, type DemoOptions } from "./options";
import { forgetOwnSettings } from "./own-settings";
import type { StepRecord } from "./record";
import { openReport } from "./report";
import { exampleFolder, openSession } from "./session";
import { Stopped, takeTour } from "./take-tour";

const [succeeded, failed, unusable, interrupted] = [0, 1, 2, 130];

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

/** After the first ^C the running command ends, and everything is tidied up; after a second one only the latter. */
function listenForStop(): () => boolean {
  let stopped = false;
  const stop = () => {
    if (stopped) process.exit(interrupted);
    stopped = true;
    process.stderr.write("\nStopping after the command that runs, and tidying up.\n");
  };
  process.on("SIGINT", stop).on("SIGTERM", stop).on("SIGHUP", stop);
  return () => stopped;
}

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options !== "help") return demo(options, listenForStop());
  process.stdout.write(usage);
  return succeeded;
}

endWithReader();
main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    if (!(error instanceof Stopped)) process.stderr.write(`demo: ${error.message}\n`);
    process.exitCode = error instanceof Stopped ? interrupted : unusable;
  },
);
