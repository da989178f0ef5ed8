import { artifactContent, artifactsByPrefix, createArtifacts } from "../uploads/artifacts";
import { createAsset, getAsset } from "../models/assets";
import { getBlob, putBlob } from "../uploads/blobs";
import { buildImage, deleteImage, getImage, listImages } from "../models/images";
import { deleteModel, getModel, listModels, registerModel, updateModel } from "../models/model-routes";
import { issueToken, listKeys, readLogs, regenerateKeys } from "../services/access";
import type { Call } from "./call";
import { createService } from "../services/create";
import { migrateService } from "../services/migrate";
import { getOperation, getOperationLog } from "../operations/operation-routes";
import { getService, listServices } from "../services/read";
import { deleteService } from "../services/remove";
import type { Reply } from "./reply";
import { getSwagger, score } from "../services/scoring";
import { updateService } from "../services/update";
import { validateName, validateRequest, validateResource } from "../services/validate";
import { armWorkspace, discovery, getCompute } from "./workspace-routes";

/** Who may call beside a bearer of the access token: anyone; `arm`: nobody, and errors are in ARM's shape. */
export type Access = "open" | "arm";

export interface Route {
  readonly method: string;
  readonly path: string;
  readonly access?: Access;
  readonly handle: (call: Call) => Reply | Promise<Reply>;
  /** The handler reads the request itself; its body is not kept. */
  readonly streams?: boolean;
}

const scope =
  "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.MachineLearningServices/workspaces/{workspace}";
const artifacts = `/artifact/v2.0${scope}/artifacts`;
const mms = `/modelmanagement/v1.0${scope}`;

/** One row per REST call. The first row that matches answers. */
export const routes: readonly Route[] = [
  { method: "GET", path: "/discovery", access: "open", handle: discovery },
  { method: "GET", path: scope, access: "arm", handle: armWorkspace },
  { method: "GET", path: `${scope}/computes/{name}`, access: "arm", handle: getCompute },
  { method: "GET", path: `/rp/workspaces${scope}/computes/{name}`, access: "arm", handle: getCompute },
  { method: "POST", path: `${mms}/services/validate/name/{name}`, handle: validateName },
  { method: "POST", path: `${mms}/services/validate/resource`, handle: validateResource },
  { method: "POST", path: `${mms}/services/validate`, handle: validateRequest },
  { method: "POST", path: `${mms}/services/migrate`, handle: migrateService },
  { method: "POST", path: `${mms}/services`, handle: createService },
  { method: "GET", path: `${mms}/services`, handle: listServices },
  { method: "GET", path: `${mms}/services/{name}`, handle: getService },
  { method: "PATCH", path: `${mms}/services/{name}`, handle: updateService },
  { method: "DELETE", path: `${mms}/services/{name}`, handle: deleteService },
  { method: "POST", path: `${mms}/services/{name}/listkeys`, handle: listKeys },
  { method: "POST", path: `${mms}/services/{name}/regenerateKeys`, handle: regenerateKeys },
  { method: "POST", path: `${mms}/services/{name}/token`, handle: issueToken },
  { method: "GET", path: `${mms}/services/{name}/logs`, handle: readLogs },
  { method: "POST", path: `${mms}/images`, handle: buildImage },
  { method: "GET", path: `${mms}/images`, handle: listImages },
  { method: "GET", path: `${mms}/images/{id}`, handle: getImage },
  { method: "DELETE", path: `${mms}/images/{id}`, handle: deleteImage },
  { method: "POST", path: `${mms}/assets`, handle: createAsset },
  { method: "GET", path: `${mms}/assets/{id}`, handle: getAsset },
  { method: "POST", path: `${mms}/models`, handle: registerModel },
  { method: "GET", path: `${mms}/models`, handle: listModels },
  { method: "GET", path: `${mms}/models/{id}`, handle: getModel },
  { method: "PATCH", path: `${mms}/models/{id}`, handle: updateModel },
  { method: "DELETE", path: `${mms}/models/{id}`, handle: deleteModel },
  {
    method: "POST",
    path: `${artifacts}/batch/metadata/{origin}/{container}`,

    handle: createArtifacts,
  },
  {
    method: "GET",
    path: `${artifacts}/prefix/contentinfo/{origin}/{container}/{path+}`,

    handle: artifactsByPrefix,
  },
  {
    method: "GET",
    path: `${artifacts}/contentinfo/{origin}/{container}/{path+}`,

    handle: artifactContent,
  },
  { method: "PUT", path: "/blob/{id+}", access: "open", handle: putBlob, streams: true },
  { method: "GET", path: "/blob/{id+}", access: "open", handle: getBlob },
  { method: "HEAD", path: "/blob/{id+}", access: "open", handle: getBlob },
  { method: "GET", path: `${mms}/operations/{id}`, handle: getOperation },
  { method: "GET", path: "/operationlogs/{id}", access: "open", handle: getOperationLog },
  { method: "POST", path: "/api/v1/service/{name}/score", access: "open", handle: score },
  { method: "GET", path: "/api/v1/service/{name}/swagger.json", access: "open", handle: getSwagger },
];
