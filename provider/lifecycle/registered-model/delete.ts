import { timeoutMs } from "../../semantics/timeouts";
import type { Values, World } from "../world";
import { targetOf } from "./target";

/** Deletes the registered version. One that is not there any more is a success; one that a service loads is an error. */
export const remove =
  (world: World) =>
  async (id: string, outputs: Values): Promise<void> => {
    const target = await targetOf(world, id, outputs);
    const connected = await world.connect(target.workspace, await world.settings());
    await connected.within(world.clock.now() + timeoutMs("delete", outputs)).models.remove(target.modelId);
  };
