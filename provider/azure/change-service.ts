import { isOwnNotFound } from "./answer";
import { isBusyChange } from "./busy";
import { ServiceError } from "./errors";
import type { OperationRef } from "./operation";
import type { PatchOperation } from "./json-patch";
import { success } from "./success";
import { actionOn, serviceUrl, type Context } from "./workspace";

/** Sends a JSON Patch. An empty one is not sent at all. */
export async function patchService(
  context: Context,
  name: string,
  operations: readonly PatchOperation[],
): Promise<OperationRef | undefined> {
  if (operations.length === 0) return undefined;
  const action = actionOn("update", name);
  const answer = await context.workspace.session.send({
    action,
    method: "PATCH",
    url: serviceUrl(context, name),
    body: operations,
    contentType: "application/json-patch+json",
    // A second `remove` of the same member is refused; all else may be said twice.
    repeatable: operations.every(({ op }) => op !== "remove"),
    isBusy: isBusyChange,
    deadline: context.deadline,
  });
  return success("patchService", { action }, answer).operation;
}

/** Deletes a service; one that is not there is "gone". */
export async function removeService(
  context: Context,
  name: string,
): Promise<OperationRef | "gone" | undefined> {
  const action = actionOn("delete", name);
  const answer = await context.workspace.session.send({
    action,
    method: "DELETE",
    url: serviceUrl(context, name),
    repeatable: true,
    isBusy: isBusyChange,
    deadline: context.deadline,
  });
  if (isOwnNotFound(answer)) {
    await context.workspace.assertExists(context.deadline);
    return "gone";
  }
  const { status, operation } = success("removeService", { action }, answer);
  return status === 204 ? "gone" : operation;
}

/** Begins to move a service to another compute of the workspace. */
export async function migrateService(
  context: Context,
  name: string,
  computeTarget: string,
): Promise<OperationRef> {
  const action = actionOn("migrate", name);
  const { root, scope, session } = context.workspace;
  const send = async (): Promise<OperationRef | undefined> => {
    const answer = await session.send({
      action,
      method: "POST",
      url: `${root}/services/migrate`,
      body: { serviceName: name, computeTarget: `${scope}/computes/${computeTarget}` },
      repeatable: false,
      isBusy: isBusyChange,
      deadline: context.deadline,
    });
    return success("migrateService", { action }, answer).operation;
  };
  const begun = await send().catch((error: unknown) => {
    throw error instanceof ServiceError && error.ambiguous ? openOutcome(error, action) : error;
  });
  return begun ?? Object.freeze({ operationId: "", serviceName: name, settled: true as const });
}

/** The error for a request that must not be sent twice and whose outcome nobody told. */
export function openOutcome(error: ServiceError, action: string): ServiceError {
  return new ServiceError({
    action,
    code: "OutcomeUnknown",
    status: error.status,
    requestId: error.requestId,
    detail: `It may have taken effect all the same. ${error.detail ?? ""}`.trim(),
    ambiguous: true,
  });
}
