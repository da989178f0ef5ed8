import { deadlineAfter } from "../azure/deadline";
import type { Webservices } from "../azure/webservices";
import { diffModel } from "../core/registered-model/diff";
import {
  modelOutputs,
  modelOutputsRecorded,
  modelPatch,
  type ModelJson,
} from "../core/registered-model/wire";
import { timeoutMs } from "../core/timeouts";
import { secretOutputs } from "../webservice/outputs";
import { connectBy } from "../webservice/context";
import type { Values, ProviderContext } from "../webservice/context";
import { targetOf, type ModelTarget } from "./target";

/** Brings tags, description and the like of the registered version to what the program says, with at most one PATCH. */
export const update =
  (world: ProviderContext) =>
  async (id: string, outputs: Values, news: Values): Promise<{ outs: Record<string, unknown> }> => {
    if (diffModel(outputs, news).kind === "record")
      return { outs: secretOutputs(modelOutputsRecorded(outputs, news)) };
    const target = await targetOf(world, id, outputs);
    const deadline = deadlineAfter(world.clock, timeoutMs("update", news), world.interrupt);
    const services = await connectBy(deadline, world, target.workspace);
    const patch = modelPatch(await existing(services, target), news);
    await services.models.patch(target.modelId, patch);
    const document = await existing(services, target);
    return { outs: secretOutputs(modelOutputs(document, target.workspaceId, news, outputs)) };
  };

const existing = async (services: Webservices, { modelId }: ModelTarget): Promise<ModelJson> => {
  const document = await services.models.get(modelId);
  if (document) return document;
  throw new Error(
    `ModelGone: the model "${modelId}" was deleted outside Pulumi. Run \`pulumi refresh\`, then \`pulumi up\` to register it again.`,
  );
};
