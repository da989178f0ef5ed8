import { objectBody, outcomeOf, type Call } from "../server/call";
import { requireCompute } from "../state/catalogue";
import { badRequest } from "../server/errors";
import { textAt } from "../server/json";
import { requireIdle, start } from "../operations/operations";
import { findService } from "./read";
import type { Reply } from "../server/reply";

const targetName = (target: unknown): string => {
  const name = typeof target === "string" ? /\/computes\/([^/]+)$/i.exec(target)?.[1] : undefined;
  if (name !== undefined) return name;
  throw badRequest("InvalidComputeTarget", "computeTarget must be the compute's ARM id.", "computeTarget");
};

/** POST services/migrate: moves a service to a Kubernetes compute. It cannot be undone. */
export function migrateService(call: Call): Reply {
  const { workspace } = call;
  const { serviceName, computeTarget } = objectBody(call);
  const service = findService(workspace, textAt(serviceName, "serviceName") ?? "");
  requireIdle(workspace, service.name);
  requireNotMigrated(service.name, service.state);
  const computeName = requireCompute(workspace.catalogue, targetName(computeTarget)).name;
  service.state = "Migrating";
  const outcome = outcomeOf(call);
  return start(workspace, { kind: "Migrate", target: service.name, outcome, computeName }, service);
}

/** A 400 for a service that has left this API by a migration. */
export function requireNotMigrated(name: string, state: string): void {
  if (state === "Migrated")
    throw badRequest(
      "ServiceMigrated",
      `The service ${name} has been migrated and can no longer be changed by this API.`,
    );
}
