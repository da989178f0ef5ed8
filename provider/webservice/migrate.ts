import { ServiceError } from "../azure/errors";
import type { Operation, OperationRef, ServiceDocument } from "../azure/webservices";
import { isHealthy, isMigrated, isMigrating, progressOf, runningOperation } from "../core/service-state";
import { DeploymentError, logExcerpt } from "./deployment-error";
import { follow } from "./ensure-healthy";
import type { OperationContext } from "./operation-context";
import type { ResourceId } from "./resource-id";

const INSTEAD =
  "Remove migrateTo to stay on AKS, or deploy the endpoint anew beside this service: docs/migration.md says how.";

/**
 * Has the service moved to another compute, for good. One that has been moved, or is being moved since an earlier run,
 * is not moved again.
 *
 * @throws NotHealthy before anything is sent; DeploymentError when the migration failed
 */
export const migrate = async (
  context: OperationContext,
  document: ServiceDocument,
  to: string,
): Promise<ServiceDocument> => {
  if (isMigrated(document)) return document;
  await untilMoved(context, runningOperation(document) ?? (await begin(context, document, to)));
  const moved = await context.services.get(context.resource.name);
  // The other API may have taken the service over altogether.
  if (!moved) return { ...document, state: "Migrated" };
  if (isMigrated(moved)) return moved;
  throw new DeploymentError([
    `NotMigrated: the migration of "${context.resource.name}" ended Succeeded, but the service is ${progressOf(moved)}.`,
    "Look at its endpoint in Azure Machine Learning studio before anything else is changed.",
  ]);
};

const begin = async (
  context: OperationContext,
  document: ServiceDocument,
  to: string,
): Promise<OperationRef> => {
  if (!isHealthy(document))
    throw new Error(
      `NotHealthy: "${context.resource.name}" must be Healthy to be migrated, and is ${progressOf(document)}. ` +
        "Nothing was changed. Remove migrateTo and run `pulumi up` to repair it first.",
    );
  try {
    return await context.services.migrate(context.resource.name, to);
  } catch (error) {
    throw error instanceof ServiceError && ENDED.includes(error.status) ? unavailable(context, error) : error;
  }
};

/** Answers of an API that does not have the call any more. */
const ENDED: readonly (number | undefined)[] = [404, 405, 410, 501];

const unavailable = (context: OperationContext, error: ServiceError): ServiceError =>
  new ServiceError({
    ...error,
    action: `migrate service "${context.resource.name}"`,
    advice: `Azure may have ended this way of migrating; nothing was changed. ${INSTEAD}`,
  });

const untilMoved = async (context: OperationContext, operation: OperationRef): Promise<void> => {
  const ended = await follow(context, operation, (error) => error, { doing: "Migrating" });
  if (ended.state !== "Succeeded") throw await migrationFailed(context, ended);
};

const migrationFailed = async (context: OperationContext, ended: Operation): Promise<DeploymentError> => {
  const [document, log] = await Promise.all([
    context.lastLook(),
    context.diagnosticServices().operationLog(ended),
  ]);
  return new DeploymentError(
    [
      `MigrationFailed: the migration of "${context.resource.name}" (operation ${ended.operationId}) ended ${ended.state}; ` +
        `the service is ${document ? progressOf(document) : "not readable"}.`,
      ended.error ?? "",
      logExcerpt("Operation log", log, context.provider.safe),
      `Correct the cause and run \`pulumi up\` again, which asks for it anew. ${INSTEAD}`,
    ].filter(Boolean),
  );
};

/** @throws for a service that has left this API, which must not be deployed over */
export const refuseMigrated = (name: string, document: ServiceDocument): void => {
  if (!isMigrated(document)) return;
  throw new Error(
    `Migrated: the service "${name}" has been migrated to a Kubernetes online endpoint, and this API cannot change it any more. ` +
      "Nothing was changed. Manage the endpoint with azure-native's OnlineEndpoint, or choose another serviceName.",
  );
};

/** @throws for a service that has left this API, or is about to: to delete what remains could end the endpoint that it becomes */
export const refuseDeletionOfMigrated = ({ name, urn }: ResourceId, document: ServiceDocument): void => {
  if (!isMigrated(document) && !isMigrating(document)) return;
  throw new Error(
    `Migrated: the service "${name}" ${isMigrated(document) ? "has been" : "is being"} migrated to a Kubernetes online endpoint, ` +
      "which its deletion here could end. Nothing was deleted. " +
      `Take it out of the stack with \`pulumi state delete '${urn || "<urn>"}'\`, then run the same command again.`,
  );
};
