import { ServiceError } from "../azure/errors";
import type { Operation, OperationRef } from "../azure/webservices";
import { isSeenGone } from "./gone";
import { refuseOtherKind } from "./kind";
import { logExcerpt } from "./log-excerpt";
import { refuseDeletionOfMigrated } from "./migrate";
import { targetOfId, type Target } from "./target";
import { afterwards, openWay, type Way } from "./way";
import type { Values, World } from "./world";

/** Deletes the service. One that is not there any more is a success; a failed deletion, or one without effect, is an error. */
export const remove =
  (world: World) =>
  async (id: string, outputs: Values): Promise<void> => {
    const way = await openWay(world, expectTarget(id, outputs), "delete", outputs);
    const document = await way.services.get(way.target.name);
    if (!document) return;
    // The workspace's other kinds of services share its names and this call.
    refuseOtherKind(way.target.name, document);
    refuseDeletionOfMigrated(way.target, document);
    const operation = await way.services.remove(way.target.name);
    const ended = typeof operation === "object" ? await follow(way, operation) : undefined;
    if (ended && ended.state !== "Succeeded") throw await deleteFailed(way, ended);
    const isGone = await isSeenGone(way.deadline, (until) => way.services.within(until).get(way.target.name));
    if (!isGone) throw deleteWithoutEffect(way);
    way.progress.ended("Deleted");
  };

/** undefined when the service has forgotten the operation: whether the service is gone tells how it ended. */
const follow = async (way: Way, operation: OperationRef): Promise<Operation | undefined> => {
  try {
    return await way.services.wait(operation, {
      deadline: way.deadline,
      onProgress: ({ state, newestLogLine }) => way.progress.operation(`Deleting: ${state}`, newestLogLine),
    });
  } catch (error) {
    if (error instanceof ServiceError && error.code === "TimedOut") throw deleteTimedOut(way, operation);
    if (error instanceof ServiceError && error.code === "OperationLost") return undefined;
    throw error;
  }
};

const expectTarget = (id: string, outputs: Values): Target => {
  const target = targetOfId(id, outputs);
  if (target) return target;
  throw new Error(
    `BadId: expected "<workspace ARM id>/services/<name>" as the resource's id, found ${JSON.stringify(id)}. ` +
      "The state was edited by hand: correct the id with `pulumi stack export` and `pulumi stack import`.",
  );
};

const deleteFailed = async (way: Way, ended: Operation): Promise<Error> => {
  way.progress.ended("Not deleted");
  const log = await afterwards(way).operationLog(ended);
  const parts = [
    `DeleteFailed: the service "${way.target.name}" is still there: operation ${ended.operationId} ended ${ended.state}.`,
    ended.error ?? "",
    logExcerpt("Operation log", log, way.world.safe),
    "Correct the cause and run the same command again.",
  ];
  return new Error(parts.filter(Boolean).join("\n"));
};

const deleteWithoutEffect = (way: Way): Error => {
  way.progress.ended("Not deleted");
  return new Error(
    `DeleteFailed: the service "${way.target.name}" is still there, although its deletion was accepted. ` +
      "Run the same command again; when it stays so, delete it in Azure Machine Learning studio under Endpoints first.",
  );
};

const deleteTimedOut = (way: Way, { operationId }: OperationRef): Error => {
  way.progress.ended("Not deleted");
  return new Error(
    `DeleteTimedOut: the service "${way.target.name}" was still being deleted when the time was up (operation ${operationId}). ` +
      "Run the same command again: it waits on. To wait longer, raise `timeouts.delete` and run `pulumi up` first.",
  );
};
