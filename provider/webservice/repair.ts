import type { Keys, ServiceDocument } from "../azure/webservices";
import { CREATED_BY, isStampedBy } from "../core/stamp";
import { isBroken, lastOperation } from "../core/service-state";
import { deployedCode } from "./code";
import { BrokenDeployment, brokenDeployment, type Followed } from "./broken";
import { untilReady } from "./ready";
import { redefinition } from "./redefinition";
import type { Way } from "./way";
import type { Values } from "./world";

/** Posts the definition again over a broken service that this resource made; another's is only reported. */
export const repaired = async (
  way: Way,
  document: ServiceDocument,
  news: Values,
  known: Keys | undefined,
): Promise<ServiceDocument> => {
  if (!isBroken(document)) throw await brokenDeployment(way, lastOf(document));
  if (!isStampedBy(document, news[CREATED_BY])) throw await notOurs(way, document);
  const code = await deployedCode(way, news, document);
  return untilReady(way, await way.services.create(redefinition(document, news, known, code)));
};

const lastOf = (document: ServiceDocument): Followed => {
  const operationId = lastOperation(document);
  return operationId ? { operation: { operationId } } : {};
};

const notOurs = async (way: Way, document: ServiceDocument): Promise<BrokenDeployment> => {
  const { reasons } = await brokenDeployment(way, lastOf(document));
  return new BrokenDeployment([
    ...reasons,
    "Nothing was sent: the program asks for no difference, and since another one made this service, it is not posted anew. " +
      "Change a setting, deploy it again with the tool that made it, or delete it and let `pulumi up` make it.",
  ]);
};
