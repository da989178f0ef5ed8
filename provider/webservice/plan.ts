import type { PatchOperation, ServiceDocument } from "../azure/webservices";
import { inputOf } from "../schema/fields";
import { changesBetween, type Change } from "../core/diff";
import { isSet, settingsOf, valueAt } from "../core/values";
import { patch } from "../core/patch";
import { brokenOrder, withImpliedSettings } from "../core/relations";
import { secrecyOf } from "../core/secrecy";
import { readSettings } from "../core/wire";
import { deployedCode } from "./code";
import { refusedUpdate } from "./refused";
import type { Way } from "./way";
import type { Values } from "./world";

/** What differs from the program and can be changed. No request is made. @throws when the service would refuse it */
export const changesFor = (document: ServiceDocument, news: Values): readonly Change[] => {
  const live = readSettings(document, news);
  const desired = withImpliedSettings(settingsOf(news), live);
  const refusals = brokenOrder({ ...live, ...desired }, secrecyOf(news)).map(({ refusal }) => refusal);
  if (refusals.length > 0) throw refusedUpdate(refusals);
  const changes = changesBetween(live, desired).filter(({ row }) => row.mutability !== "replace");
  if (changes.some(isModels)) refuseModelsWithoutCode(document, news);
  return changes;
};

/** The one patch that brings the live service to what the program says; code that it names is uploaded first. */
export const planFor = async (
  way: Way,
  document: ServiceDocument,
  news: Values,
): Promise<readonly PatchOperation[]> => {
  const changes = changesFor(document, news);
  const code = changes.some(isModels) ? await deployedCode(way, news, document) : undefined;
  return patch(changes, document, code);
};

const isModels = ({ row }: Change): boolean => row.source === "environment";

const refuseModelsWithoutCode = (document: ServiceDocument, news: Values): void => {
  const models = news[inputOf("models")];
  const hasCode =
    isSet(news[inputOf("inferenceConfig")]) ||
    isSet(valueAt(document, "environmentImageRequest.driverProgram"));
  if (hasCode || !Array.isArray(models) || models.length < 2) return;
  throw new Error(
    `Exclusive: models must be one model where a service has no code; found ${models.length}. ` +
      "Name one model, or give inferenceConfig with the code that serves them together.",
  );
};
