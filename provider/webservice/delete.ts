import type { Deadline } from "../azure/clock";
import { ServiceError } from "../azure/errors";
import type { Operation, OperationRef, ServiceDocument } from "../azure/webservices";
import { pathOf } from "../core/check-failure";
import { entriesLost } from "../core/ignored-entries";
import { isOwnership, mayDelete, ownerInWords, ownerOf, ownerTokenIn } from "../core/ownership";
import { readSettings } from "../core/wire";
import { fields } from "../schema/fields";
import { warn, type ProviderContext, type Values } from "./context";
import { logExcerpt } from "./deployment-error";
import { follow } from "./ensure-healthy";
import { refuseDeletionOfMigrated } from "./migrate";
import { openOperation, type OperationContext } from "./operation-context";
import { cannotReplace, oldServiceStays, refuseOtherKind } from "./ownership";
import { resourceFromId, type ResourceId } from "./resource-id";

/**
 * Deletes the service where this resource owns it; another's stays. One that is not there any more is a success; a failed
 * deletion, or one without effect, is an error.
 */
export const remove =
  (provider: ProviderContext) =>
  async (id: string, outputs: Values): Promise<void> => {
    const context = await openOperation(provider, expectResource(id, outputs), "delete", outputs);
    const { resource, services, deadline } = context;
    const document = await services.get(resource.name);
    if (!document) return;
    // The workspace's other kinds of services share its names and this call.
    refuseOtherKind(resource.name, document);
    const replacedBy = provider.replacing.get(id);
    provider.replacing.delete(id);
    if (!mayDelete(document, outputs)) {
      if (replacedBy) throw cannotReplace(resource.name, replacedBy, oldServiceStays(document));
      return leave(context, document);
    }
    const adopter = provider.adopted.get(resource.id.toLowerCase());
    if (!ownerOf(document) && adopter !== undefined && adopter !== ownerTokenIn(outputs))
      return leaveAdopted(context);
    refuseDeletionOfMigrated(resource, document);
    if (replacedBy) warnOfAdded(context, document, outputs);
    const operation = await services.remove(resource.name);
    const ended = typeof operation === "object" ? await followDeletion(context, operation) : undefined;
    if (ended && ended.state !== "Succeeded") throw await deleteFailed(context, ended);
    const isGone = await isSeenGone(deadline, (until) => services.within(until).get(resource.name));
    if (!isGone) throw deleteWithoutEffect(context);
    context.progress.ended("Deleted");
  };

/** The state forgets a service that is not this resource's to delete, and the line says whose it is. */
const leave = (context: OperationContext, document: ServiceDocument): void => {
  const owner = ownerOf(document);
  const next = owner
    ? "Delete it with the program that owns it."
    : "To delete it too, set `deleteAdopted: true` and run `pulumi up` before the resource is removed: a setting that no `up` has " +
      "recorded has no effect here. Now that the state has forgotten it, delete it in Azure Machine Learning studio under Endpoints.";
  const { name } = context.resource;
  warn(context, `"${name}" was not deleted and stays as it is, since it ${ownerInWords(owner)}. ${next}`);
};

/** Of a service that nobody has claimed yet, only this run knows that it is another resource's by now. */
const leaveAdopted = (context: OperationContext): void =>
  warn(
    context,
    `"${context.resource.name}" was not deleted: another resource of this program has just adopted it.`,
  );

/** What the preview of a replacement could not name, since it was added to the live service after the last run. */
const warnOfAdded = (context: OperationContext, document: ServiceDocument, outputs: Values): void => {
  const live = readSettings(document, outputs);
  const added = fields
    .filter(({ type }) => type === "textMap")
    .flatMap(({ input }) => entriesLost(live[input], outputs[input]).map(([key]) => [input, key] as const))
    .filter(([, key]) => !isOwnership(key));
  if (added.length === 0) return;
  const names = added.map(([input, key]) => pathOf(input, key)).join(", ");
  const were = added.length === 1 ? "was" : "were";
  warn(
    context,
    `${names} ${were} added to the live service since the last run, and the new one will lack it.`,
  );
};

/** undefined when the service has forgotten the operation: whether the service is gone tells how it ended. */
const followDeletion = async (
  context: OperationContext,
  operation: OperationRef,
): Promise<Operation | undefined> => {
  const explain = (error: ServiceError): Error =>
    error.code === "TimedOut" ? deleteTimedOut(context, operation) : error;
  try {
    return await follow(context, operation, explain, { doing: "Deleting" });
  } catch (error) {
    if (error instanceof ServiceError && error.code === "OperationLost") return undefined;
    throw error;
  }
};

const expectResource = (id: string, outputs: Values): ResourceId => {
  const resource = resourceFromId(id, outputs);
  if (resource) return resource;
  throw new Error(
    `BadId: expected "<workspace ARM id>/services/<name>" as the resource's id, found ${JSON.stringify(id)}. ` +
      "The state was edited by hand: correct the id with `pulumi stack export` and `pulumi stack import`.",
  );
};

const deleteFailed = async (context: OperationContext, ended: Operation): Promise<Error> => {
  context.progress.ended("Not deleted");
  const log = await context.diagnosticServices().operationLog(ended);
  const parts = [
    `DeleteFailed: the service "${context.resource.name}" is still there: operation ${ended.operationId} ended ${ended.state}.`,
    ended.error ?? "",
    logExcerpt("Operation log", log, context.provider.safe),
    "Correct the cause and run the same command again.",
  ];
  return new Error(parts.filter(Boolean).join("\n"));
};

const deleteWithoutEffect = (context: OperationContext): Error => {
  context.progress.ended("Not deleted");
  return new Error(
    `DeleteFailed: the service "${context.resource.name}" is still there, although its deletion was accepted. ` +
      "Run the same command again; if it is still there, delete it in Azure Machine Learning studio under Endpoints first.",
  );
};

const deleteTimedOut = (context: OperationContext, { operationId }: OperationRef): Error => {
  context.progress.ended("Not deleted");
  return new Error(
    `DeleteTimedOut: the service "${context.resource.name}" was still being deleted when the time was up (operation ${operationId}). ` +
      "Run the same command again: it goes on waiting. To wait longer, raise `timeouts.delete` and run `pulumi up` first.",
  );
};

/** A deletion that was accepted is seen a little later where the service reads from a copy. */
const SEEN_WITHIN_MS = 60_000;
/** Looks are rare: whoever throttles must not be asked in a hurry. */
const FIRST_PAUSE_MS = 1_000;
/** The last look gets an answer even when the time is up. */
const LOOK_MS = 10_000;

/**
 * Whether what was deleted is seen to be gone: that a deletion was accepted is not enough to forget a resource.
 *
 * @param read gives undefined once there is nothing
 */
export const isSeenGone = async (
  deadline: Deadline,
  read: (until: Deadline) => Promise<unknown>,
): Promise<boolean> => {
  let patienceMs = Math.min(SEEN_WITHIN_MS, deadline.remainingMs());
  for (let pauseMs = Math.min(FIRST_PAUSE_MS, patienceMs); ; pauseMs = Math.min(2 * pauseMs, patienceMs)) {
    if ((await read(deadline.atLeast(LOOK_MS))) === undefined) return true;
    if (patienceMs <= 0) return false;
    patienceMs -= pauseMs;
    await deadline.sleep(pauseMs, "wait until it is gone");
  }
};
