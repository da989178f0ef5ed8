import type { ServiceError } from "../azure/errors";
import { flattenError } from "../azure/response";
import type { SafeText } from "../azure/safe-text";
import type { Operation, OperationRef, ServiceDocument, Webservices } from "../azure/webservices";
import { errorOf, mayRecover, progressOf } from "../core/service-state";
import type { OperationContext } from "./operation-context";
import type { ResourceId } from "./resource-id";

/** The service exists, but not as the program wants it; each reason is a paragraph for the user. */
export class DeploymentError extends Error {
  constructor(readonly reasons: readonly string[]) {
    super(reasons.join("\n"));
    this.name = "DeploymentError";
    this.stack = "";
  }
}

export const serviceGone = (resource: ResourceId): DeploymentError =>
  new DeploymentError([
    `ServiceGone: the service "${resource.name}" was deleted while it was being deployed. ` +
      "Run `pulumi refresh`, then `pulumi up` to make it again.",
  ]);

export const goneOutside = ({ name }: ResourceId): string =>
  `ServiceGone: the service "${name}" was deleted outside Pulumi. Run \`pulumi refresh\`, then \`pulumi up\` to make it again.`;

/** How a deployment was followed, and what ended that. */
export interface Followed {
  readonly operation?: Operation | OperationRef | undefined;
  readonly error?: ServiceError;
}

/** Collects from the service, its operation and its logs why a deployment failed, and what to do. */
export const explainFailure = async (
  context: OperationContext,
  followed: Followed,
): Promise<DeploymentError> => {
  const services = context.diagnosticServices();
  const [document, operationLog, containerLog] = await Promise.all([
    context.lastLook(),
    operationLogOf(services, followed.operation),
    services.logs(context.resource.name, { tail: 50 }).catch(() => ""),
  ]);
  const facts: Facts = {
    name: context.resource.name,
    operation: followed.operation,
    document,
    containerLog,
    overdue: context.deadline.remainingMs() === 0 || followed.error?.code === "TimedOut",
    lost: followed.error?.code === "OperationLost",
  };
  const { safe } = context.provider;
  const { code, next } = KINDS.find(({ holds }) => holds(facts)) ?? OTHER;
  const reasons = [
    headline(facts, code),
    safe(causeOf(facts)),
    logExcerpt("Operation log", operationLog, safe),
    logExcerpt("Container log", containerLog, safe),
    next,
  ];
  return new DeploymentError(reasons.filter((reason) => reason !== ""));
};

const operationLogOf = async (
  services: Webservices,
  operation: Operation | OperationRef | undefined,
): Promise<string> => {
  if (!operation) return "";
  const streamed = "log" in operation ? (operation.log ?? "") : "";
  return (await services.operationLog(operation)) || streamed;
};

/** What is known of a deployment that did not become Healthy. */
interface Facts {
  readonly name: string;
  /** Ended, or followed to no end. */
  readonly operation?: Operation | OperationRef | undefined;
  readonly document?: ServiceDocument | undefined;
  readonly containerLog: string;
  /** The time was up before the service was Healthy. */
  readonly overdue: boolean;
  /** The workspace does not know the operation any more. */
  readonly lost: boolean;
}

/** The stable name of what went wrong, and one sentence on what to do next. */
interface Diagnosis {
  readonly code: string;
  readonly next: string;
}

const ended = ({ operation }: Facts): Operation | undefined =>
  operation && "state" in operation ? operation : undefined;

const texts = (facts: Facts): string => [causeOf(facts), String(facts.document?.["state"])].join(" ");

const isBuild = (facts: Facts): boolean =>
  (ended(facts)?.state === "Failed" && /^Build/.test(ended(facts)?.subOperation ?? "")) ||
  /build ?failed/i.test(texts(facts));

const IMAGE_AND_MODELS = "Correct the environment, the files or the models that the operation log names";

/** In this order: the first that holds. */
const KINDS: readonly (Diagnosis & { readonly holds: (facts: Facts) => boolean })[] = [
  {
    code: "ImageBuildFailed",
    holds: isBuild,
    next: `${IMAGE_AND_MODELS}, then run \`pulumi up\` again: it updates this service.`,
  },
  {
    code: "NoCapacity",
    holds: (facts) => /unschedulable|insufficient [\w./-]+/i.test(texts(facts)),
    next:
      "Lower cpuCores, memoryGb, gpuCores or the number of replicas, or give the cluster more nodes, " +
      "then run `pulumi up` again.",
  },
  {
    code: "CrashLoop",
    holds: (facts) => /crashloop/i.test(texts(facts)) || (isUnhealthy(facts) && facts.containerLog !== ""),
    next: "Correct what the container log shows (the scoring script, its packages, its models), then run `pulumi up` again.",
  },
  {
    code: "OperationLost",
    holds: ({ lost }) => lost,
    next: "Run `pulumi up` again: it looks at the service itself and carries on from there.",
  },
  {
    code: "DeploymentTimedOut",
    holds: (facts) => facts.overdue || ended(facts)?.state === "TimedOut",
    next: "Run `pulumi up` again to go on waiting; raise `timeouts` (or the option customTimeouts) if it always takes longer.",
  },
  {
    code: "DeploymentCancelled",
    holds: (facts) => ended(facts)?.state === "Cancelled",
    next: "Someone or something cancelled it: run `pulumi up` again.",
  },
];

const OTHER: Diagnosis = {
  code: "DeploymentFailed",
  next: "Correct the cause, then run `pulumi up` again: it updates this service and makes no second one.",
};

const isUnhealthy = ({ document }: Facts): boolean => document !== undefined && mayRecover(document);

/** `CrashLoop: the service "fraud" is not Healthy: Unhealthy, 0 of 1 replicas available; operation 1a2b ended Succeeded.` */
const headline = (facts: Facts, code: string): string => {
  const state = facts.document ? progressOf(facts.document) : "its state could not be read";
  return `${code}: the service "${facts.name}" is not Healthy: ${[state, operationText(facts)].filter(Boolean).join("; ")}.`;
};

const operationText = (facts: Facts): string => {
  const id = facts.operation?.operationId;
  if (!id) return "";
  return `operation ${id} ${ended(facts) ? `ended ${ended(facts)?.state}` : "has not ended"}`;
};

/** The service's own words on the cause, inner errors included; empty when it has none. */
const causeOf = (facts: Facts): string =>
  ended(facts)?.error ?? (facts.document && flattenError(errorOf(facts.document))) ?? "";

const LINES = 20;
/** Lines are for reading; a message as a whole is cut where it is sent. */
const LINE_CHARACTERS = 240;

/** The end of a log under a title, as one paragraph; empty when there is no log. */
export const logExcerpt = (title: string, log: string, safe: SafeText): string => {
  // Safe as a whole first: a secret that is cut, or broken into lines, is not recognised.
  const lines = safe(log)
    .split("\n")
    .map((line) => line.trimEnd())
    .filter(Boolean)
    .slice(-LINES);
  if (lines.length === 0) return "";
  return [
    `${title}, last ${lines.length === 1 ? "line" : `${lines.length} lines`}:`,
    ...lines.map(indented),
  ].join("\n");
};

const indented = (line: string): string =>
  `  ${line.length > LINE_CHARACTERS ? `${line.slice(0, LINE_CHARACTERS)}…` : line}`;
