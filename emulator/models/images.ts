import { objectBody, outcomeOf, param, type Call } from "../server/call";
import { isoTime } from "../state/clock";
import { badRequest, notFound } from "../server/errors";
import { isObject, type JsonObject } from "../server/json";
import { modelIdsOf } from "../services/image-rules";
import { modelFramework } from "./models";
import { start } from "../operations/operations";
import { page, pageLength } from "../server/paging";
import { ok, type Reply } from "../server/reply";
import type { Workspace } from "../state/workspace";

const existing = (id: string): JsonObject => {
  const [name = id, version = "1"] = id.split(":");
  return {
    id,
    name,
    version: Number(version) || 1,
    createdTime: isoTime(Date.UTC(2024, 0, 2)),
    kvTags: {},
    properties: {},
    description: null,
    creationState: "Succeeded",
    imageLocation: `registry.example/${id}`,
    imageType: "Docker",
    imageFlavor: "WebApiContainer",
    modelIds: [],
    modelDetails: [],
    assets: [],
    driverProgram: "score.py",
    targetRuntime: { runtimeType: "Python", targetArchitecture: "Amd64", properties: {} },
  };
};

/** An image's assets are shown complete, though a request leaves `unpack` out. */
const shownAssets = (assets: unknown): JsonObject[] =>
  (Array.isArray(assets) ? assets.filter(isObject) : []).map((asset) => ({
    mimeType: "application/octet-stream",
    unpack: false,
    ...asset,
  }));

function findImage(workspace: Workspace, id: string): JsonObject {
  const built = workspace.state.images[id];
  if (built === undefined && !workspace.catalogue.hasImage(id))
    throw notFound("ImageNotFound", `The image ${id} was not found.`, id);
  const image: JsonObject = { ...existing(id), ...built };
  return { ...image, assets: shownAssets(image["assets"]) };
}

/** GET images/{id} */
export const getImage = (call: Call): Reply => ok(findImage(call.workspace, param(call, "id")));

/** GET images: the ones built here, the newest version first. */
export function listImages(call: Call): Reply {
  const { workspace, query } = call;
  const name = query.get("name");
  const images = Object.keys(workspace.state.images)
    .map((id) => findImage(workspace, id))
    .filter((image) => name === null || image["name"] === name)
    .sort((a, b) => Number(b["version"]) - Number(a["version"]));
  return ok(page(call, images, pageLength(call)));
}

/** POST images: builds the next version of the name; the operation's resourceLocation ends with the image's id. */
export function buildImage(call: Call): Reply {
  const { workspace } = call;
  const body = objectBody(call);
  const name = body["name"];
  if (typeof name !== "string" || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name))
    throw badRequest(
      "InvalidImageName",
      `name must be of a-z, 0-9 and -, found ${JSON.stringify(name)}.`,
      "name",
    );
  const modelIds = modelIdsOf(body);
  for (const id of modelIds) modelFramework(workspace, id);
  const version = (workspace.state.versions.images[name] ?? 0) + 1;
  workspace.state.versions.images[name] = version;
  const id = `${name}:${version}`;
  const createdTime = isoTime(workspace.clock.now());
  workspace.state.images[id] = {
    ...body,
    id,
    name,
    version,
    modelIds,
    createdTime,
    creationState: "Running",
  };
  return start(workspace, { kind: "BuildImage", target: id, outcome: outcomeOf(call), builds: true });
}

/** DELETE images/{id} */
export function deleteImage(call: Call): Reply {
  const id = param(call, "id");
  if (call.workspace.state.images[id] === undefined) return { status: 204 };
  delete call.workspace.state.images[id];
  return { status: 200 };
}
