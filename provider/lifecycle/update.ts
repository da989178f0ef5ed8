import { diff } from "../semantics/diff";
import { keysIn } from "../semantics/key-changes";
import { outputsRecorded } from "../semantics/outputs";
import { timeoutMs } from "../semantics/timeouts";
import { converge } from "./converge";
import { failedResource } from "./failed";
import { secretOutputs, storedOutputs } from "./observe";
import type { Way } from "./ready";
import { planFor } from "./converge";
import { repairWith } from "./repair";
import { targetOfId } from "./target";
import { targetOfInputs } from "./target";
import type { ServiceDocument } from "../client/webservices";
import type { Values, World } from "./world";

/** Brings the live service to what the program says, with at most one PATCH. */
export const update =
  (world: World) =>
  async (id: string, outputs: Values, news: Values): Promise<{ outs: Record<string, unknown> }> => {
    if (diff(outputs, news).verdict.kind === "record")
      return { outs: secretOutputs(outputsRecorded(outputs, news)) };
    const way = await wayTo(world, id, outputs, news);
    const document = await existing(way);
    planFor(document, news);
    try {
      const observed = await converge(way, document, news, keysIn(outputs), repairWith(way, news));
      return { outs: storedOutputs(way.target, observed, news, outputs) };
    } catch (error) {
      throw await failedResource(way, news, outputs, error);
    } finally {
      await world.log.flush();
    }
  };

const wayTo = async (world: World, id: string, outputs: Values, news: Values): Promise<Way> => {
  const target = { ...(targetOfId(id, outputs) ?? targetOfInputs(news)), urn: targetOfInputs(news).urn };
  const deadline = world.clock.now() + timeoutMs("update", news);
  const services = await world.connect(target.workspace, await world.settings());
  return { world, target, deadline, services: services.within(deadline) };
};

const existing = async (way: Way): Promise<ServiceDocument> => {
  const document = await way.services.get(way.target.name);
  if (document) return document;
  throw new Error(
    `ServiceGone: "${way.target.name}" was deleted outside Pulumi. Run \`pulumi refresh\`, then \`pulumi up\` to make it again.`,
  );
};
