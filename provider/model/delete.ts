import { deadlineAfter } from "../azure/clock";
import { timeoutMs } from "../core/timeouts";
import { isSeenGone } from "../webservice/delete";
import { connectBy } from "../webservice/context";
import type { Values, ProviderContext } from "../webservice/context";
import { targetOf } from "./target";

/** Deletes the registered version. One that is not there any more is a success; one that a service loads is an error. */
export const remove =
  (world: ProviderContext) =>
  async (id: string, outputs: Values): Promise<void> => {
    const target = await targetOf(world, id, outputs);
    const deadline = deadlineAfter(world.clock, timeoutMs("delete", outputs), world.interrupt);
    const services = await connectBy(deadline, world, target.workspace);
    await services.models.remove(target.modelId);
    const isGone = await isSeenGone(deadline, (until) => services.within(until).models.get(target.modelId));
    if (isGone) return;
    throw new Error(
      `DeleteFailed: the model "${target.modelId}" is still there, although its deletion was accepted. ` +
        "Run the same command again; when it stays so, delete it in Azure Machine Learning studio under Models first.",
    );
  };
