import { timeoutMs } from "../../semantics/timeouts";
import { isSeenGone } from "../gone";
import type { Values, World } from "../world";
import { targetOf } from "./target";

/** Deletes the registered version. One that is not there any more is a success; one that a service loads is an error. */
export const remove =
  (world: World) =>
  async (id: string, outputs: Values): Promise<void> => {
    const target = await targetOf(world, id, outputs);
    const connected = await world.connect(target.workspace, await world.settings());
    await connected.within(world.clock.now() + timeoutMs("delete", outputs)).models.remove(target.modelId);
    const isGone = await isSeenGone(world.clock, (deadline) =>
      connected.within(deadline).models.get(target.modelId),
    );
    if (isGone) return;
    throw new Error(
      `DeleteFailed: the model "${target.modelId}" is still there, although its deletion was accepted. ` +
        "Run the same command again; when it stays so, delete it in Azure Machine Learning studio under Models first.",
    );
  };
