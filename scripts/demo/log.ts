import type { Check } from "./checks";
import type { OperationRecord } from "./record";
import type { Report } from "./report";

/** Where the steps are printed and recorded, and whether they shall go on. */
export interface Log {
  readonly report: Report;
  operation(record: OperationRecord): void;
  check(check: Check): void;
  /** Throws when the tour was interrupted. */
  goOn(): void;
}
