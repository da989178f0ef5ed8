import type { Operation, OperationRef, ServiceDocument } from "../azure/webservices";
import { flattenError } from "../azure/response";
import { errorOf, mayRecover, progressOf } from "../core/service-state";

/** What is known of a deployment that did not become Healthy. */
export interface Facts {
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
export interface Diagnosis {
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
    next: "Run `pulumi up` again to wait on; raise `timeouts` (or the option customTimeouts) when it always takes longer.",
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

export const diagnose = (facts: Facts): Diagnosis => KINDS.find(({ holds }) => holds(facts)) ?? OTHER;

/** `CrashLoop: the service "fraud" is not Healthy: Unhealthy, 0 of 1 replicas available; operation 1a2b ended Succeeded.` */
export const headline = (facts: Facts, { code }: Diagnosis): string => {
  const state = facts.document ? progressOf(facts.document) : "its state could not be read";
  return `${code}: the service "${facts.name}" is not Healthy: ${[state, operationText(facts)].filter(Boolean).join("; ")}.`;
};

const operationText = (facts: Facts): string => {
  const id = facts.operation?.operationId;
  if (!id) return "";
  return `operation ${id} ${ended(facts) ? `ended ${ended(facts)?.state}` : "has not ended"}`;
};

/** The service's own words on the cause, inner errors included; empty when it has none. */
export const causeOf = (facts: Facts): string =>
  ended(facts)?.error ?? (facts.document && flattenError(errorOf(facts.document))) ?? "";
