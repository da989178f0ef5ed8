import type { ServiceDocument } from "../client/webservices";
import { CREATED_BY, isStampedBy, withStamp } from "../semantics/stamp";
import { settle } from "../semantics/settle";
import { lastOperation } from "../semantics/service-state";
import { settingsOf } from "../semantics/values";
import { createBody, readSettings } from "../semantics/wire";
import { BrokenDeployment, brokenDeployment } from "./broken";
import { untilReady } from "./ready";
import type { Way } from "./way";
import type { Values } from "./world";

/** Posts the definition again over a broken service that this resource made; another's is only reported. */
export const repaired = async (
  way: Way,
  document: ServiceDocument,
  news: Values,
): Promise<ServiceDocument> => {
  if (!isStampedBy(document, news[CREATED_BY])) throw await notOurs(way, document);
  return untilReady(way, await way.services.create({ ...redefinition(document, news), overwrite: true }));
};

/** What is live and not managed stays as it is. */
const redefinition = (document: ServiceDocument, news: Values) => {
  const live = readSettings(document);
  const wanted = { ...live, ...settle(settingsOf(news), live) };
  return createBody(withStamp(wanted, news[CREATED_BY]));
};

const notOurs = async (way: Way, document: ServiceDocument): Promise<BrokenDeployment> => {
  const operationId = lastOperation(document);
  const { reasons } = await brokenDeployment(way, { operation: operationId ? { operationId } : undefined });
  return new BrokenDeployment([
    ...reasons,
    "Nothing was sent: the program asks for no difference, and since another one made this service, it is not posted anew. " +
      "Change a setting, deploy it again with the tool that made it, or delete it and let `pulumi up` make it.",
  ]);
};
