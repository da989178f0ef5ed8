import { flattenError } from "./error-text";
import type { JsonObject } from "./answer";

/** An operation that the service has begun. */
export interface OperationRef {
  /** Empty when the service began without saying under which id. */
  readonly operationId: string;
  /** The service to watch instead, where the id is not known. */
  readonly serviceName?: string;
  /** What was asked is known to be done: waiting ends at once. */
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

const terminal: readonly string[] = [
  "Succeeded",
  "Failed",
  "Cancelled",
  "TimedOut",
] satisfies TerminalState[];

/** The terminal state that a word names, whatever its case; undefined for running states and unknown words. */
export function terminalState(word: unknown): TerminalState | undefined {
  const found = terminal.find(
    (state) => typeof word === "string" && state.toLowerCase() === word.toLowerCase(),
  );
  return found as TerminalState | undefined;
}

const serviceStates: Readonly<Record<string, TerminalState>> = Object.freeze({
  healthy: "Succeeded",
  unhealthy: "Failed",
  failed: "Failed",
  unschedulable: "Failed",
});

/** What the state of a service tells of the operation on it, where the operation has no id. */
export function stateFromService(document: JsonObject): TerminalState | undefined {
  return serviceStates[String(document["state"]).toLowerCase()];
}

/** The operation id of an `Operation-Location` header: its last path segment, without query. */
export function operationIdOf(location: string | undefined): string | undefined {
  const path = location?.split(/[?#]/)[0];
  return path?.split("/").findLast((segment) => segment !== "");
}

const firstPollsMs = [100, 200, 400, 800, 1500, 2500, 4000];
const steadyPollMs = 5000;

/** How long to wait after the given number of polls (from 1): fast at first, then every five seconds. */
export function pollDelayMs(polls: number): number {
  return firstPollsMs[polls - 1] ?? steadyPollMs;
}

function subOperationOf(document: JsonObject): string | undefined {
  const details = document["operationDetails"];
  if (typeof details !== "object" || details === null) return undefined;
  const type = (details as JsonObject)["subOperationType"];
  return typeof type === "string" ? type : undefined;
}

/** The ended operation that a terminal answer describes. */
export function readOperation(
  operationId: string,
  state: TerminalState,
  document: JsonObject,
  log: string,
): Operation {
  const error = flattenError(document["error"]);
  const subOperation = subOperationOf(document);
  return Object.freeze({
    operationId,
    state,
    ...(error ? { error } : {}),
    ...(subOperation ? { subOperation } : {}),
    ...(log ? { log } : {}),
  });
}
