import type { Json } from "./hands";
import { olderStamp, urnOf, type Identity } from "./hidden-inputs";

const KEYS = { primaryKey: "a-primary-key-of-before", secondaryKey: "a-secondary-key-of-before" };

/** What version 0.1.0 kept of a service that it had made, and the request by which it was made. */
export const olderState = (identity: Identity, resource: string, program: Json, workspaceId: string) => {
  const name = String(program["serviceName"]);
  const [, , subscriptionId, , resourceGroupName] = workspaceId.split("/");
  const stamp = olderStamp(identity, resource);
  const inputs = { ...program, __createdBy: stamp, __urn: urnOf(identity, resource), workspaceId };
  const properties = { ...(program["properties"] as Json), "pulumi-created-by": stamp };
  const outputs = {
    ...program,
    ...KEYS,
    __managed: inputs,
    authEnabled: true,
    tokenAuthEnabled: false,
    autoscaleEnabled: true,
    autoscaleMaxReplicas: 10,
    autoscaleMinReplicas: 1,
    autoscaleRefreshSeconds: 1,
    autoscaleTargetUtilization: 70,
    collectModelData: false,
    enableAppInsights: false,
    gpuCores: 0,
    memoryGb: 0.5,
    numReplicas: 1,
    replicaMaxConcurrentRequests: 1,
    maxRequestWaitTime: 500,
    scoringTimeoutMs: 60000,
    periodSeconds: 10,
    initialDelaySeconds: 310,
    timeoutSeconds: 2,
    successThreshold: 1,
    failureThreshold: 3,
    computeType: "AKS",
    createdTime: "2026-10-01T08:00:00.000Z",
    updatedTime: "2026-10-01T08:00:00.000Z",
    name,
    properties,
    state: "Healthy",
    workspaceId,
    subscriptionId,
    resourceGroupName,
    workspaceName: workspaceId.split("/").at(-1),
  };
  const resourceState = { id: `${workspaceId}/services/${name}`, inputs, outputs, initErrors: [] };
  return { resource: resourceState, stamp, made: { properties, keys: KEYS } };
};
