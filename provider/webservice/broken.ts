import type { ServiceError } from "../azure/errors";
import type { SafeText } from "../azure/safe-text";
import type { Operation, OperationRef, Webservices } from "../azure/webservices";
import { causeOf, diagnose, headline, type Facts } from "./diagnosis";
import { logExcerpt } from "./log-excerpt";
import type { Target } from "./target";
import { afterwards, type Way } from "./way";

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
    `ServiceGone: the service "${target.name}" was deleted while it was being deployed. ` +
      "Run `pulumi refresh`, then `pulumi up` to make it again.",
  ]);

/** How a deployment was followed, and what ended that. */
export interface Followed {
  readonly operation?: Operation | OperationRef | undefined;
  readonly error?: ServiceError;
}

/** Why a deployment failed, as far as the service, its operation and its logs tell, and what to do. */
export const brokenDeployment = async (way: Way, followed: Followed): Promise<BrokenDeployment> => {
  const services = afterwards(way);
  const [document, operationLog, containerLog] = await Promise.all([
    services.get(way.target.name).catch(() => undefined),
    operationLogOf(services, followed.operation),
    services.logs(way.target.name, { tail: 50 }).catch(() => ""),
  ]);
  const facts: Facts = {
    name: way.target.name,
    operation: followed.operation,
    document,
    containerLog,
    overdue: way.deadline.remainingMs() === 0 || followed.error?.code === "TimedOut",
    lost: followed.error?.code === "OperationLost",
  };
  return new BrokenDeployment(reasonsOf(facts, operationLog, way.world.safe));
};

const reasonsOf = (facts: Facts, operationLog: string, safe: SafeText): readonly string[] => {
  const diagnosis = diagnose(facts);
  return [
    headline(facts, diagnosis),
    safe(causeOf(facts)),
    logExcerpt("Operation log", operationLog, safe),
    logExcerpt("Container log", facts.containerLog, safe),
    diagnosis.next,
  ].filter((reason) => reason !== "");
};

const operationLogOf = async (
  services: Webservices,
  operation: Operation | OperationRef | undefined,
): Promise<string> => {
  if (!operation) return "";
  const streamed = "log" in operation ? (operation.log ?? "") : "";
  return (await services.operationLog(operation)) || streamed;
};
