import { objectBody, type Call } from "../server/call";
import { missingResource, unschedulable } from "./capacity";
import { requireCompute } from "../state/catalogue";
import { isoTime } from "../state/clock";
import { codeIdentity, missingAssets } from "./code";
import { badRequest, conflict } from "../server/errors";
import { checkImage, hasCode } from "./image-rules";
import type { JsonObject } from "../server/json";
import { keysOf } from "./keys";
import { requireIdle, start } from "../operations/operations";
import type { Outcome } from "../operations/operation";
import type { Reply } from "../server/reply";
import { checkSettings } from "./rules";
import type { CodeIdentity, Service, ServiceSettings } from "./service";
import { settingsOf } from "./settings";
import type { Workspace } from "../state/workspace";

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
  const { services, otherServices } = workspace.state;
  if (services[name] === undefined && otherServices[name] === undefined) return;
  if (!overwrite || otherServices[name] !== undefined)
    throw conflict(
      "ServiceAlreadyExists",
      `A service with the name ${name} already exists in this workspace.`,
      "name",
    );
  requireIdle(workspace, name);
}

/**
 * The outcome that a fault asks for, or else what missing code or the compute's capacity makes of it.
 *
 * @param builds whether the image is made anew; what runs has one, wherever its files went
 */
export function deploymentOutcome(call: Call, wanted: CheckedCreate, builds = true): Outcome {
  const { workspace, outcome } = call;
  if (outcome !== undefined) return outcome;
  const [asset] = builds ? missingAssets(workspace, wanted.settings.environmentImageRequest) : [];
  if (asset !== undefined) return buildWithoutAsset(asset);
  const compute = workspace.catalogue.compute(wanted.computeName) ?? { name: wanted.computeName };
  const missing = missingResource(workspace, compute, wanted.name, wanted.settings);
  return missing === undefined ? { result: "succeeded" } : unschedulable(missing);
}

/** How the build ends whose files were never uploaded. */
const buildWithoutAsset = (asset: string): Outcome => {
  const message = `The artifact ${asset} has no content.`;
  const details = [{ code: "ArtifactNotFound", message, target: asset }];
  const error = { code: "ImageBuildFailed", statusCode: 400, message: "The image build failed", details };
  return { result: "failed", phase: "BuildImage", error, log: [message] };
};

function addService(
  workspace: Workspace,
  wanted: CheckedCreate,
  keys: unknown,
  code: CodeIdentity | null,
): Service {
  const time = isoTime(workspace.clock.now());
  const service: Service = {
    ...wanted,
    createdTime: time,
    updatedTime: time,
    state: "Transitioning",
    error: null,
    operationId: "",
    keys: keysOf(keys),
    code,
    deployment: null,
    containerLog: null,
  };
  workspace.state.services[wanted.name] = service;
  return service;
}

/** POST services */
export async function createService(call: Call): Promise<Reply> {
  const { workspace } = call;
  const request = objectBody(call);
  const wanted = checkCreate(workspace, request);
  const { environmentImageRequest } = wanted.settings;
  // Nothing is awaited between the look at the name and the new service, so that two creates cannot both have it.
  const code = await codeIdentity(workspace, environmentImageRequest);
  requireFreeName(workspace, wanted.name, request["overwrite"] === true);
  const outcome = deploymentOutcome(call, wanted);
  const service = addService(workspace, wanted, request["keys"], code);
  const builds = hasCode(environmentImageRequest);
  return start(workspace, { kind: "Create", target: wanted.name, outcome, builds }, service);
}
