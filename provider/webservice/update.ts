import type { ServiceDocument } from "../azure/webservices";
import { inputOf } from "../schema/fields";
import { diff } from "../core/diff";
import { withKnownEnvironment } from "../core/inference-config/wire";
import { keysIn } from "../core/keys";
import { previousInputs } from "../core/previous-inputs";
import { isMigrated, progressOf } from "../core/service-state";
import { outputsRecorded } from "../core/outputs";
import { converge, type Start } from "./converge";
import { failedResource } from "./failed";
import { refuseOtherKind } from "./kind";
import { secretOutputs, storedOutputs, type Observed } from "./observe";
import { migrate, refuseMigrated } from "./migrate";
import { planFor } from "./plan";
import { targetOfId, targetOfInputs, type Target } from "./target";
import { isUnfinished, isUnfinishedCreate } from "./unfinished";
import { openWay, type Way } from "./way";
import type { Values, World } from "./world";

/** Brings the live service to what the program says, with at most one PATCH. */
export const update =
  (world: World) =>
  async (id: string, outputs: Values, news: Values): Promise<{ outs: Record<string, unknown> }> => {
    if (isOnlyToRecord(outputs, news)) return { outs: secretOutputs(outputsRecorded(outputs, news)) };
    // What carries a create on may take as long as the create.
    const verb = isUnfinishedCreate(outputs) ? "create" : "update";
    const way = await openWay(world, targetOf(id, outputs, news), verb, news);
    const change = await changeTo(way, outputs, news);
    try {
      const observed = await change();
      way.progress.ended(progressOf(observed.document));
      return { outs: storedOutputs(way.target, observed, news, outputs) };
    } catch (error) {
      if (!way.accepted()) throw error;
      throw await failedResource(way, news, outputs, error);
    }
  };

/** What is to be done, planned before anything is asked of the service. */
const changeTo = async (way: Way, outputs: Values, news: Values): Promise<() => Promise<Observed>> => {
  const document = await existing(way);
  const known = keysIn(outputs);
  const { action } = diff(outputs, news);
  if (action.kind === "update") refuseMigrated(way.target.name, document);
  if (action.kind === "migrate" || isMigrated(document)) {
    const to = action.kind === "migrate" ? action.to : "";
    return async () => ({ document: await migrate(way, document, to), keys: known });
  }
  const start: Start = { document, plan: await planFor(way, document, withMemory(news, outputs)), known };
  return () => converge(way, start, news);
};

/** What an earlier run knew of the live environment, beside what the program says of it now. */
const withMemory = (news: Values, outputs: Values): Values => {
  const input = inputOf("inferenceConfig");
  if (news[input] === undefined) return news;
  return { ...news, [input]: withKnownEnvironment(news[input], previousInputs(outputs)?.[input]) };
};

const isOnlyToRecord = (outputs: Values, news: Values): boolean =>
  !isUnfinished(outputs) && diff(outputs, news).action.kind === "record";

const targetOf = (id: string, outputs: Values, news: Values): Target => {
  const fromInputs = targetOfInputs(news);
  return { ...(targetOfId(id, outputs) ?? fromInputs), urn: fromInputs.urn };
};

const existing = async (way: Way): Promise<ServiceDocument> => {
  const document = await way.services.get(way.target.name);
  if (!document)
    throw new Error(
      `ServiceGone: the service "${way.target.name}" was deleted outside Pulumi. ` +
        "Run `pulumi refresh`, then `pulumi up` to make it again.",
    );
  refuseOtherKind(way.target.name, document);
  return document;
};
