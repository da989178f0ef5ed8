import { asDeadline, type Deadline } from "./clock";
import { ServiceError, type ErrorCode } from "./errors";
import { newestLine, readStreamedLog, tail } from "./logs";
import {
  expectSuccess,
  flattenError,
  isOwnError,
  isOwnNotFound,
  membersOf,
  responseError,
  type JsonObject,
} from "./response";
import { readService } from "./services";
import { operationUrl, request, type Context } from "./workspace";

/** An operation that the service has started. */
export interface OperationRef {
  /** Empty when the service started without saying under which id. */
  readonly operationId: string;
  /** The service to watch instead, where the id is not known or the service has forgotten it. */
  readonly serviceName?: string;
  /** The requested change is known to be live: waiting ends at once. */
  readonly settled?: true;
}

export type TerminalState = "Succeeded" | "Failed" | "Cancelled" | "TimedOut";

/** How an operation ended. */
export interface Operation {
  readonly operationId: string;
  readonly state: TerminalState;
  /** The operation's error with its inner errors, in one line. */
  readonly error?: string;
  /** What the service was doing: `BuildEnvironment`, `BuildImage`, `DeployService`. */
  readonly subOperation?: string;
  /** The last lines of the log that the operation streamed. */
  readonly log?: string;
}

/** Where a running operation stands. */
export interface Progress {
  readonly state: string;
  readonly elapsedMs: number;
  readonly newestLogLine?: string;
}

export interface WaitOptions {
  /** When to give up, as a deadline or in milliseconds on the connection's clock. */
  readonly deadline: Deadline | number;
  readonly onProgress?: (progress: Progress) => void;
  /** The service that the operation is about: it is watched instead when the service forgets the operation. */
  readonly serviceName?: string;
}

/** What the polls have shown so far. */
interface Watch {
  readonly start: number;
  polls: number;
  received: number;
  streamed: string;
  state: string;
  missing: number;
  /** What the operation is about, whose own state tells how it ends when nobody knows the operation any more. */
  readonly serviceName: string | undefined;
  forgotten: boolean;
  /** Why the last polls had no response, and since when. */
  outage: { readonly since: number; readonly error: ServiceError } | undefined;
}

/**
 * Polls an operation until it has ended, however it ends; unknown states count as running.
 *
 * @throws ServiceError TimedOut with the operation id at the deadline, or why it could not be seen there; OperationLost
 * when neither the operation nor what it is about is known; Interrupted when the user interrupts
 */
export async function waitForOperation(
  context: Context,
  operation: OperationRef,
  options: WaitOptions,
): Promise<Operation> {
  if (operation.settled) return Object.freeze({ operationId: operation.operationId, state: "Succeeded" });
  const { clock } = context.workspace.session;
  const deadline = asDeadline(clock, options.deadline);
  const watch: Watch = {
    start: clock.now(),
    polls: 0,
    received: 0,
    streamed: "",
    state: "NotStarted",
    missing: 0,
    serviceName: operation.serviceName ?? options.serviceName,
    forgotten: false,
    outage: undefined,
  };
  for (;;) {
    watch.polls += 1;
    const ended = await pollThroughOutages(context, operation, watch, deadline);
    const now = clock.now();
    report(watch, now, options.onProgress);
    if (ended) return ended;
    const left = deadline.remainingMs();
    if (left <= 0) throw watch.outage ? unseen(operation, watch, now) : timedOut(operation, watch, now);
    await deadline.sleep(Math.min(left, pollDelayMs(watch.polls)), actionOf(operation));
  }
}

const firstPollsMs = [100, 200, 400, 800, 1500, 2500, 4000];
const steadyPollMs = 5000;

/** How long to wait after the given number of polls (from 1): fast at first, then every five seconds. */
export function pollDelayMs(polls: number): number {
  return firstPollsMs[polls - 1] ?? steadyPollMs;
}

const longestOutageMs = 5 * 60_000;
/** A poll that starts at the deadline still gets this long for its response. */
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

/** A poll that failed for a passing reason counts as "still running": the operation goes on without us. */
async function pollThroughOutages(
  context: Context,
  operation: OperationRef,
  watch: Watch,
  deadline: Deadline,
): Promise<Operation | undefined> {
  const { clock } = context.workspace.session;
  const now = clock.now();
  const within: Context = { ...context, deadline: deadline.atLeast(lastPollMs) };
  try {
    const ended = await (operation.operationId && !watch.forgotten ? pollOperation : pollService)(
      within,
      operation,
      watch,
    );
    watch.outage = undefined;
    return ended;
  } catch (error) {
    if (!(error instanceof ServiceError) || !passing.includes(error.code)) throw error;
    watch.outage = { since: watch.outage?.since ?? now, error };
    if (clock.now() - watch.outage.since > longestOutageMs) throw error;
    return undefined;
  }
}

const mostMissing = 3;
const streamedKept = 64_000;

/** Reads the operation once. undefined: it still runs. */
async function pollOperation(
  context: Context,
  operation: OperationRef,
  watch: Watch,
): Promise<Operation | undefined> {
  const query = watch.polls > 1 ? `?offset=${watch.received}` : "";
  const action = actionOf(operation);
  const response = await request(context, {
    action,
    method: "GET",
    url: operationUrl(context, operation.operationId) + query,
    repeatable: true,
  });
  if (isOwnNotFound(response)) {
    // The operation is read from another store than the one it was written to: it may appear a moment later.
    watch.missing += 1;
    if (watch.missing < mostMissing) return undefined;
    watch.forgotten = true;
    return pollService(context, operation, watch);
  }
  // What the service did not write itself is no news of the operation, which goes on behind it.
  if (response.status >= 400 && !isOwnError(response))
    throw responseError(action, response, { code: "GatewayPage" });
  const document = expectSuccess("readOperation", action, response).body;
  watch.missing = 0;
  receive(watch, document);
  return endedOperation(operation, watch, terminalState(document["state"]), document);
}

function receive(watch: Watch, document: JsonObject): void {
  const fresh = document["streamingOperationLog"];
  if (typeof document["state"] === "string") watch.state = document["state"];
  if (typeof fresh !== "string") return;
  watch.received += fresh.length;
  watch.streamed = tail(watch.streamed + fresh, streamedKept);
}

/** Reads the service in place of an operation whose id is not known, or that is forgotten. */
async function pollService(
  context: Context,
  operation: OperationRef,
  watch: Watch,
): Promise<Operation | undefined> {
  const { serviceName } = watch;
  const document = serviceName ? await readService(context, serviceName) : undefined;
  if (!document) throw lost(operation);
  watch.state = String(document["state"]);
  return endedOperation(operation, watch, byServiceState[watch.state.toLowerCase()], document);
}

const terminalStates = ["Succeeded", "Failed", "Cancelled", "TimedOut"] as const satisfies TerminalState[];

/** The terminal state that a word names, whatever its case; undefined for running states and unknown words. */
export const terminalState = (word: unknown): TerminalState | undefined =>
  terminalStates.find((state) => typeof word === "string" && state.toLowerCase() === word.toLowerCase());

/** The state of the operation on a service by the service's own state, where the operation has no id. */
const byServiceState: Readonly<Record<string, TerminalState>> = Object.freeze({
  healthy: "Succeeded",
  unhealthy: "Failed",
  failed: "Failed",
  unschedulable: "Failed",
});

/** The operation that a document in a terminal state describes; undefined while it runs. */
function endedOperation(
  { operationId }: OperationRef,
  { streamed }: Watch,
  state: TerminalState | undefined,
  document: JsonObject,
): Operation | undefined {
  if (!state) return undefined;
  const log = readStreamedLog(streamed);
  const error = flattenError(document["error"]);
  const subOperation = membersOf(document["operationDetails"])["subOperationType"];
  return Object.freeze({
    operationId,
    state,
    ...(error ? { error } : {}),
    ...(typeof subOperation === "string" && subOperation ? { subOperation } : {}),
    ...(log ? { log } : {}),
  });
}

function report(watch: Watch, now: number, onProgress: WaitOptions["onProgress"]): void {
  const newest = newestLine(watch.streamed);
  onProgress?.({
    state: watch.state,
    elapsedMs: now - watch.start,
    ...(newest ? { newestLogLine: newest } : {}),
  });
}

const actionOf = ({ operationId, serviceName }: OperationRef): string =>
  operationId ? `follow operation ${operationId}` : `follow service "${serviceName ?? ""}"`;

function lost(operation: OperationRef): ServiceError {
  return new ServiceError({
    action: actionOf(operation),
    code: "OperationLost",
    operationId: operation.operationId,
    detail:
      "Expected the service to know the operation that it began, or what it was about, found that it knows neither (404).",
  });
}

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
  const { error } = outage!;
  const seconds = Math.round((now - outage!.since) / 1000);
  const before = outage!.since > start ? ` Before, it was ${state}.` : "";
  return new ServiceError({
    ...error,
    action: actionOf(operation),
    operationId: operation.operationId,
    detail: `${error.detail ?? ""} It has been so for ${seconds} s, until the time was up.${before}`.trim(),
    ambiguous: false,
  });
}
