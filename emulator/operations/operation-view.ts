import { createHmac } from "node:crypto";
import { isoTime } from "../state/clock";
import type { JsonObject } from "../server/json";
import type { Operation, Phase } from "./operation";
import type { Workspace } from "../state/workspace";

/** The state that an operation has at its end. */
export const finalWord = {
  succeeded: "Succeeded",
  lost: "Succeeded",
  unknown: "Succeeded",
  failed: "Failed",
  cancelled: "Cancelled",
  timedOut: "TimedOut",
  stuck: "Running",
} as const;

/** How much of the operation's time has passed, 0 to 1. A stuck one stops short of its end. */
export function progress(operation: Operation, now: number): number {
  if (operation.settled) return 1;
  if (operation.heldAt !== undefined) return operation.heldAt;
  const { at, share } = operation.resumed ?? { at: operation.startedAt, share: 0 };
  const length = Math.max(1, operation.dueAt - at);
  const passed = share + (1 - share) * Math.min(1, (now - at) / length);
  return operation.outcome.result === "stuck" ? Math.min(0.9, passed) : passed;
}

const stateWord = (operation: Operation): string =>
  operation.settled
    ? finalWord[operation.outcome.result]
    : operation.outcome.result === "unknown"
      ? (operation.outcome.state ?? "Paused")
      : "Running";

/** The phases an operation goes through; a failing one is the last. */
function phases(operation: Operation): Phase[] {
  if (operation.kind === "BuildImage") return ["BuildImage"];
  const all: Phase[] = operation.builds
    ? ["BuildEnvironment", "BuildImage", "DeployService"]
    : ["DeployService"];
  const failing = operation.outcome.phase ?? "DeployService";
  const last = all.indexOf(failing);
  return last < 0 ? all : all.slice(0, last + 1);
}

/** How far an operation is when a phase begins; 0 for a phase that it does not go through. */
export function shareAt(operation: Operation, phase: Phase | undefined): number {
  const all = phases(operation);
  return phase === undefined ? 0 : Math.max(0, all.indexOf(phase)) / all.length;
}

function currentPhase(operation: Operation, now: number): Phase {
  const all = phases(operation);
  const index = Math.min(all.length - 1, Math.floor(progress(operation, now) * all.length));
  return all[index] ?? "DeployService";
}

const steps: Record<Phase, readonly string[]> = {
  BuildEnvironment: ["Creating or reusing the environment image", "Solving the environment"],
  BuildImage: ["Building the image", "Pushing the image"],
  DeployService: ["Creating the Kubernetes deployment", "Waiting for replicas to become available"],
};

const lastWords = { ...finalWord, timedOut: "Timed out", stuck: "" };

function messages(operation: Operation): string[] {
  const { outcome, kind, target } = operation;
  const body = kind === "Create" || kind === "Update" || kind === "BuildImage";
  const middle = body ? phases(operation).flatMap((phase) => steps[phase]) : [];
  const end = [lastWords[outcome.result], ...(outcome.error === undefined ? [] : [outcome.error.message])];
  return [
    `${kind} ${target}`,
    ...middle,
    ...(outcome.log ?? []),
    end.filter((word) => word !== "").join(": "),
  ];
}

const stamp = (time: number): string => isoTime(time).slice(0, 19).replace(/[-:T]/g, "");

interface Line {
  readonly time: number;
  readonly message: string;
}

/** The log lines that are written by now. They are spread evenly over the operation's time. */
export function logLines(operation: Operation, now: number): Line[] {
  const all = messages(operation);
  const length = Math.max(0, operation.dueAt - operation.startedAt);
  const share = progress(operation, now);
  return all
    .map((message, n) => ({ part: n / (all.length - 1), message }))
    .filter((line) => line.part <= share && line.message !== "")
    .map(({ part, message }) => ({ time: operation.startedAt + Math.round(part * length), message }));
}

/** `yyyyMMddHHmmss|message#…`, from `offset` characters on. */
function streamingLog(operation: Operation, now: number, offset: number): string {
  const clean = (message: string) => message.replaceAll("#", " ").replaceAll("|", " ");
  return logLines(operation, now)
    .map((line) => `${stamp(line.time)}|${clean(line.message)}#`)
    .join("")
    .slice(offset);
}

/** The signature that makes an operation's log readable without a bearer token. */
export const logSignature = (workspace: Workspace, id: string): string =>
  createHmac("sha256", workspace.state.signingKey).update(`log ${id}`).digest("hex").slice(0, 32);

const places = (workspace: Workspace, operation: Operation): JsonObject => {
  const base = `/api${workspace.id.id}`;
  const kind = operation.kind === "BuildImage" ? "images" : "services";
  return { resourceLocation: `${base}/${kind}/${operation.target}` };
};

/** An operation that succeeded has no error, even when its service crashed afterwards. */
const errorOf = ({ settled, outcome }: Operation) =>
  settled && outcome.result !== "succeeded" ? (outcome.error ?? null) : null;

/** The operation's document at this moment. */
export function operationDocument(workspace: Workspace, operation: Operation, offset: number): JsonObject {
  const now = workspace.clock.now();
  const log = `${workspace.url}/operationlogs/${operation.id}?sig=${logSignature(workspace, operation.id)}`;
  return {
    id: operation.id,
    operationType: operation.kind,
    state: stateWord(operation),
    createdTime: isoTime(operation.startedAt),
    endTime: operation.settled ? isoTime(operation.dueAt) : null,
    error: errorOf(operation),
    ...places(workspace, operation),
    parentRequestId: operation.id.slice(0, 8),
    operationLog: log,
    operationDetails: { subOperationType: currentPhase(operation, now) },
    streamingOperationLog: streamingLog(operation, now, offset),
  };
}
