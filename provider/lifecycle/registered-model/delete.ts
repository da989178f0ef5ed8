import { deadlineAfter } from "../../client/deadline";
import { timeoutMs } from "../../semantics/timeouts";
import { connectBy } from "../way";
import type { Values, World } from "../world";
import { targetOf } from "./target";

/** Deletes the registered version. One that is not there any more is a success; one that a service loads is an error. */
export const remove =
  (world: World) =>
  async (id: string, outputs: Values): Promise<void> => {
    const target = await targetOf(world, id, outputs);
    const deadline = deadlineAfter(world.clock, timeoutMs("delete", outputs), world.interrupt);
    const services = await connectBy(deadline, world, target.workspace);
    await services.models.remove(target.modelId);
  };
