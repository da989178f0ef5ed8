import type { PatchOperation, ServiceDocument } from "../client/webservices";
import { changesBetween } from "../semantics/diff";
import { patch } from "../semantics/patch";
import { brokenOrder } from "../semantics/relations";
import { secrecyOf } from "../semantics/secrecy";
import { settle } from "../semantics/settle";
import { settingsOf } from "../semantics/values";
import { readSettings } from "../semantics/wire";
import { refusedUpdate } from "./refused";
import type { Values } from "./world";

/** The one patch that brings the live service to what the program says. @throws when the service would refuse it */
export const planFor = (document: ServiceDocument, news: Values): readonly PatchOperation[] => {
  const live = readSettings(document);
  const wanted = settle(settingsOf(news), live);
  const refusals = brokenOrder({ ...live, ...wanted }, secrecyOf(news)).map(({ refusal }) => refusal);
  if (refusals.length > 0) throw refusedUpdate(refusals);
  const changes = changesBetween(live, wanted).filter(({ row }) => row.mutability !== "replace");
  return patch(changes, document);
};
