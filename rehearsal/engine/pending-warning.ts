import type { PendingOperation } from "../state/resource";
import type { Reporter } from "./reporter";

/** Says which operations of an earlier, interrupted run nobody knows the end of. */
export function warnOfPending(report: Reporter, pending: readonly PendingOperation[]): void {
  const operations = pending.map(({ resource, type }) => `  * ${resource.urn}, interrupted while ${type}\n`);
  const message =
    `Attempting to deploy or update resources with ${pending.length} pending operations from previous deployment.\n` +
    operations.join("") +
    "Nobody knows how these operations ended. Check the resources, then run a refresh to bring the state up to date; " +
    "pending creates stay until a refresh with clearPendingCreates.";
  report.diagnostic("warning", "", message);
}
