import type { ServiceDocument } from "../client/webservices";
import { changesBetween, type Change } from "../semantics/diff";
import { keyChanges } from "../semantics/key-changes";
import { patch } from "../semantics/patch";
import { brokenOrder } from "../semantics/relations";
import { settle } from "../semantics/settle";
import { isHealthy, isOnItsWay, lastOperation } from "../semantics/service-state";
import { settingsOf } from "../semantics/values";
import { readSettings } from "../semantics/wire";
import { liveKeys, type Observed } from "./observe";
import { untilReady, type Way } from "./ready";
import { refusedUpdate } from "./refused";
import { BrokenDeployment } from "./broken";
import type { Values } from "./world";
import type { Keys } from "../client/webservices";

/** How a service that is broken although nothing differs is mended. */
export type Repair = (document: ServiceDocument) => Promise<ServiceDocument>;

/** What is wanted of a live service, as one plan, before any request that changes it. */
export interface Plan {
  readonly changes: readonly Change[];
  readonly operations: ReturnType<typeof patch>;
}

/** The changes that bring the live service to what the program says. @throws when the service would refuse them */
export const planFor = (document: ServiceDocument, news: Values): Plan => {
  const live = readSettings(document);
  const wanted = settle(settingsOf(news), live);
  const refusals = brokenOrder({ ...live, ...wanted }).map(({ refusal }) => refusal);
  if (refusals.length > 0) throw refusedUpdate(refusals);
  const changes = changesBetween(live, wanted).filter(({ row }) => row.mutability !== "replace");
  return { changes, operations: patch(changes, document) };
};

/** Sends at most one PATCH, waits for a Healthy service, sets keys, and verifies that what was asked is live. */
export const converge = async (
  way: Way,
  document: ServiceDocument,
  news: Values,
  known: Keys | undefined,
  repair: Repair,
): Promise<Observed> => {
  const plan = planFor(document, news);
  const ready = await bring(way, document, plan, repair);
  const keys = await wantedKeys(way, ready, news, known);
  verify(ready, news);
  return { document: ready, keys };
};

const bring = async (
  way: Way,
  document: ServiceDocument,
  plan: Plan,
  repair: Repair,
): Promise<ServiceDocument> => {
  if (plan.operations.length > 0)
    return untilReady(way, await way.services.patch(way.target.name, plan.operations));
  if (isHealthy(document)) return document;
  const running = lastOperation(document);
  if (isOnItsWay(document)) return untilReady(way, running ? { operationId: running } : undefined);
  return repair(document);
};

/** Sets each key that the program manages and that is another one live. */
export const wantedKeys = async (
  way: Way,
  document: ServiceDocument,
  news: Values,
  known: Keys | undefined,
): Promise<Keys | undefined> => {
  const keys = known ?? (await liveKeys(way.services, way.target, document));
  const changes = keys ? keyChanges(news, keys) : [];
  for (const { which, value } of changes) {
    const operation = await way.services.regenerateKey(way.target.name, which, value);
    await untilReady(way, operation);
  }
  return changes.reduce<Keys | undefined>(
    (all, { which, value }) =>
      all && { ...all, [which === "Primary" ? "primaryKey" : "secondaryKey"]: value },
    keys,
  );
};

/** A service that says Healthy and is not what was asked has kept or refused something silently. */
export const verify = (document: ServiceDocument, news: Values): void => {
  const live = readSettings(document);
  const kept = changesBetween(live, settle(settingsOf(news), live)).filter(({ row }) =>
    isVerifiable(row.mutability),
  );
  if (kept.length === 0) return;
  const list = kept.map(
    ({ row, live: is, wanted }) => `${row.input} is ${JSON.stringify(is)}, not ${JSON.stringify(wanted)}`,
  );
  throw new BrokenDeployment([
    `NotAsAsked: the service reports Healthy, but ${list.join("; ")}. Run \`pulumi up\` again; when it stays, the service does not accept the value.`,
  ]);
};

const isVerifiable = (mutability: Change["row"]["mutability"]): boolean => mutability === "inPlace";
