import type { Seed } from "./catalogue";
import { isoTime } from "./clock";
import { checkCreate } from "./create";
import { deploymentOf } from "./deployment";
import { isObject, type JsonObject } from "./json";
import { keysOf } from "./keys";
import type { Service, ServiceState } from "./service";
import type { Workspace } from "./workspace";

const lists = ["computes", "models", "images", "services"] as const;

/** Reads a seed. Throws with what was expected when it is none. */
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

/** What a document that was read from the API has and a create request has not. */
const asRequest = (document: JsonObject): JsonObject => ({
  computeType: "AKS",
  environmentImageRequest: document["imageId"] ? null : { modelIds: ["model:1"] },
  ...document,
  numReplicas:
    isObject(document["autoScaler"]) && document["autoScaler"]["autoscaleEnabled"] === true
      ? null
      : document["numReplicas"],
});

function seedService(workspace: Workspace, document: JsonObject): void {
  const wanted = checkCreate(workspace, asRequest(document));
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

/** Puts the seed's services into a fresh state; a state that was read from a folder has them already. */
export function seedServices(workspace: Workspace, seed: Seed | undefined): void {
  if (workspace.state.seeded) return;
  workspace.state.seeded = true;
  for (const document of seed?.services ?? []) seedService(workspace, document);
}
