import type { Seed } from "./catalogue";
import { isoTime } from "./clock";
import { checkCreate } from "../services/create";
import { deploymentOf } from "../operations/operations";
import { isObject, type JsonObject } from "../server/json";
import { keysOf } from "../services/keys";
import type { Service, ServiceState } from "../services/service";
import type { Workspace } from "./workspace";

const lists = ["computes", "models", "images", "services"] as const;

/** Reads a seed. Throws with what was expected where it is not one. */
export function parseSeed(value: unknown): Seed {
  if (!isObject(value)) throw new Error("the seed must be a JSON object");
  for (const name of Object.keys(value))
    if (!lists.includes(name as (typeof lists)[number]))
      throw new Error(`the seed has an unknown member "${name}"; expected ${lists.join(", ")}`);
  for (const name of lists) checkList(name, value[name]);
  return value as Seed;
}

function checkList(name: (typeof lists)[number], list: unknown): void {
  if (list === undefined) return;
  const key = name === "computes" || name === "services" ? "name" : "id";
  const good = (entry: unknown) => isObject(entry) && typeof entry[key] === "string";
  if (!Array.isArray(list) || !list.every(good))
    throw new Error(`the seed's ${name} must be a list of objects, each with a text "${key}"`);
}

/** A document that was read from the API as a create request. What it leaves out gets the defaults. */
function asRequest(workspace: Workspace, document: JsonObject): JsonObject {
  const { imageId, autoScaler, numReplicas } = document;
  const modelIds = [workspace.catalogue.modelIds[0] ?? "model:1"];
  const scaled = isObject(autoScaler) && autoScaler["autoscaleEnabled"] === true;
  return {
    computeType: "AKS",
    environmentImageRequest: imageId ? null : { modelIds },
    ...document,
    numReplicas: scaled ? null : numReplicas,
  };
}

function seedService(workspace: Workspace, document: JsonObject): void {
  const wanted = checkCreate(workspace, asRequest(workspace, document));
  const time = isoTime(workspace.clock.now());
  const created = document["createdTime"];
  const service: Service = {
    ...wanted,
    createdTime: typeof created === "string" ? created : time,
    updatedTime: time,
    state: (document["state"] ?? "Healthy") as ServiceState,
    error: (document["error"] ?? null) as Service["error"],
    operationId: "",
    keys: keysOf(document["keys"]),
    code: null,
    deployment: null,
    containerLog: null,
  };
  if (service.state === "Healthy") service.deployment = deploymentOf(service);
  workspace.state.services[service.name] = service;
}

/** A service of another compute type is shown as the seed has it. */
function seedOther(workspace: Workspace, document: JsonObject): void {
  const createdTime = isoTime(workspace.clock.now());
  const blank = { description: null, kvTags: {}, properties: {}, createdTime, state: "Healthy" };
  workspace.state.otherServices[String(document["name"])] = { ...blank, ...document };
}

function seedOne(workspace: Workspace, document: JsonObject): void {
  const computeType = document["computeType"] ?? "AKS";
  try {
    (computeType === "AKS" ? seedService : seedOther)(workspace, document);
  } catch (error) {
    throw new Error(`the seed's service ${String(document["name"])}: ${(error as Error).message}`);
  }
}

/** Puts the seed's services into a fresh state; a state that was read from a folder has them already. */
export function seedServices(workspace: Workspace, seed: Seed | undefined): void {
  if (workspace.state.seeded) return;
  workspace.state.seeded = true;
  // A copy: what a test does to its seed later happens to no service.
  for (const document of seed?.services ?? []) seedOne(workspace, structuredClone(document));
}
