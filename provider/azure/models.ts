import { listElements, readIfPresent } from "./documents";
import { outcomeUnknown, ServiceError } from "./errors";
import { expectSuccess, isOwnNotFound, type JsonObject } from "./response";
import { sendWithReadBack } from "./retry";
import type { PatchOperation } from "./services";
import { call, modelUrl, request, type Context } from "./workspace";

/** A registered model as the workspace describes it. */
export type ModelDocument = JsonObject;

const actionOn = (verb: string, id: string): string => `${verb} model "${id}"`;

/** All registered versions of a name. */
export const listModels = (context: Context, name: string): AsyncGenerator<ModelDocument> =>
  listElements(
    context,
    "listModels",
    actionOn("list the versions of", name),
    `${context.workspace.root}/models?${new URLSearchParams({ name })}`,
  );

/** @returns undefined only when the service itself says 404, twice, in an existing workspace */
export const readModel = (context: Context, id: string): Promise<ModelDocument | undefined> =>
  readIfPresent(context, "readModel", actionOn("read", id), modelUrl(context, id));

/**
 * Groups uploaded files under a name, as a model is registered from.
 *
 * @param prefix of the artifacts' ids: a file's own, or that of the folder they are in
 * @returns the asset's id. Twice is harmless: an asset that no model refers to is not seen anywhere.
 */
export async function createAsset(context: Context, name: string, prefix: string): Promise<string> {
  const { body } = await call(context, "createAsset", {
    action: `register the files of model "${name}"`,
    method: "POST",
    url: `${context.workspace.root}/assets`,
    body: { name, artifacts: [{ prefix }] },
    repeatable: true,
  });
  return String(body["id"]);
}

/**
 * Registers the next version of a name. After an ambiguous failure the versions are read: each registration has an asset
 * of its own, so that the one with this `url` is ours.
 */
export async function registerModel(
  context: Context,
  name: string,
  body: ModelDocument,
): Promise<ModelDocument> {
  const { root, session } = context.workspace;
  const action = actionOn("register", name);
  return sendWithReadBack(session.clock, {
    action,
    send: async () => {
      const url = `${root}/models`;
      const registered = { action, method: "POST", url, body, repeatable: false } as const;
      return (await call(context, "registerModel", registered)).body;
    },
    readBack: (error) =>
      modelByUrl(context, name, body["url"]).catch(() => Promise.reject(outcomeUnknown(error, action))),
  });
}

async function modelByUrl(context: Context, name: string, url: unknown): Promise<ModelDocument | undefined> {
  for await (const model of listModels(context, name)) if (model["url"] === url) return model;
  return undefined;
}

/** Changes a registered model. An empty patch is not sent. */
export async function patchModel(
  context: Context,
  id: string,
  operations: readonly PatchOperation[],
): Promise<void> {
  if (operations.length === 0) return;
  await call(context, "patchModel", {
    action: actionOn("update", id),
    method: "PATCH",
    url: modelUrl(context, id),
    body: operations,
    contentType: "application/json-patch+json",
    repeatable: true,
  });
}

/** Deletes a version. An absent one is a success. @throws ServiceError Conflict while a service loads it */
export async function removeModel(context: Context, id: string): Promise<void> {
  const action = actionOn("delete", id);
  const response = await request(context, {
    action,
    method: "DELETE",
    url: modelUrl(context, id),
    repeatable: true,
  });
  if (isOwnNotFound(response)) return context.workspace.assertExists(context.deadline);
  try {
    expectSuccess("removeModel", action, response);
  } catch (error) {
    throw error instanceof ServiceError && error.status === 409 ? inUse(error, action) : error;
  }
}

const inUse = (error: ServiceError, action: string): ServiceError =>
  new ServiceError({
    ...error,
    action,
    code: "Conflict",
    advice:
      "Move the services that load it to another version first, or keep it with the resource option `retainOnDelete`.",
  });
