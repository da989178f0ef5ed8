import { asDeadline, type Deadline } from "./deadline";
import { ServiceError, type ErrorCode } from "./errors";
import { pollDelayMs, type Operation, type OperationRef, type Progress } from "./operation";
import { newestLine } from "./operation-log";
import { actionOf, beginWatch, poll, type WaitParts, type Watch } from "./poll";

export interface WaitOptions {
  /** When to give up, as a deadline or in milliseconds on the connection's clock. */
  readonly deadline: Deadline | number;
  readonly onProgress?: (progress: Progress) => void;
  /** The service that the operation is about: it is watched instead when the service forgets the operation. */
  readonly serviceName?: string;
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

/** Nobody can say that the operation was slow: it could not be seen. */
function unseen(operation: OperationRef, { state, start, outage }: Watch, now: number): ServiceError {
  const { code, status, requestId, detail, advice } = outage!.error;
  const seconds = Math.round((now - outage!.since) / 1000);
  const before = outage!.since > start ? ` Before, it was ${state}.` : "";
  return new ServiceError({
    action: actionOf(operation),
    code,
    status,
    requestId,
    operationId: operation.operationId,
    detail: `${detail ?? ""} It has been so for ${seconds} s, until the time was up.${before}`.trim(),
    advice,
  });
}

/** A poll that failed for a passing reason counts as "still running": the operation goes on without us. */
async function pollOnce(
  parts: WaitParts,
  operation: OperationRef,
  watch: Watch,
  deadline: Deadline,
): Promise<Operation | undefined> {
  const now = parts.session.clock.now();
  try {
    const ended = await poll(parts, operation, watch, deadline.atLeast(lastPollMs));
    watch.outage = undefined;
    return ended;
  } catch (error) {
    if (!(error instanceof ServiceError) || !passing.includes(error.code)) throw error;
    watch.outage = { since: watch.outage?.since ?? now, error };
    if (parts.session.clock.now() - watch.outage.since > longestOutageMs) throw error;
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
 * @throws ServiceError TimedOut with the operation id at the deadline, or why it could not be seen there; OperationLost
 * when neither the operation nor what it is about is known; Interrupted when the user interrupts
 */
export async function waitForOperation(
  parts: WaitParts,
  operation: OperationRef,
  options: WaitOptions,
): Promise<Operation> {
  if (operation.settled) return Object.freeze({ operationId: operation.operationId, state: "Succeeded" });
  const { clock } = parts.session;
  const deadline = asDeadline(clock, options.deadline);
  const watch = beginWatch(clock.now(), operation.serviceName ?? options.serviceName);
  for (;;) {
    watch.polls += 1;
    const ended = await pollOnce(parts, operation, watch, deadline);
    const now = clock.now();
    report(watch, now, options.onProgress);
    if (ended) return ended;
    const left = deadline.remainingMs();
    if (left <= 0) throw watch.outage ? unseen(operation, watch, now) : timedOut(operation, watch, now);
    await deadline.sleep(Math.min(left, pollDelayMs(watch.polls)), actionOf(operation));
  }
}
