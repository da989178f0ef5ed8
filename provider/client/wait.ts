import { ServiceError, type ErrorCode } from "./errors";
import { pollDelayMs, type Operation, type OperationRef, type Progress } from "./operation";
import { newestLine } from "./operation-log";
import { actionOf, beginWatch, poll, type WaitParts, type Watch } from "./poll";

export interface WaitOptions {
  /** When to give up, in milliseconds on the connection's clock. */
  readonly deadline: number;
  readonly onProgress?: (progress: Progress) => void;
}

const longestOutageMs = 5 * 60_000;
/** A poll that begins at the deadline still gets this long for its answer. */
const lastPollMs = 5000;
const passing: readonly ErrorCode[] = [
  "ServerError",
  "Unreachable",
  "ConnectionLost",
  "NoAnswer",
  "TimedOut",
  "Throttled",
  "GatewayPage",
  "NotJson",
  "UnexpectedAnswer",
];

function timedOut(operation: OperationRef, watch: Watch, now: number): ServiceError {
  const newest = newestLine(watch.streamed);
  return new ServiceError({
    action: actionOf(operation),
    code: "TimedOut",
    operationId: operation.operationId,
    detail:
      `Expected it to end in time, found it ${watch.state} after ${Math.round((now - watch.start) / 1000)} s.` +
      (newest ? ` Newest log line: ${newest}` : ""),
  });
}

/** A poll that failed for a passing reason counts as "still running": the operation goes on without us. */
async function pollOnce(
  parts: WaitParts,
  operation: OperationRef,
  watch: Watch,
  deadline: number,
): Promise<Operation | undefined> {
  const now = parts.session.clock.now();
  try {
    const ended = await poll(parts, operation, watch, Math.max(deadline, now + lastPollMs));
    watch.failingSince = undefined;
    return ended;
  } catch (error) {
    if (!(error instanceof ServiceError) || !passing.includes(error.code)) throw error;
    watch.failingSince ??= now;
    if (parts.session.clock.now() - watch.failingSince > longestOutageMs) throw error;
    return undefined;
  }
}

function report(watch: Watch, now: number, onProgress: WaitOptions["onProgress"]): void {
  const newest = newestLine(watch.streamed);
  onProgress?.({
    state: watch.state,
    elapsedMs: now - watch.start,
    ...(newest ? { newestLogLine: newest } : {}),
  });
}

/**
 * Polls an operation until it has ended, however it ends; states that nobody knows count as running.
 *
 * @throws ServiceError TimedOut with the operation id at the deadline, OperationLost when the service forgot it
 */
export async function waitForOperation(
  parts: WaitParts,
  operation: OperationRef,
  options: WaitOptions,
): Promise<Operation> {
  if (operation.settled) return Object.freeze({ operationId: operation.operationId, state: "Succeeded" });
  const { clock } = parts.session;
  const watch = beginWatch(clock.now());
  for (;;) {
    watch.polls += 1;
    const ended = await pollOnce(parts, operation, watch, options.deadline);
    const now = clock.now();
    report(watch, now, options.onProgress);
    if (ended) return ended;
    const left = options.deadline - now;
    if (left <= 0) throw timedOut(operation, watch, now);
    await clock.sleep(Math.min(left, pollDelayMs(watch.polls)));
  }
}
