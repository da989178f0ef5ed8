import { randomUUID } from "node:crypto";
import { conflict } from "../server/errors";
import type { Reply } from "../server/reply";
import type { Operation, OperationKind } from "./operation";
import { finalWord, shareAt } from "./operation-view";
import { modelIdsOf } from "../services/image-rules";
import type { Deployment, Service } from "../services/service";
import type { Workspace } from "../state/workspace";

type Details = Pick<Operation, "kind" | "target" | "outcome"> &
  Partial<Pick<Operation, "builds" | "keys" | "computeName">>;

/** Starts an operation; what it does happens when its time has come (see `settle`). */
function startOperation(workspace: Workspace, details: Details): Operation {
  const startedAt = workspace.clock.now();
  const begun: Operation = {
    id: randomUUID(),
    startedAt,
    dueAt: startedAt + workspace.operationTime,
    settled: false,
    builds: false,
    ...details,
  };
  const gate = workspace.operationGate;
  const operation = gate?.stops(begun) ? { ...begun, heldAt: shareAt(begun, gate.phase) } : begun;
  workspace.state.operations[operation.id] = operation;
  forgetOldest(workspace);
  settle(workspace);
  return operation;
}

/** The 202 of a request that began an operation. */
export const accepted = (workspace: Workspace, operation: Operation): Reply => ({
  status: 202,
  headers: {
    "Operation-Location": `${workspace.url}/modelmanagement/v1.0${workspace.id.id}/operations/${operation.id}`,
  },
});

/** Starts an operation, which is the service's newest where one is given. */
export function start(workspace: Workspace, details: Details, service?: Service): Reply {
  const operation = startOperation(workspace, details);
  if (service !== undefined) service.operationId = operation.id;
  return accepted(workspace, operation);
}

/** Lets an operation go on that a gate has stopped: what is left of it takes as long as it would have taken. */
export function releaseOperation(workspace: Workspace, id: string): void {
  const held = workspace.state.operations[id];
  if (held?.heldAt === undefined || held.settled) return;
  const { heldAt, ...operation } = held;
  const at = workspace.clock.now();
  const dueAt = at + Math.round((1 - heldAt) * workspace.operationTime);
  workspace.state.operations[id] = { ...operation, dueAt, resumed: { at, share: heldAt } };
}

/** A gate does not outlive its process: what it stopped goes on after a restart. */
export function releaseAll(workspace: Workspace): void {
  for (const id of Object.keys(workspace.state.operations)) releaseOperation(workspace, id);
}

const remembered = 2000;

/** Keeps the newest operations, so that a long-lived state does not grow for ever. */
function forgetOldest({ state }: Workspace): void {
  const settled = Object.values(state.operations).filter((operation) => operation.settled);
  for (const { id } of settled.slice(0, Math.max(0, settled.length - remembered)))
    delete state.operations[id];
}

/** The operation that still runs on a service, if any. */
export const runningOperation = (workspace: Workspace, service: string): Operation | undefined =>
  Object.values(workspace.state.operations).find(
    (o) => o.target === service && !o.settled && o.kind !== "BuildImage",
  );

/** A 409 when an operation still runs on the service. */
export function requireIdle(workspace: Workspace, service: string): void {
  const running = runningOperation(workspace, service);
  if (running !== undefined)
    throw conflict(
      "OperationInProgress",
      `The operation ${running.id} (${running.kind}) is in progress on ${service}.`,
    );
}

/** Ends a running operation before its time, as a delete of its service does. */
export function cancelOperation(workspace: Workspace, operation: Operation): void {
  workspace.state.operations[operation.id] = {
    ...operation,
    outcome: { result: "cancelled" },
    dueAt: workspace.clock.now(),
    settled: true,
  };
}

function succeed(_: Workspace, service: Service, operation: Operation): void {
  service.state = operation.outcome.serviceState ?? "Healthy";
  service.error = (operation.outcome.serviceState && operation.outcome.error) ?? null;
  service.containerLog = operation.outcome.containerLog ?? null;
  service.deployment = operation.outcome.serviceState === undefined ? deploymentOf(service) : null;
}

function fail(_: Workspace, service: Service, operation: Operation): void {
  service.state = operation.outcome.serviceState ?? "Failed";
  service.error = operation.outcome.error ?? null;
  service.containerLog = operation.outcome.containerLog ?? null;
}

/** A token is good for one service; a new one of the same name has its own. */
function forgetTokens({ state }: Workspace, name: string): void {
  for (const [text, token] of Object.entries(state.tokens))
    if (token.service === name) delete state.tokens[text];
}

type Effect = (workspace: Workspace, service: Service, operation: Operation) => void;

const onSuccess: Record<Exclude<OperationKind, "BuildImage">, Effect> = {
  Create: succeed,
  Update: succeed,
  Delete: (workspace, service) => {
    delete workspace.state.services[service.name];
    forgetTokens(workspace, service.name);
  },
  RegenerateKeys: (_, service, operation) => {
    service.keys = operation.keys ?? service.keys;
  },
  Migrate: (_, service, operation) => {
    service.computeName = operation.computeName ?? service.computeName;
    service.state = "Migrated";
  },
};

const onFailure: Record<Exclude<OperationKind, "BuildImage">, Effect> = {
  Create: fail,
  Update: fail,
  Delete: (_, service) => restore(service),
  RegenerateKeys: () => undefined,
  Migrate: (_, service) => restore(service),
};

/** A delete or a migration that fails leaves the service as it was. */
const restore = (service: Service): void => {
  service.state = service.deployment === null ? "Failed" : "Healthy";
};

const succeeds = ({ outcome }: Operation): boolean => finalWord[outcome.result] === "Succeeded";

function finishImage(workspace: Workspace, operation: Operation): void {
  const image = workspace.state.images[operation.target];
  if (image !== undefined) image["creationState"] = succeeds(operation) ? "Succeeded" : "Failed";
}

function finish(workspace: Workspace, operation: Operation): void {
  operation.settled = true;
  if (operation.kind === "BuildImage") return finishImage(workspace, operation);
  const service = workspace.state.services[operation.target];
  if (service === undefined) return;
  const effects = succeeds(operation) ? onSuccess : onFailure;
  effects[operation.kind](workspace, service, operation);
  service.updatedTime = new Date(operation.dueAt).toISOString();
}

/** Does what the operations whose time has come were begun for. Called before every request is handled. */
export function settle(workspace: Workspace): void {
  const now = workspace.clock.now();
  const due = Object.values(workspace.state.operations)
    .filter((o) => !o.settled && o.heldAt === undefined && o.outcome.result !== "stuck" && o.dueAt <= now)
    .sort((a, b) => a.dueAt - b.dueAt);
  for (const operation of due) finish(workspace, operation);
}

/** What the service's settings put behind its scoring URI. */
export function deploymentOf({ settings, code }: Service): Deployment {
  const { imageId, environmentImageRequest } = settings;
  return { modelIds: modelIdsOf(environmentImageRequest), imageId, code };
}
