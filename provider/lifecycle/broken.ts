import type { Operation, OperationRef, ServiceDocument } from "../client/webservices";
import { errorOf, isOnItsWay, progressOf } from "../semantics/service-state";
import { flattenError } from "../client/error-text";
import type { Target } from "./target";
import type { Way } from "./ready";

/** A service that is there but not as asked for; each reason is a paragraph for the user. */
export class BrokenDeployment extends Error {
  constructor(readonly reasons: readonly string[]) {
    super(reasons.join("\n"));
    this.name = "BrokenDeployment";
    this.stack = "";
  }
}

export const goneMeanwhile = (target: Target): BrokenDeployment =>
  new BrokenDeployment([
    `ServiceGone: the service "${target.name}" was deleted while it was being deployed. Run \`pulumi refresh\`, then \`pulumi up\`.`,
  ]);

/** Why a deployment failed, as far as the service, its operation and its logs tell, and what to do. */
export const brokenDeployment = async (
  way: Way,
  operation: Operation | OperationRef | undefined,
  document: ServiceDocument | undefined,
): Promise<BrokenDeployment> => {
  const [deployLog, containerLog] = await Promise.all([
    operation ? bestEffort(() => way.services.operationLog(operation)) : "",
    bestEffort(() => way.services.logs(way.target.name, { tail: 50 })),
  ]);
  return new BrokenDeployment(
    [
      headline(way, operation, document),
      causeOf(operation, document),
      quoted("Operation log", deployLog),
      quoted("Container log", containerLog),
      nextStep(document, containerLog),
    ].filter((reason) => reason !== ""),
  );
};

const stateOf = (operation: Operation | OperationRef | undefined): string =>
  operation && "state" in operation ? operation.state : "";

const headline = (
  way: Way,
  operation: Operation | OperationRef | undefined,
  document: ServiceDocument | undefined,
) => {
  const ended = stateOf(operation);
  const state = document ? `the service is ${progressOf(document)}` : "the service is not there";
  const overdue = way.world.clock.now() >= way.deadline ? "TimedOut" : "DeploymentFailed";
  const id = operation ? `operation ${operation.operationId}${ended ? ` ended ${ended}` : ""}, ` : "";
  return `${overdue}: ${way.target.name}: ${id}${state}.`;
};

const causeOf = (
  operation: Operation | OperationRef | undefined,
  document: ServiceDocument | undefined,
): string => {
  const ofOperation = operation && "error" in operation ? operation.error : undefined;
  const ofService = document ? flattenError(errorOf(document)) : undefined;
  return ofOperation ?? ofService ?? "";
};

const LINES_SHOWN = 20;

const quoted = (title: string, log: string): string => {
  const lines = log.trimEnd().split("\n").filter(Boolean).slice(-LINES_SHOWN);
  return lines.length === 0
    ? ""
    : [`${title}, last ${lines.length} lines:`, ...lines.map((line) => `  ${line}`)].join("\n");
};

const nextStep = (document: ServiceDocument | undefined, containerLog: string): string => {
  if (document && isOnItsWay(document))
    return "It is still being deployed: run `pulumi up` again to wait on, or raise `timeouts`.";
  if (containerLog)
    return "Correct what the container log shows, then run `pulumi up` again: it updates this service.";
  return "Correct the cause, then run `pulumi up` again: it updates this service and makes no second one.";
};

const bestEffort = async (read: () => Promise<string>): Promise<string> => {
  try {
    return await read();
  } catch {
    return "";
  }
};

export const brokenDelete = (target: Target, ended: Operation): Error =>
  new Error(
    `DeleteFailed: ${target.name}: operation ${ended.operationId} ended ${ended.state}. ${ended.error ?? ""} ` +
      "The service is still there: correct the cause and run the same command again.",
  );
