import { ServiceError } from "../azure/errors";
import type { Operation, OperationRef, ServiceDocument } from "../azure/webservices";
import {
  isHealthy,
  isMigrated,
  isMigrating,
  isOnItsWay,
  lastOperation,
  progressOf,
} from "../core/service-state";
import { BrokenDeployment } from "./broken";
import { logExcerpt } from "./log-excerpt";
import type { Target } from "./target";
import { afterwards, type Way } from "./way";

const INSTEAD =
  "Remove migrateTo to stay on AKS, or deploy the endpoint anew beside this service: docs/migration.md says how.";

/**
 * Has the service moved to another compute, for good. One that has been moved, or is being moved since an earlier run,
 * is not moved again.
 *
 * @throws NotHealthy before anything is asked; BrokenDeployment when the migration failed
 */
export const migrate = async (way: Way, document: ServiceDocument, to: string): Promise<ServiceDocument> => {
  if (isMigrated(document)) return document;
  await untilMoved(way, running(document) ?? (await begin(way, document, to)));
  const moved = await way.services.get(way.target.name);
  // The other API may have taken the service over altogether.
  if (!moved) return { ...document, state: "Migrated" };
  if (isMigrated(moved)) return moved;
  throw new BrokenDeployment([
    `NotMigrated: the migration of "${way.target.name}" ended Succeeded, but the service is ${progressOf(moved)}.`,
    "Look at its endpoint in Azure Machine Learning studio before anything else is changed.",
  ]);
};

const running = (document: ServiceDocument): OperationRef | undefined => {
  const operationId = isOnItsWay(document) ? lastOperation(document) : undefined;
  return operationId ? { operationId } : undefined;
};

const begin = async (way: Way, document: ServiceDocument, to: string): Promise<OperationRef> => {
  if (!isHealthy(document))
    throw new Error(
      `NotHealthy: "${way.target.name}" must be Healthy to be migrated, and is ${progressOf(document)}. ` +
        "Nothing was changed. Remove migrateTo and run `pulumi up` to repair it first.",
    );
  try {
    return await way.services.migrate(way.target.name, to);
  } catch (error) {
    throw error instanceof ServiceError && ENDED.includes(error.status) ? unavailable(way, error) : error;
  }
};

/** Answers of an API that does not have the call any more. */
const ENDED: readonly (number | undefined)[] = [404, 405, 410, 501];

const unavailable = (way: Way, { code, status, requestId, detail }: ServiceError): ServiceError =>
  new ServiceError({
    action: `migrate service "${way.target.name}"`,
    code,
    status,
    requestId,
    detail,
    advice: `Azure may have ended this way of migrating; nothing was changed. ${INSTEAD}`,
  });

const untilMoved = async (way: Way, operation: OperationRef): Promise<void> => {
  const ended = await way.services.wait(operation, {
    deadline: way.deadline,
    onProgress: ({ state, newestLogLine }) => way.progress.operation(`Migrating: ${state}`, newestLogLine),
  });
  if (ended.state !== "Succeeded") throw await migrationFailed(way, ended);
};

const migrationFailed = async (way: Way, ended: Operation): Promise<BrokenDeployment> => {
  const [document, log] = await Promise.all([
    afterwards(way)
      .get(way.target.name)
      .catch(() => undefined),
    afterwards(way).operationLog(ended),
  ]);
  return new BrokenDeployment(
    [
      `MigrationFailed: the migration of "${way.target.name}" (operation ${ended.operationId}) ended ${ended.state}; ` +
        `the service is ${document ? progressOf(document) : "not to be seen"}.`,
      ended.error ?? "",
      logExcerpt("Operation log", log, way.world.safe),
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
export const refuseDeletionOfMigrated = ({ name, urn }: Target, document: ServiceDocument): void => {
  if (!isMigrated(document) && !isMigrating(document)) return;
  throw new Error(
    `Migrated: the service "${name}" ${isMigrated(document) ? "has been" : "is being"} migrated to a Kubernetes online endpoint, ` +
      "which its deletion here could end. Nothing was deleted. " +
      `Take it out of the stack with \`pulumi state delete '${urn || "<urn>"}'\`, then run the same command again.`,
  );
};
