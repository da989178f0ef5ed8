import { isOwnError, isOwnNotFound, refusal, type JsonObject } from "./answer";
import type { Deadline } from "./deadline";
import { ServiceError } from "./errors";
import {
  readOperation,
  stateFromService,
  terminalState,
  type Operation,
  type OperationRef,
} from "./operation";
import { readStreamedLog, tail } from "./operation-log";
import type { Session } from "./session";
import { success } from "./success";

/** Where to look: the URL of an operation, and how to read the service when the operation has no id. */
export interface WaitParts {
  readonly session: Session;
  readonly operationUrl: (operationId: string) => string;
  readonly readService: (name: string, deadline: Deadline) => Promise<JsonObject | undefined>;
}

/** What the polls have shown so far. */
export interface Watch {
  readonly start: number;
  polls: number;
  received: number;
  streamed: string;
  state: string;
  missing: number;
  /** What the operation is about, whose own state tells how it ends when nobody knows the operation any more. */
  readonly serviceName: string | undefined;
  forgotten: boolean;
  /** Why the last polls had no answer, and since when. */
  outage: { readonly since: number; readonly error: ServiceError } | undefined;
}

const mostMissing = 3;
const streamedKept = 64_000;

export const beginWatch = (start: number, serviceName: string | undefined): Watch => ({
  start,
  serviceName,
  polls: 0,
  received: 0,
  streamed: "",
  state: "NotStarted",
  missing: 0,
  forgotten: false,
  outage: undefined,
});

export const actionOf = (operation: OperationRef): string =>
  operation.operationId
    ? `follow operation ${operation.operationId}`
    : `follow service "${operation.serviceName ?? ""}"`;

function lost(operation: OperationRef): ServiceError {
  return new ServiceError({
    action: actionOf(operation),
    code: "OperationLost",
    operationId: operation.operationId,
    detail:
      "Expected the service to know the operation that it began, or what it was about, found that it knows neither (404).",
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
  deadline: Deadline,
): Promise<Operation | undefined> {
  const query = watch.polls > 1 ? `?offset=${watch.received}` : "";
  const action = actionOf(operation);
  const url = parts.operationUrl(operation.operationId) + query;
  const answer = await parts.session.send({ action, method: "GET", url, repeatable: true, deadline });
  if (isOwnNotFound(answer)) {
    // The operation is read from another store than the one it was written to: it may appear a moment later.
    watch.missing += 1;
    if (watch.missing < mostMissing) return undefined;
    watch.forgotten = true;
    return pollService(parts, operation, watch, deadline);
  }
  // What the service did not write itself says nothing of the operation, which goes on behind it.
  if (answer.status >= 400 && !isOwnError(answer)) throw refusal({ action }, answer, { code: "GatewayPage" });
  const document = success("readOperation", { action }, answer).body;
  watch.missing = 0;
  receive(watch, document);
  const state = terminalState(document["state"]);
  return state && readOperation(operation.operationId, state, document, readStreamedLog(watch.streamed));
}

async function pollService(
  parts: WaitParts,
  operation: OperationRef,
  watch: Watch,
  deadline: Deadline,
): Promise<Operation | undefined> {
  const { serviceName } = watch;
  const document = serviceName ? await parts.readService(serviceName, deadline) : undefined;
  if (!document) throw lost(operation);
  watch.state = String(document["state"]);
  const state = stateFromService(document);
  return state && readOperation(operation.operationId, state, document, readStreamedLog(watch.streamed));
}

/** Looks once. undefined: it still runs. @throws ServiceError OperationLost, or why there was no answer */
export const poll = (
  parts: WaitParts,
  operation: OperationRef,
  watch: Watch,
  deadline: Deadline,
): Promise<Operation | undefined> =>
  (operation.operationId && !watch.forgotten ? pollOperation : pollService)(
    parts,
    operation,
    watch,
    deadline,
  );
