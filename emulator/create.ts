import { objectBody, outcomeOf, type Call } from "./call";
import { missingResource, unschedulable } from "./capacity";
import { requireCompute } from "./catalogue";
import { isoTime } from "./clock";
import { badRequest, conflict } from "./errors";
import { checkImage, hasCode } from "./image-rules";
import type { JsonObject } from "./json";
import { keysOf } from "./keys";
import { beginOperation, requireIdle } from "./operations";
import type { Operation, Outcome } from "./operation";
import type { Reply } from "./reply";
import { checkSettings } from "./rules";
import type { Service, ServiceSettings } from "./service";
import { settingsOf } from "./settings";
import type { Workspace } from "./workspace";

const namePattern = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

function checkName(name: unknown): string {
  if (typeof name === "string" && name.length >= 3 && name.length <= 32 && namePattern.test(name))
    return name;
  throw badRequest(
    "InvalidServiceName",
    `name must be 3 to 32 of a-z, 0-9 and -, begin with a letter and not end with -, found ${JSON.stringify(name)}.`,
    "name",
  );
}

function checkComputeType(computeType: unknown): void {
  if (computeType !== "AKS")
    throw badRequest(
      "UnsupportedComputeType",
      `computeType must be "AKS", found ${JSON.stringify(computeType)}.`,
      "computeType",
    );
}

/** Autoscaling and a fixed number of replicas exclude each other in one request. */
function checkReplicas(request: JsonObject, settings: ServiceSettings): void {
  const fixed = (request["numReplicas"] ?? null) !== null;
  if (fixed === settings.autoScaler.autoscaleEnabled)
    throw badRequest(
      "InvalidAutoScaler",
      fixed
        ? "numReplicas cannot be set while autoscaleEnabled is true."
        : "numReplicas is required when autoscaleEnabled is false.",
      "numReplicas",
    );
}

export interface CheckedCreate {
  readonly name: string;
  readonly computeName: string;
  readonly settings: ServiceSettings;
}

/** Judges a create request; the first thing wrong is a 400. */
export function checkCreate(workspace: Workspace, request: JsonObject): CheckedCreate {
  const name = checkName(request["name"]);
  checkComputeType(request["computeType"]);
  const compute = requireCompute(workspace.catalogue, request["computeName"]);
  const settings = settingsOf(request, workspace.id.name);
  checkSettings(settings);
  checkReplicas(request, settings);
  checkImage(settings, workspace);
  return { name, computeName: compute.name, settings };
}

/** A 409 when the name is taken and the request does not overwrite. */
export function requireFreeName(workspace: Workspace, name: string, overwrite: boolean): void {
  if (workspace.state.services[name] === undefined) return;
  if (!overwrite)
    throw conflict(
      "ServiceAlreadyExists",
      `A service with the name ${name} already exists in this workspace.`,
      "name",
    );
  requireIdle(workspace, name);
}

/** The outcome that a fault asks for, or else what the compute's capacity makes of it. */
export function deploymentOutcome(call: Call, wanted: CheckedCreate): Outcome {
  const compute = call.workspace.catalogue.compute(wanted.computeName) ?? { name: wanted.computeName };
  const missing = missingResource(call.workspace, compute, wanted.name, wanted.settings);
  return missing === undefined || call.outcome !== undefined ? outcomeOf(call) : unschedulable(missing);
}

/** The 202 of a request that began an operation. */
export const accepted = (workspace: Workspace, operation: Operation, body?: unknown): Reply => ({
  status: 202,
  body,
  headers: {
    "Operation-Location": `${workspace.url}/modelmanagement/v1.0${workspace.id.id}/operations/${operation.id}`,
  },
});

function addService(workspace: Workspace, wanted: CheckedCreate, keys: unknown): Service {
  const time = isoTime(workspace.clock.now());
  const service: Service = {
    ...wanted,
    createdTime: time,
    updatedTime: time,
    state: "Transitioning",
    error: null,
    operationId: "",
    keys: keysOf(keys),
    deployment: null,
    containerLog: null,
  };
  workspace.state.services[wanted.name] = service;
  return service;
}

/** POST services */
export function createService(call: Call): Reply {
  const { workspace } = call;
  const request = objectBody(call);
  const wanted = checkCreate(workspace, request);
  requireFreeName(workspace, wanted.name, request["overwrite"] === true);
  const outcome = deploymentOutcome(call, wanted);
  const service = addService(workspace, wanted, request["keys"]);
  const builds = hasCode(wanted.settings.environmentImageRequest);
  const operation = beginOperation(workspace, { kind: "Create", target: wanted.name, outcome, builds });
  service.operationId = operation.id;
  return accepted(workspace, operation);
}
