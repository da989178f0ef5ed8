import { writeFileSync } from "node:fs";
import { chooseEngine } from "../engines/choose";
import { chapters } from "./chapters/index";
import type { Check } from "./checks";
import { forgetOwnSettings } from "./environment";
import { parseOptions, usage, type DemoOptions } from "./options";
import type { OperationRecord, StepRecord } from "./record";
import { openReport, type Report } from "./report";
import { exampleFolder, openSession, type Session } from "./session";
import type { Step } from "./step";
import { openTour, Stopped } from "./tour";

const INTERRUPTED = 130;

async function demo({ engine: name, steps: file }: DemoOptions, stopped: () => boolean): Promise<number> {
  const report = openReport((text) => process.stdout.write(text), wantsColours());
  const begun = performance.now();
  forgetOwnSettings();
  const engine = chooseEngine(name);
  const session = await openSession(engine, exampleFolder("quickstart"));
  try {
    report.heading(
      engine.name === "pulumi" ? "the Pulumi CLI" : "rehearsal (no Pulumi CLI)",
      session.emulator().url,
    );
    const records = await takeTour(session, report, stopped);
    if (file !== undefined) writeFileSync(file, `${JSON.stringify(records, undefined, 2)}\n`);
    const checks = records.flatMap((record) => record.checks);
    const failed = checks.filter(({ passed }) => !passed).length;
    report.summary(checks.length - failed, failed, performance.now() - begun);
    return failed === 0 ? 0 : 1;
  } finally {
    await session.close();
  }
}

async function takeTour(
  session: Session,
  report: Report,
  stopped: () => boolean,
): Promise<readonly StepRecord[]> {
  let [operations, checks]: [OperationRecord[], Check[]] = [[], []];
  const notes = {
    operation: (record: OperationRecord) => void operations.push(record),
    check: (check: Check) => void checks.push(check),
  };
  const tour = openTour(session, report, notes, stopped);
  const { workspaceId, discoveryUrl, accessToken } = session.emulator();
  await tour.configure({
    "azureml:workspaceId": workspaceId,
    "azureml:discoveryUrl": discoveryUrl,
    "azureml:accessToken": { secret: accessToken },
  });
  const records: StepRecord[] = [];
  for (const [index, step] of chapters.flat().entries()) {
    [operations, checks] = [[], []];
    report.step(index + 1, step.title);
    const goOn = await takeStep(step, tour, report, notes);
    records.push({
      title: step.title,
      operations,
      checks: checks.map(({ claim, passed }) => ({ claim, passed })),
    });
    if (!goOn) break;
  }
  return records;
}

/** Takes one step; false when the ones after it would have nothing to stand on. */
async function takeStep(
  step: Step,
  tour: Parameters<Step["run"]>[0],
  report: Report,
  notes: { check(check: Check): void },
): Promise<boolean> {
  const begun = performance.now();
  try {
    await step.run(tour);
    return true;
  } catch (error) {
    if (error instanceof Stopped) throw error;
    const check = { claim: "the step runs", passed: false, expected: "no error", found: String(error) };
    notes.check(check);
    report.check(check);
    return false;
  } finally {
    report.took(performance.now() - begun);
  }
}

const wantsColours = (): boolean => process.stdout.isTTY === true && !process.env["NO_COLOR"];

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === "help") {
    process.stdout.write(usage);
    return 0;
  }
  let interrupted = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (!interrupted) process.stderr.write("\nStopping after the command that runs, and tidying up.\n");
      interrupted = true;
    });
  }
  return demo(options, () => interrupted);
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    if (!(error instanceof Stopped)) process.stderr.write(`demo: ${(error as Error).message}\n`);
    process.exitCode = error instanceof Stopped ? INTERRUPTED : 2;
  },
);
