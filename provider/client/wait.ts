import { expectObject, isOwnNotFound, type JsonObject } from "./answer";
import { ServiceError, type ErrorCode } from "./errors";
import {
  pollDelayMs,
  readOperation,
  stateFromService,
  terminalState,
  type Operation,
  type OperationRef,
  type Progress,
} from "./operation";
import { newestLine, readStreamedLog, tail } from "./operation-log";
import type { Session } from "./session";

export interface WaitOptions {
  /** When to give up, in milliseconds on the connection's clock. */
  readonly deadline: number;
  readonly onProgress?: (progress: Progress) => void;
}

/** Where to look: the URL of an operation, and how to read the service when the operation has no id. */
export interface WaitParts {
  readonly session: Session;
  readonly operationUrl: (operationId: string) => string;
  readonly readService: (name: string, deadline: number) => Promise<JsonObject | undefined>;
}

/** What the polls have shown so far. */
interface Watch {
  readonly start: number;
  polls: number;
  received: number;
  streamed: string;
  state: string;
  missing: number;
  failingSince: number | undefined;
}

const longestOutageMs = 5 * 60_000;
const mostMissing = 3;
const streamedKept = 64_000;
const passing: readonly ErrorCode[] = [
  "ServerError",
  "Unreachable",
  "ConnectionLost",
  "TimedOut",
  "Throttled",
  "GatewayPage",
];

const begin = (start: number): Watch => ({
  start,
  polls: 0,
  received: 0,
  streamed: "",
  state: "NotStarted",
  missing: 0,
  failingSince: undefined,
});

const actionOf = (operation: OperationRef): string =>
  operation.operationId
    ? `follow operation ${operation.operationId}`
    : `follow service "${operation.serviceName ?? ""}"`;

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

function lost(operation: OperationRef): ServiceError {
  return new ServiceError({
    action: actionOf(operation),
    code: "OperationLost",
    operationId: operation.operationId,
    detail: "Expected the service to know the operation it began, found that it does not (404).",
  });
}

function receive(watch: Watch, document: JsonObject): void {
  const fresh = document["streamingOperationLog"];
  if (typeof document["state"] === "string") watch.state = document["state"];
  if (typeof fresh !== "string") return;
  watch.received += fresh.length;
  watch.streamed = tail(watch.streamed + fresh, streamedKept);
}

async function pollOperation(
  parts: WaitParts,
  operation: OperationRef,
  watch: Watch,
  deadline: number,
): Promise<Operation | undefined> {
  const query = watch.polls > 1 ? `?offset=${watch.received}` : "";
  const action = actionOf(operation);
  const url = parts.operationUrl(operation.operationId) + query;
  const answer = await parts.session.send({ action, method: "GET", url, repeatable: true, deadline });
  if (isOwnNotFound(answer)) {
    // The operation is read from another store than the one it was written to: it may appear a moment later.
    watch.missing += 1;
    if (watch.missing >= mostMissing) throw lost(operation);
    return undefined;
  }
  const document = expectObject({ action }, answer);
  watch.missing = 0;
  receive(watch, document);
  const state = terminalState(document["state"]);
  return state && readOperation(operation.operationId, state, document, readStreamedLog(watch.streamed));
}

async function pollService(
  parts: WaitParts,
  operation: OperationRef,
  watch: Watch,
  deadline: number,
): Promise<Operation | undefined> {
  const document = await parts.readService(operation.serviceName ?? "", deadline);
  if (!document) throw lost(operation);
  watch.state = String(document["state"]);
  const state = stateFromService(document);
  return state && readOperation("", state, document, "");
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
    const poll = operation.operationId ? pollOperation : pollService;
    const ended = await poll(parts, operation, watch, deadline);
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
  const watch = begin(clock.now());
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
