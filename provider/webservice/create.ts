import { ServiceError } from "../azure/errors";
import type { OperationRef, ServiceDocument } from "../azure/webservices";
import { inputOf } from "../schema/fields";
import type { ImageRequest } from "../core/inference-config/wire";
import { createMessages } from "../core/messages";
import { CREATED_BY, withStamp } from "../core/stamp";
import { withImpliedSettings } from "../core/relations";
import { progressOf } from "../core/service-state";
import { isSet, settingsOf } from "../core/values";
import { createBody } from "../core/wire";
import { assertAdoptable, wantsAdoption } from "./adopt";
import { deployedCode } from "./code";
import { settledKeys } from "./authentication-keys";
import { converge } from "./converge";
import { failedResource } from "./failed";
import { storedOutputs, type Observed } from "./observe";
import { changesFor, planFor } from "./plan";
import { untilReady } from "./ready";
import { say } from "./report";
import { assertResumable } from "./resume";
import { targetOfInputs } from "./target";
import { verify } from "./verify";
import { openWay, type Way } from "./way";
import type { Values, World } from "./world";

/** Makes the service, or takes over the one that `adopt` names or an interrupted create left. */
export const create =
  (world: World) =>
  async (inputs: Values): Promise<{ id: string; outs: Record<string, unknown> }> => {
    const way = await openWay(world, targetOfInputs(inputs), "create", inputs);
    say(world, way.target.urn, createMessages(inputs));
    const start = await begin(way, inputs);
    try {
      const observed = await finish(way, inputs, start);
      way.progress.ended(progressOf(observed.document));
      return { id: way.target.id, outs: storedOutputs(way.target, observed, inputs, {}) };
    } catch (error) {
      // A service that is another's must not get into the state, from where destroy would delete it.
      if (start.kind === "adopted" && !way.accepted()) throw error;
      throw await failedResource(way, inputs, {}, error);
    }
  };

/** What was there or has begun; nothing is lost when this part fails. */
type Start =
  | { readonly kind: "made"; readonly operation: OperationRef }
  | { readonly kind: "adopted" | "resumed"; readonly document: ServiceDocument };

const begin = async (way: Way, inputs: Values): Promise<Start> => {
  // A name that is taken is known before anything is uploaded for nothing.
  const asks = wantsAdoption(inputs) || isSet(inputs[inputOf("inferenceConfig")]);
  const found = asks ? await way.services.get(way.target.name) : undefined;
  if (found) return takeOver(way, found, inputs);
  const code = await deployedCode(way, inputs, undefined);
  try {
    return { kind: "made", operation: await way.services.create(definition(inputs, code)) };
  } catch (error) {
    return resume(way, inputs, error);
  }
};

const takeOver = (way: Way, document: ServiceDocument, inputs: Values): Start => {
  if (!wantsAdoption(inputs)) {
    assertResumable(way, document, inputs);
    return { kind: "resumed", document };
  }
  assertAdoptable(way, document, inputs);
  changesFor(document, inputs);
  return { kind: "adopted", document };
};

/** What create sends. */
const definition = (inputs: Values, code?: ImageRequest) =>
  createBody(withStamp(withImpliedSettings(settingsOf(inputs)), inputs[CREATED_BY]), code);

const resume = async (way: Way, inputs: Values, error: unknown): Promise<Start> => {
  if (!(error instanceof ServiceError)) throw error;
  if (error.code === "OutcomeUnknown") throw outcomeUnknown(way, error);
  // To a create "not found" can only mean the workspace, which this asks after and says so.
  const asks = error.code === "Conflict" || error.code === "NotFound";
  const document = asks ? await way.services.get(way.target.name) : undefined;
  if (!document || error.code === "NotFound") throw error;
  assertResumable(way, document, inputs);
  return { kind: "resumed", document };
};

const outcomeUnknown = (way: Way, { status, requestId, detail }: ServiceError): ServiceError =>
  new ServiceError({
    action: `create service "${way.target.name}"`,
    code: "OutcomeUnknown",
    status,
    requestId,
    detail,
    advice: "Run `pulumi up` again: if the service has begun, it carries on with it and makes no second one.",
    ambiguous: true,
  });

const finish = async (way: Way, inputs: Values, start: Start): Promise<Observed> => {
  if (start.kind !== "made") {
    const plan = await planFor(way, start.document, inputs);
    return converge(way, { document: start.document, plan }, inputs);
  }
  const document = await untilReady(way, start.operation);
  verify(document, inputs);
  return { document, keys: await settledKeys(way, document, inputs, undefined) };
};
