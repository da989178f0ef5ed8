import { jsonBody, objectBody, param, type Call } from "../server/call";
import { isoTime } from "../state/clock";
import { badRequest, conflict, notFound } from "../server/errors";
import { textsMatch } from "../services/filters";
import { modelIdsOf } from "../services/image-rules";
import { isObject, textAt, textsAt, type JsonObject } from "../server/json";
import { modelDocument, modelExists } from "./models";
import { applyOperation } from "../server/patch";
import { page, pageLength } from "../server/paging";
import { ok, type Reply } from "../server/reply";
import type { Workspace } from "../state/workspace";

const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9\-._]{0,254}$/;

function nextVersion(workspace: Workspace, name: string): number {
  const seeded = workspace.catalogue.modelIds.map((id) => id.split(":"));
  const taken = seeded.filter(([other]) => other === name).map(([, version]) => Number(version));
  const version = Math.max(workspace.state.versions.models[name] ?? 0, ...taken) + 1;
  workspace.state.versions.models[name] = version;
  return version;
}

function checkUrl(workspace: Workspace, url: unknown): void {
  const asset = typeof url === "string" ? /^aml:\/\/asset\/(.+)$/.exec(url)?.[1] : undefined;
  if (asset === undefined || workspace.state.assets[asset] === undefined)
    throw badRequest(
      "AssetNotFound",
      `url must be aml://asset/<id> of an asset, found ${JSON.stringify(url)}.`,
      "url",
    );
}

function checkName(name: unknown): string {
  if (typeof name === "string" && namePattern.test(name)) return name;
  throw badRequest(
    "InvalidModelName",
    `name must match ${namePattern.source}, found ${JSON.stringify(name)}.`,
    "name",
  );
}

/** POST models: registers the next version of the name. */
export function registerModel(call: Call): Reply {
  const { workspace } = call;
  const body = objectBody(call);
  const name = checkName(body["name"]);
  checkUrl(workspace, body["url"]);
  const texts = {
    kvTags: textsAt(body["kvTags"], "kvTags"),
    properties: textsAt(body["properties"], "properties"),
  };
  const description = textAt(body["description"], "description");
  const framework = textAt(body["framework"], "framework") ?? "Custom";
  const version = nextVersion(workspace, name);
  const id = `${name}:${version}`;
  const createdTime = isoTime(workspace.clock.now());
  workspace.state.models[id] = {
    ...body,
    ...texts,
    tags: texts.kvTags,
    description,
    framework,
    id,
    version,
    createdTime,
  };
  return ok(modelDocument(workspace, id));
}

function requireModel(call: Call): string {
  const id = param(call, "id");
  if (!modelExists(call.workspace, id)) throw notFound("ModelNotFound", `The model ${id} was not found.`, id);
  return id;
}

/** GET models/{id} */
export const getModel = (call: Call): Reply => ok(modelDocument(call.workspace, requireModel(call)));

const versionOf = (model: JsonObject): number => Number(model["version"]);

const filters: Readonly<Record<string, (model: JsonObject, wanted: string) => boolean>> = {
  name: (model, wanted) => model["name"] === wanted,
  framework: (model, wanted) => model["framework"] === wanted,
  runId: (model, wanted) => model["runId"] === wanted,
  tag: (model, wanted) => textsMatch(textsAt(model["kvTags"], "kvTags"), wanted),
  tags: (model, wanted) => textsMatch(textsAt(model["kvTags"], "kvTags"), wanted),
  properties: (model, wanted) => textsMatch(textsAt(model["properties"], "properties"), wanted),
};

const isLatest = (model: JsonObject, all: readonly JsonObject[]): boolean =>
  all.every((other) => other["name"] !== model["name"] || versionOf(other) <= versionOf(model));

/** GET models: the registered and the seeded ones, the newest version first. */
export function listModels(call: Call): Reply {
  const { workspace, query } = call;
  const ids = new Set([...workspace.catalogue.modelIds, ...Object.keys(workspace.state.models)]);
  const matching = [...ids]
    .map((id) => modelDocument(workspace, id))
    .filter((m) =>
      Object.entries(filters).every(([name, holds]) => !query.get(name) || holds(m, query.get(name) ?? "")),
    )
    .sort((a, b) => versionOf(b) - versionOf(a));
  const latestOnly = /^true$/i.test(query.get("latestVersionOnly") ?? "");
  const shown = latestOnly ? matching.filter((m) => isLatest(m, matching)) : matching;
  return ok(page(call, shown, pageLength(call)));
}

const patchable =
  /^\/(kvTags|properties|description|sampleInputData|sampleOutputData|resourceRequirements)(\/[^/]+)?$/;

/** The client sends a model's properties as a whole; those that have a value keep it. */
function checkProperties(before: JsonObject, after: JsonObject): void {
  const [old, fresh] = [
    textsAt(before["properties"], "properties"),
    textsAt(after["properties"], "properties"),
  ];
  const changed = Object.keys(old).find((key) => fresh[key] !== old[key]);
  if (changed !== undefined)
    throw badRequest(
      "ImmutableProperty",
      `The property ${changed} is immutable: it has a value already.`,
      "properties",
    );
}

function patchModel(model: JsonObject, operation: JsonObject): void {
  const path = textAt(operation["path"], "path") ?? "";
  if (!patchable.test(path))
    throw badRequest("ImmutableMember", `${path} cannot be changed by an update.`, path);
  const op = operation["op"] === "remove" ? "remove" : "add";
  applyOperation(model, op, path, operation["value"] ?? null);
}

/** PATCH models/{id}: tags, description, samples and new properties. */
export function updateModel(call: Call): Reply {
  const id = requireModel(call);
  const operations = jsonBody(call);
  if (!Array.isArray(operations) || !operations.every(isObject))
    throw badRequest("InvalidPatch", "The body must be a list of patch operations.");
  const before = modelDocument(call.workspace, id);
  const after = structuredClone(before);
  for (const operation of operations) patchModel(after, operation);
  checkProperties(before, after);
  const description = textAt(after["description"], "description");
  call.workspace.state.models[id] = { ...after, description, tags: textsAt(after["kvTags"], "kvTags") };
  return ok(modelDocument(call.workspace, id));
}

/** DELETE models/{id}: 204 when there is none, 409 while a service uses it. */
export function deleteModel(call: Call): Reply {
  const { workspace } = call;
  const id = param(call, "id");
  if (workspace.state.models[id] === undefined) return { status: 204 };
  const user = Object.values(workspace.state.services).find((service) =>
    modelIdsOf(service.settings.environmentImageRequest).includes(id),
  );
  if (user !== undefined)
    throw conflict("ModelInUse", `The model ${id} is used by the service ${user.name}.`, id);
  delete workspace.state.models[id];
  return { status: 200 };
}
