import { ServiceError } from "../azure/errors";
import { pollDelayMs, terminalState } from "../azure/operations";
import type { Operation, OperationRef, ServiceDocument } from "../azure/webservices";
import { isHealthy, isOnItsWay, mayRecover } from "../core/service-state";
import { explainFailure, serviceGone } from "./deployment-error";
import type { OperationContext } from "./operation-context";

/** How long an Unhealthy service gets to pass its probes after its deployment has ended. */
const RECOVERY_MS = 60_000;

/**
 * The live service once the operation has Succeeded and the service is Healthy.
 *
 * @throws DeploymentError when either did not come true by the deadline
 */
export const ensureHealthy = async (
  context: OperationContext,
  operation: OperationRef | undefined,
): Promise<ServiceDocument> => {
  const ended = operation && (await untilEnded(context, operation));
  try {
    return await untilHealthy(context, ended);
  } catch (error) {
    throw isAboutTheDeployment(error) ? await explainFailure(context, { operation: ended, error }) : error;
  }
};

/** Waits until the operation has Succeeded. @throws DeploymentError when it ended otherwise, or not in time */
const untilEnded = async (context: OperationContext, operation: OperationRef): Promise<Operation> => {
  const ended = await follow(context, operation, (error) => explainFailure(context, { operation, error }), {
    serviceName: context.resource.name,
  });
  if (ended.state === "Succeeded") return ended;
  throw await explainFailure(context, { operation: ended });
};

/**
 * Waits for any end of an operation, and shows its progress.
 *
 * @param explain makes the error of an operation that did not end in time, or that is lost
 * @param doing what the service does, where that is no deployment
 * @param serviceName the service whose state tells how a lost operation ended; none where it tells nothing
 */
export const follow = async (
  context: OperationContext,
  operation: OperationRef,
  explain: (error: ServiceError) => Error | Promise<Error>,
  { doing, serviceName }: { readonly doing?: "Deleting" | "Migrating"; readonly serviceName?: string } = {},
): Promise<Operation> => {
  try {
    return await context.services.wait(operation, {
      deadline: context.deadline,
      ...(serviceName === undefined ? {} : { serviceName }),
      onProgress: ({ state, newestLogLine }) =>
        context.progress.operation(doing ? `${doing}: ${state}` : state, {
          newestLogLine,
          hasEnded: terminalState(state) !== undefined,
        }),
    });
  } catch (error) {
    throw isAboutTheDeployment(error) ? await explain(error) : error;
  }
};

const ABOUT_THE_DEPLOYMENT: readonly unknown[] = ["TimedOut", "OperationLost"];

/** A deadline or a lost operation is a failure of the deployment; any other error, of the connection to the workspace. */
const isAboutTheDeployment = (error: unknown): error is ServiceError =>
  error instanceof ServiceError && ABOUT_THE_DEPLOYMENT.includes(error.code);

const untilHealthy = async (
  context: OperationContext,
  operation: Operation | undefined,
): Promise<ServiceDocument> => {
  const { clock } = context.provider;
  const recoverBy = Math.min(context.deadline.at, clock.now() + RECOVERY_MS);
  for (let polls = 1; ; polls += 1) {
    const document = await context.services.get(context.resource.name);
    if (!document) throw serviceGone(context.resource);
    if (isHealthy(document)) return document;
    context.progress.service(document);
    const until = isOnItsWay(document) ? context.deadline.at : mayRecover(document) ? recoverBy : 0;
    const left = until - clock.now();
    if (left <= 0) throw await explainFailure(context, { operation });
    await context.deadline.sleep(
      Math.min(left, pollDelayMs(polls)),
      `wait for service "${context.resource.name}"`,
    );
  }
};
