import type { Check } from "../../test/harness/checks";
import { Interrupted } from "../../test/harness/interruption";
import { workspaceConfig, type Session } from "../../test/harness/session";
import type { Log, OperationRecord, StepRecord } from "./record";
import type { Report } from "./report";
import type { Step, Tour } from "./step";
import { openTour } from "./tour";

/** Takes the steps in order, up to the first that cannot end, and gives what happened in each. */
export async function takeTour(
  steps: readonly Step[],
  session: Session,
  report: Report,
  stopped: () => boolean,
): Promise<readonly StepRecord[]> {
  const notes = openNotes(report, stopped);
  const tour = openTour(session, notes.log);
  await session.stack.setConfig(workspaceConfig(session));
  for (const [index, step] of steps.entries()) {
    notes.begin(step.title);
    report.step(index + 1, step.title);
    if (!(await takeStep(step, tour, notes.log))) break;
  }
  return notes.records;
}

interface OpenRecord extends StepRecord {
  readonly operations: OperationRecord[];
  readonly checks: Pick<Check, "claim" | "passed">[];
}

function openNotes(report: Report, stopped: () => boolean) {
  const records: OpenRecord[] = [];
  const log: Log = {
    report,
    operation: (record) => void records.at(-1)?.operations.push(record),
    check(check) {
      records.at(-1)?.checks.push({ claim: check.claim, passed: check.passed });
      report.check(check);
    },
    goOn() {
      if (stopped()) throw new Interrupted();
    },
  };
  return { records, log, begin: (title: string) => void records.push({ title, operations: [], checks: [] }) };
}

/** Takes one step; false when the ones after it would have nothing to stand on. */
async function takeStep(step: Step, tour: Tour, log: Log): Promise<boolean> {
  const begun = performance.now();
  try {
    await step.run(tour);
    return true;
  } catch (error) {
    // ^C in a terminal reaches the engine's processes too, which then fail.
    log.goOn();
    const found = error instanceof Error ? error.message : String(error);
    log.check({ claim: "the step goes through", passed: false, expected: "no error", found });
    return false;
  } finally {
    log.report.took(performance.now() - begun);
  }
}
