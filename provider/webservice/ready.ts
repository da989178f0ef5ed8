import { ServiceError } from "../azure/errors";
import { pollDelayMs } from "../azure/operations";
import type { Operation, OperationRef, ServiceDocument } from "../azure/webservices";
import { isHealthy, isOnItsWay, mayRecover } from "../core/service-state";
import { brokenDeployment, goneMeanwhile } from "./broken";
import type { Way } from "./way";

/** How long an Unhealthy service gets to pass its probes after its deployment has ended. */
const RECOVERY_MS = 60_000;

/**
 * The live service once the operation has Succeeded and the service is Healthy.
 *
 * @throws BrokenDeployment when either did not come true by the deadline
 */
export const untilReady = async (way: Way, operation: OperationRef | undefined): Promise<ServiceDocument> => {
  const ended = operation && (await untilEnded(way, operation));
  try {
    return await untilHealthy(way, ended);
  } catch (error) {
    throw isAboutTheDeployment(error) ? await brokenDeployment(way, { operation: ended, error }) : error;
  }
};

/** Waits until the operation has Succeeded. @throws BrokenDeployment when it ended otherwise, or not in time */
const untilEnded = async (way: Way, operation: OperationRef): Promise<Operation> => {
  const ended = await followed(
    way,
    operation,
    (error) => brokenDeployment(way, { operation, error }),
    way.target.name,
  );
  if (ended.state === "Succeeded") return ended;
  throw await brokenDeployment(way, { operation: ended });
};

/**
 * Waits for any end.
 *
 * @param explain makes the error of an operation that did not end in time, or that is lost
 * @param serviceName the service whose state tells how an operation ended that is lost; none where it tells nothing
 */
export const followed = async (
  way: Way,
  operation: OperationRef,
  explain: (error: ServiceError) => Error | Promise<Error>,
  serviceName?: string,
): Promise<Operation> => {
  try {
    return await way.services.wait(operation, {
      deadline: way.deadline,
      ...(serviceName === undefined ? {} : { serviceName }),
      onProgress: ({ state, newestLogLine }) => way.progress.operation(state, newestLogLine),
    });
  } catch (error) {
    throw isAboutTheDeployment(error) ? await explain(error) : error;
  }
};

const ABOUT_THE_DEPLOYMENT: readonly unknown[] = ["TimedOut", "OperationLost"];

/** A deadline or a lost operation says something about the deployment; anything else, about the way to it. */
const isAboutTheDeployment = (error: unknown): error is ServiceError =>
  error instanceof ServiceError && ABOUT_THE_DEPLOYMENT.includes(error.code);

const untilHealthy = async (way: Way, operation: Operation | undefined): Promise<ServiceDocument> => {
  const { clock } = way.world;
  const recoverBy = Math.min(way.deadline.at, clock.now() + RECOVERY_MS);
  for (let polls = 1; ; polls += 1) {
    const document = await way.services.get(way.target.name);
    if (!document) throw goneMeanwhile(way.target);
    if (isHealthy(document)) return document;
    way.progress.service(document);
    const until = isOnItsWay(document) ? way.deadline.at : mayRecover(document) ? recoverBy : 0;
    const left = until - clock.now();
    if (left <= 0) throw await brokenDeployment(way, { operation });
    await way.deadline.sleep(Math.min(left, pollDelayMs(polls)), `wait for service "${way.target.name}"`);
  }
};
