import { begunOperation, requireOperation } from "./begun";
import { isBusyChange } from "./busy";
import { isOwnNotFound, jsonObject } from "./answer";
import { ServiceError } from "./errors";
import type { OperationRef } from "./operation";
import type { PatchOperation } from "./json-patch";
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
  return begunOperation({ action }, answer);
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
  if (answer.status === 204) return "gone";
  if (isOwnNotFound(answer)) {
    await context.workspace.assertExists(context.deadline);
    return "gone";
  }
  // A 200 has done it; what its body says, if anything, is of no use.
  if (answer.status === 200 && !answer.headers["operation-location"]) {
    return jsonObject(answer) ? begunOperation({ action }, answer) : undefined;
  }
  return requireOperation({ action }, answer);
}

/** Begins to move a service to another compute of the workspace. */
export async function migrateService(
  context: Context,
  name: string,
  computeTarget: string,
): Promise<OperationRef> {
  const action = actionOn("migrate", name);
  const { root, scope, session } = context.workspace;
  const send = session.send({
    action,
    method: "POST",
    url: `${root}/services/migrate`,
    body: { serviceName: name, computeTarget: `${scope}/computes/${computeTarget}` },
    repeatable: false,
    isBusy: isBusyChange,
    deadline: context.deadline,
  });
  const answer = await send.catch((error: unknown) => {
    throw error instanceof ServiceError && error.ambiguous ? openOutcome(error, action) : error;
  });
  const begun = begunOperation({ action }, answer);
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
