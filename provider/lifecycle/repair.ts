import type { ServiceDocument } from "../client/webservices";
import { CREATED_BY, isStampedBy, withStamp } from "../semantics/stamp";
import { settle } from "../semantics/settle";
import { settingsOf } from "../semantics/values";
import { createBody, readSettings } from "../semantics/wire";
import { brokenDeployment } from "./broken";
import type { Repair } from "./converge";
import { untilReady, type Way } from "./ready";
import type { Values } from "./world";

/** Posts the definition again over a broken service that this resource made; another's is only reported. */
export const repairWith =
  (way: Way, news: Values): Repair =>
  async (document) => {
    if (!isStampedBy(document, news[CREATED_BY])) throw await brokenDeployment(way, undefined, document);
    return untilReady(way, await way.services.create({ ...redefinition(document, news), overwrite: true }));
  };

/** What is live and not managed stays as it is. */
const redefinition = (document: ServiceDocument, news: Values) => {
  const live = readSettings(document);
  const wanted = { ...live, ...settle(settingsOf(news), live) };
  return createBody(withStamp(wanted, news[CREATED_BY]));
};
