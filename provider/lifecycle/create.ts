import { ServiceError } from "../client/errors";
import type { OperationRef, ServiceDocument } from "../client/webservices";
import { linesOfCreate } from "../semantics/lines";
import { CREATED_BY, withStamp } from "../semantics/stamp";
import { settle } from "../semantics/settle";
import { timeoutMs } from "../semantics/timeouts";
import { settingsOf } from "../semantics/values";
import { createBody } from "../semantics/wire";
import { adoptable, resumable, wantsAdoption } from "./take-over";
import { converge, verify, wantedKeys } from "./converge";
import { failedResource } from "./failed";
import { storedOutputs, type Observed } from "./observe";
import { untilReady, type Way } from "./ready";
import { repairWith } from "./repair";
import { say } from "./report";
import { targetOfInputs } from "./target";
import type { Values, World } from "./world";

/** Makes the service, or takes over the one that `adopt` or an interrupted create left. */
export const create =
  (world: World) =>
  async (inputs: Values): Promise<{ id: string; outs: Record<string, unknown> }> => {
    const way = await wayTo(world, inputs);
    say(world, way.target.urn, linesOfCreate(inputs));
    const start = await begin(way, inputs);
    try {
      const observed = await finish(way, inputs, start);
      return { id: way.target.id, outs: storedOutputs(way.target, observed, inputs, {}) };
    } catch (error) {
      throw await failedResource(way, inputs, {}, error);
    } finally {
      await world.log.flush();
    }
  };

const wayTo = async (world: World, inputs: Values): Promise<Way> => {
  const target = targetOfInputs(inputs);
  const deadline = world.clock.now() + timeoutMs("create", inputs);
  const services = await world.connect(target.workspace, await world.settings());
  return { world, target, deadline, services: services.within(deadline) };
};

/** What was there or has begun; nothing is lost when this part fails. */
type Start = { readonly made: OperationRef } | { readonly found: ServiceDocument };

const begin = async (way: Way, inputs: Values): Promise<Start> => {
  if (wantsAdoption(inputs)) {
    const document = await way.services.get(way.target.name);
    if (document) return { found: adoptable(way, document, inputs) };
  }
  try {
    return { made: await way.services.create(definition(inputs)) };
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== "Conflict") throw error;
    return { found: resumable(way, await way.services.get(way.target.name), inputs, error) };
  }
};

/** What create sends. */
export const definition = (inputs: Values) =>
  createBody(withStamp(settle(settingsOf(inputs)), inputs[CREATED_BY]));

const finish = async (way: Way, inputs: Values, start: Start): Promise<Observed> => {
  if ("found" in start) return converge(way, start.found, inputs, undefined, repairWith(way, inputs));
  const document = await untilReady(way, start.made);
  verify(document, inputs);
  return { document, keys: await wantedKeys(way, document, inputs, undefined) };
};
