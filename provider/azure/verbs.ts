import { uploadArtifact } from "./artifacts";
import { createAsset } from "./assets";
import { migrateService, patchService, removeService } from "./change-service";
import { createService } from "./create-service";
import { asDeadline, type Deadline } from "./deadline";
import { accessToken, listKeys, regenerateKey } from "./keys";
import { listServices } from "./list-services";
import { containerLog, operationLog } from "./logs";
import { listModels, patchModel, readModel, registerModel, removeModel } from "./models";
import { readService } from "./read-service";
import { waitForOperation } from "./wait";
import type { Models, Webservices } from "./webservices";
import { operationUrl, type Context, type Workspace } from "./workspace";

const modelsOf = (context: Context): Models =>
  Object.freeze<Models>({
    get: (id) => readModel(context, id),
    list: (name) => listModels(context, name),
    register: (name, body) => registerModel(context, name, body),
    patch: (id, operations) => patchModel(context, id, operations),
    remove: (id) => removeModel(context, id),
    createAsset: (name, prefix) => createAsset(context, name, prefix),
  });

/** Every method gives up at the same deadline; undefined leaves each its default. */
export function webservicesOf(workspace: Workspace, deadline: Deadline | undefined): Webservices {
  const context: Context = Object.freeze({ workspace, deadline });
  const by = (limit: Deadline): Context => ({ workspace, deadline: limit });
  return Object.freeze<Webservices>({
    models: modelsOf(context),
    upload: (container, path, content) => uploadArtifact(context, container, path, content),
    within: (limit) => webservicesOf(workspace, asDeadline(workspace.session.clock, limit)),
    get: (name) => readService(context, name),
    create: (body) => createService(context, body),
    patch: (name, operations) => patchService(context, name, operations),
    remove: (name) => removeService(context, name),
    listKeys: (name) => listKeys(context, name),
    regenerateKey: (name, which, value) => regenerateKey(context, name, which, value),
    accessToken: (name) => accessToken(context, name),
    logs: (name, options) => containerLog(context, name, options),
    list: (filters) => listServices(context, filters),
    migrate: (name, computeTarget) => migrateService(context, name, computeTarget),
    operationLog: (operation) => operationLog(context, operation),
    wait: (operation, options) =>
      waitForOperation(
        {
          session: workspace.session,
          operationUrl: (id) => operationUrl(context, id),
          readService: (name, limit) => readService(by(limit), name),
        },
        operation,
        options,
      ),
  });
}
