import type { Keys, OperationRef, PatchOperation, ServiceDocument } from "../azure/webservices";
import { isHealthy, isOnItsWay, lastOperation } from "../core/service-state";
import { settledKeys } from "./authentication-keys";
import type { Observed } from "./observe";
import { goneMeanwhile } from "./broken";
import { untilReady } from "./ready";
import { repaired } from "./repair";
import { verify } from "./verify";
import type { Way } from "./way";
import type { Values } from "./world";

/** A live service and the one patch that it needs, which may be empty. */
export interface Start {
  readonly document: ServiceDocument;
  readonly plan: readonly PatchOperation[];
  /** The keys that the outputs hold, if any. */
  readonly known?: Keys | undefined;
}

/** Sends at most one PATCH, waits for a Healthy service, sets keys, and verifies that what was asked is live. */
export const converge = async (way: Way, start: Start, news: Values): Promise<Observed> => {
  const { document, known } = await bring(way, start, news);
  const keys = await settledKeys(way, document, news, known);
  verify(document, news);
  return { document, keys };
};

/** A Healthy service, and the keys that it still has for certain. */
type Brought = Pick<Start, "document" | "known">;

const bring = async (way: Way, start: Start, news: Values): Promise<Brought> => {
  if (start.plan.length === 0) return mended(way, start, news);
  const operation = await way.services.patch(way.target.name, start.plan);
  if (operation && isNew(operation, start.document))
    return { ...start, document: await untilReady(way, operation) };
  // The change took effect at once and began nothing, so that what was broken before still is.
  const document = await way.services.get(way.target.name);
  if (!document) throw goneMeanwhile(way.target);
  return mended(way, { ...start, document }, news);
};

/** An answer that is the service's document names its last operation, which may have ended long ago. */
const isNew = ({ operationId }: OperationRef, before: ServiceDocument): boolean =>
  operationId === "" || operationId !== lastOperation(before);

const mended = async (way: Way, start: Brought, news: Values): Promise<Brought> => {
  const { document, known } = start;
  if (isHealthy(document)) return start;
  if (!isOnItsWay(document)) return { document: await repaired(way, document, news, known) };
  const running = lastOperation(document);
  return { ...start, document: await untilReady(way, running ? { operationId: running } : undefined) };
};
