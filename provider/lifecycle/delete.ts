import { timeoutMs } from "../semantics/timeouts";
import { brokenDelete } from "./broken";
import { progressTo } from "./report";
import { targetOfId, type Target } from "./target";
import type { Values, World } from "./world";

/** Deletes the service. One that is not there any more is a success; a failed deletion is an error. */
export const remove =
  (world: World) =>
  async (id: string, outputs: Values): Promise<void> => {
    const target = expectTarget(id, outputs);
    const deadline = world.clock.now() + timeoutMs("delete", outputs);
    const services = (await world.connect(target.workspace, await world.settings())).within(deadline);
    const operation = await services.remove(target.name);
    if (operation === "gone" || operation === undefined) return;
    const report = progressTo(world, target.urn);
    const ended = await services.wait(operation, {
      deadline,
      onProgress: ({ state }) => report(`deleting: ${state}`),
    });
    if (ended.state !== "Succeeded") throw brokenDelete(target, ended);
    await world.log.flush();
  };

const expectTarget = (id: string, outputs: Values): Target => {
  const target = targetOfId(id, outputs);
  if (target) return target;
  throw new Error(`BadId: expected "<workspace ARM id>/services/<name>", found ${JSON.stringify(id)}.`);
};
