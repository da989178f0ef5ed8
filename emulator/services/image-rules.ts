import { badRequest } from "../server/errors";
import { isObject, objectAt, textAt, type JsonObject } from "../server/json";
import type { ServiceSettings } from "./service";
import type { Workspace } from "../state/workspace";
import { modelFramework } from "../models/models";

const noCodeFrameworks = ["Onnx", "ScikitLearn", "TensorFlow", "Multi"];

/** The model ids of an environment image request. */
export function modelIdsOf(request: JsonObject | null): string[] {
  const ids = request?.["modelIds"] ?? [];
  if (!Array.isArray(ids) || !ids.every((id): id is string => typeof id === "string"))
    throw badRequest("InvalidType", "environmentImageRequest/modelIds must be a list of texts.", "modelIds");
  return ids;
}

/** Whether an image is built from code or an environment, rather than served without code. */
export const hasCode = (request: JsonObject | null): boolean =>
  typeof request?.["driverProgram"] === "string" || isObject(request?.["environment"]);

function checkNoCode(ids: readonly string[], frameworks: readonly string[]): void {
  const [framework] = frameworks;
  if (ids.length !== 1 || framework === undefined)
    throw badRequest(
      "InvalidModels",
      `A deployment without code needs exactly one model, found ${ids.length}.`,
    );
  if (!noCodeFrameworks.includes(framework))
    throw badRequest(
      "UnsupportedFramework",
      `A deployment without code needs a model of ${noCodeFrameworks.join(", ")}; ${ids[0]} is ${framework}.`,
    );
}

/** What the build reads of a request must be of its type. */
function checkCode(request: JsonObject): void {
  textAt(request["driverProgram"], "environmentImageRequest/driverProgram");
  objectAt(request["environment"], "environmentImageRequest/environment");
  const assets = request["assets"] ?? [];
  if (!Array.isArray(assets) || !assets.every(isAsset))
    throw badRequest(
      "InvalidType",
      "environmentImageRequest/assets must be a list of objects, each with a text id and url.",
      "assets",
    );
}

const isAsset = (asset: unknown): boolean =>
  isObject(asset) && typeof asset["id"] === "string" && typeof asset["url"] === "string";

/** Checks that the service has something to serve and that it exists in the workspace. */
export function checkImage(settings: ServiceSettings, workspace: Workspace): void {
  const { imageId, environmentImageRequest } = settings;
  if (imageId === null && environmentImageRequest === null)
    throw badRequest("ImageRequired", "Either imageId or environmentImageRequest is required.");
  if (
    imageId !== null &&
    workspace.state.images[imageId] === undefined &&
    !workspace.catalogue.hasImage(imageId)
  )
    throw badRequest("ImageNotFound", `The image ${imageId} does not exist in this workspace.`, "imageId");
  checkCode(environmentImageRequest ?? {});
  const ids = modelIdsOf(environmentImageRequest);
  const frameworks = ids.map((id) => modelFramework(workspace, id));
  if (environmentImageRequest !== null && !hasCode(environmentImageRequest)) checkNoCode(ids, frameworks);
}
