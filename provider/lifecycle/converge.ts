import type { Keys, PatchOperation, ServiceDocument } from "../client/webservices";
import { isHealthy, isOnItsWay, lastOperation } from "../semantics/service-state";
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
  const document = await bring(way, start, news);
  const keys = await settledKeys(way, document, news, start.known);
  verify(document, news);
  return { document, keys };
};

const bring = async (way: Way, { document, plan }: Start, news: Values): Promise<ServiceDocument> => {
  if (plan.length === 0) return mended(way, document, news);
  const operation = await way.services.patch(way.target.name, plan);
  if (operation) return untilReady(way, operation);
  // The change took effect at once and began nothing, so that what was broken before still is.
  const changed = await way.services.get(way.target.name);
  if (!changed) throw goneMeanwhile(way.target);
  return mended(way, changed, news);
};

const mended = async (way: Way, document: ServiceDocument, news: Values): Promise<ServiceDocument> => {
  if (isHealthy(document)) return document;
  if (!isOnItsWay(document)) return repaired(way, document, news);
  const running = lastOperation(document);
  return untilReady(way, running ? { operationId: running } : undefined);
};
