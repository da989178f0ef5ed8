import type { OperationRef, ServiceDocument } from "../client/webservices";
import { isMigrated } from "../semantics/migration";
import { isHealthy, isOnItsWay, lastOperation, progressOf } from "../semantics/service-state";
import { untilEnded } from "./ready";
import type { Way } from "./way";

/**
 * Has the service moved to another compute, for good. One that has been moved, or is being moved since an earlier run,
 * is not moved again.
 *
 * @throws NotHealthy before anything is asked; BrokenDeployment when the migration failed
 */
export const migrate = async (way: Way, document: ServiceDocument, to: string): Promise<ServiceDocument> => {
  if (isMigrated(document)) return document;
  await untilEnded(way, running(document) ?? (await begin(way, document, to)));
  const moved = await way.services.get(way.target.name);
  // The other API may have taken the service over altogether.
  if (!moved) return { ...document, state: "Migrated" };
  if (isMigrated(moved)) return moved;
  throw new Error(
    `NotMigrated: the migration of "${way.target.name}" ended Succeeded, but the service is ${progressOf(moved)}. ` +
      "Look at its endpoint in Azure Machine Learning studio before anything else is changed.",
  );
};

const running = (document: ServiceDocument): OperationRef | undefined => {
  const operationId = isOnItsWay(document) ? lastOperation(document) : undefined;
  return operationId ? { operationId } : undefined;
};

const begin = (way: Way, document: ServiceDocument, to: string): Promise<OperationRef> => {
  if (isHealthy(document)) return way.services.migrate(way.target.name, to);
  throw new Error(
    `NotHealthy: "${way.target.name}" must be Healthy to be migrated, and is ${progressOf(document)}. ` +
      "Nothing was changed. Remove migrateTo and run `pulumi up` to repair it first.",
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
