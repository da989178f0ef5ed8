import type { JsonObject } from "../server/json";
import { modelIdsOf } from "./image-rules";
import { modelDocument } from "../models/models";
import { progress } from "../operations/operation-view";
import { runningOperation } from "../operations/operations";
import type { Service } from "./service";
import type { Workspace } from "../state/workspace";

const createdBy = {
  userObjectId: "00000000-0000-0000-0000-0000000000bb",
  userTenantId: "00000000-0000-0000-0000-0000000000cc",
  userName: "emulator",
};

/** Replicas come up one after the other while an operation runs; without a deployment that works there are none. */
function deploymentStatus(workspace: Workspace, service: Service): JsonObject {
  const desired = service.settings.numReplicas;
  const running = runningOperation(workspace, service.name);
  const moves = running?.kind === "Create" || running?.kind === "Update";
  const share = moves ? progress(running, workspace.clock.now()) : 1;
  const kept = service.deployment === null ? 0 : desired;
  const updated = moves ? Math.floor(share * desired) : desired;
  const available = moves ? Math.max(kept, updated - 1) : kept;
  return {
    desiredReplicas: desired,
    updatedReplicas: updated,
    availableReplicas: available,
    error: service.error,
  };
}

export const scoringUri = (workspace: Workspace, name: string): string =>
  `${workspace.url}/api/v1/service/${name}/score`;

/** The image members: an environment-made service has no imageId, an image-made one no environment request. */
function imageMembers(workspace: Workspace, service: Service): JsonObject {
  const { imageId, environmentImageRequest } = service.settings;
  if (environmentImageRequest === null) return { imageId };
  const ids = modelIdsOf(environmentImageRequest);
  return { imageId, environmentImageRequest, models: ids.map((id) => modelDocument(workspace, id)) };
}

/** The service's document at this moment, complete as every client needs it. */
export function serviceDocument(workspace: Workspace, service: Service): JsonObject {
  return {
    id: service.name,
    name: service.name,
    ...service.settings,
    computeType: "AKS",
    computeName: service.computeName,
    state: service.state,
    error: service.error,
    createdTime: service.createdTime,
    updatedTime: service.updatedTime,
    createdBy,
    deploymentType: "HttpRealtimeEndpoint",
    ...(service.operationId === "" ? {} : { operationId: service.operationId }),
    scoringUri: scoringUri(workspace, service.name),
    deploymentStatus: deploymentStatus(workspace, service),
    isDefault: null,
    trafficPercentile: null,
    type: null,
    imageDigest: null,
    ...withoutNullEnvironment(imageMembers(workspace, service)),
  };
}

const withoutNullEnvironment = (members: JsonObject): JsonObject =>
  members["environmentImageRequest"] === undefined
    ? { ...members, environmentImageRequest: null, models: [] }
    : members;
