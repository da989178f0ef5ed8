import type { Check } from "../../test/harness/checks";
import { plan, type Operation } from "../../test/harness/operation";
import { nameOf } from "../../test/harness/workspace";
import type { Report } from "./report";

/** What happened in one step, without anything that depends on the engine's wording or on the clock. */
export interface StepRecord {
  readonly title: string;
  readonly operations: readonly OperationRecord[];
  readonly checks: readonly Pick<Check, "claim" | "passed">[];
}

export interface OperationRecord {
  readonly command: string;
  readonly succeeded: boolean;
  readonly plan: readonly string[];
  readonly requests: readonly string[];
}

/** An operation as both engines must show it. What a killed engine still told depends on when it died. */
export const recordOf = (operation: Operation, killed: boolean): OperationRecord => ({
  command: operation.command,
  succeeded: operation.succeeded,
  plan: killed ? [] : plan(operation),
  requests: killed ? [] : pollsOnce(operation.calls.map(nameOf)),
});

/** How often an operation is polled depends on the clock, and so does how often its service is read meanwhile. */
const pollsOnce = (names: readonly string[]): readonly string[] => {
  const [poll, read] = ["GET operations/…", "GET services/[^\n/]+"];
  const polling = new RegExp(`^${poll}\n((${poll}|${read})\n)*${poll}$`, "gm");
  return names.length === 0 ? [] : names.join("\n").replaceAll(polling, poll).split("\n");
};

/** Where the steps are printed and recorded, and whether they shall go on. */
export interface Log {
  readonly report: Report;
  operation(record: OperationRecord): void;
  check(check: Check): void;
  /** Throws when the tour was interrupted. */
  goOn(): void;
}
