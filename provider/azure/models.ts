import { isOwnNotFound } from "./answer";
import { openOutcome } from "./change-service";
import { ServiceError } from "./errors";
import { elementsOf } from "./pages";
import type { PatchOperation } from "./json-patch";
import { readDocument } from "./read-document";
import { success } from "./success";
import { modelUrl, type Context } from "./workspace";

/** A registered model as the workspace describes it. */
export type ModelDocument = Readonly<Record<string, unknown>>;

const actionOn = (verb: string, id: string): string => `${verb} model "${id}"`;

/** All registered versions of a name. */
export function listModels(context: Context, name: string): AsyncGenerator<ModelDocument> {
  const query = new URLSearchParams({ name });
  return elementsOf(
    context,
    "listModels",
    { action: actionOn("list the versions of", name) },
    `${context.workspace.root}/models?${query}`,
  );
}

/** @returns undefined only when the service itself says 404, twice, and the workspace is known to exist */
export async function readModel(context: Context, id: string): Promise<ModelDocument | undefined> {
  const found = await readDocument(
    context,
    "readModel",
    { action: actionOn("read", id) },
    modelUrl(context, id),
  );
  if ("document" in found) return found.document;
  await context.workspace.assertExists(context.deadline);
  return undefined;
}

async function post(context: Context, name: string, body: ModelDocument): Promise<ModelDocument> {
  const attempted = { action: actionOn("register", name) };
  const answer = await context.workspace.session.send({
    ...attempted,
    method: "POST",
    url: `${context.workspace.root}/models`,
    body,
    repeatable: false,
    deadline: context.deadline,
  });
  return success("registerModel", attempted, answer).body;
}

async function byUrl(context: Context, name: string, url: unknown): Promise<ModelDocument | undefined> {
  for await (const model of listModels(context, name)) if (model["url"] === url) return model;
  return undefined;
}

const mostRounds = 4;

/**
 * Registers the next version of a name. After a failure that leaves the outcome open the versions are read: each
 * registration has an asset of its own, so that the one with this `url` is ours.
 */
export async function registerModel(
  context: Context,
  name: string,
  body: ModelDocument,
): Promise<ModelDocument> {
  for (let round = 1; ; round += 1) {
    try {
      return await post(context, name, body);
    } catch (error) {
      if (!(error instanceof ServiceError) || !error.ambiguous) throw error;
      const open = openOutcome(error, actionOn("register", name));
      const found = await byUrl(context, name, body["url"]).catch(() => Promise.reject(open));
      if (found) return found;
      if (round >= mostRounds) throw open;
      await context.workspace.session.clock.sleep(500 * 2 ** round);
    }
  }
}

/** Changes a registered model. An empty patch is not sent. */
export async function patchModel(
  context: Context,
  id: string,
  operations: readonly PatchOperation[],
): Promise<void> {
  if (operations.length === 0) return;
  const attempted = { action: actionOn("update", id) };
  const answer = await context.workspace.session.send({
    ...attempted,
    method: "PATCH",
    url: modelUrl(context, id),
    body: operations,
    contentType: "application/json-patch+json",
    repeatable: true,
    deadline: context.deadline,
  });
  success("patchModel", attempted, answer);
}

const stillUsed = (error: ServiceError, id: string): ServiceError =>
  new ServiceError({
    action: actionOn("delete", id),
    code: "Conflict",
    status: error.status,
    requestId: error.requestId,
    detail: error.detail,
    advice:
      "Move the services that load it to another version first, or keep it with the resource option `retainOnDelete`.",
  });

/** Deletes a version. One that is not there is a success. @throws ServiceError Conflict while a service loads it */
export async function removeModel(context: Context, id: string): Promise<void> {
  const attempted = { action: actionOn("delete", id) };
  const answer = await context.workspace.session.send({
    ...attempted,
    method: "DELETE",
    url: modelUrl(context, id),
    repeatable: true,
    deadline: context.deadline,
  });
  if (isOwnNotFound(answer)) return context.workspace.assertExists(context.deadline);
  try {
    success("removeModel", attempted, answer);
  } catch (error) {
    throw error instanceof ServiceError && error.status === 409 ? stillUsed(error, id) : error;
  }
}
