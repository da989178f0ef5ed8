import type { ServiceJson } from "./wire";

const stateOf = (document: ServiceJson): string => String(document["state"] ?? "unknown");

const isIn = (document: ServiceJson, ...states: readonly string[]): boolean =>
  states.includes(stateOf(document).toLowerCase());

/** A web service on AKS, and not one of the workspace's other kinds. */
export const isAksService = (document: ServiceJson): boolean => document["computeType"] === "AKS";

export const kindOf = (document: ServiceJson): string => String(document["computeType"]);

export const isHealthy = (document: ServiceJson): boolean => isIn(document, "healthy");

/** Whether the service is still on its way to another state. */
export const isOnItsWay = (document: ServiceJson): boolean => isIn(document, "transitioning", "migrating");

/** A state that may still turn Healthy by itself: probes that have not passed yet. */
export const mayRecover = (document: ServiceJson): boolean => isIn(document, "unhealthy");

/** A state in which deploying again may help; not one that has moved to another compute. */
export const isBroken = (document: ServiceJson): boolean =>
  isIn(document, "failed", "unhealthy", "unschedulable");

/** Whether the service has left this API, by its document or by the outputs. */
export const isMigrated = (service: ServiceJson): boolean => isIn(service, "migrated");

/** Whether the service is about to leave this API. */
export const isMigrating = (service: ServiceJson): boolean => isIn(service, "migrating");

/** The operation that changed the service last, when the service tells. */
export const lastOperation = ({ operationId }: ServiceJson): { readonly operationId: string } | undefined =>
  typeof operationId === "string" && operationId !== "" ? { operationId } : undefined;

export const runningOperation = (document: ServiceJson) =>
  isOnItsWay(document) ? lastOperation(document) : undefined;

export const isMadeWithin = (document: ServiceJson, ms: number, nowMs: number): boolean => {
  const made = Date.parse(String(document["createdTime"]));
  return Number.isFinite(made) && nowMs - made < ms;
};

/** "Transitioning, 1 of 3 replicas available" */
export const progressOf = (document: ServiceJson): string => {
  const status = document["deploymentStatus"] as Readonly<Record<string, unknown>> | null | undefined;
  const [available, desired] = [status?.["availableReplicas"], status?.["desiredReplicas"]];
  const replicas =
    typeof desired === "number" ? `, ${Number(available ?? 0)} of ${desired} replicas available` : "";
  return `${stateOf(document)}${replicas}`;
};

export const errorOf = (document: ServiceJson): unknown => document["error"];
