import { safeText } from "../azure/safe-text";
import { check } from "./check";
import { openConfiguration, type HostConfig } from "./configuration";
import { create } from "./create";
import { remove } from "./delete";
import { diff } from "./diff";
import { read } from "./read";
import { withRedaction } from "./secrets";
import { update } from "./update";
import type { World } from "./world";

/** The provider of `AksWebservice` as the dynamic host calls it. */
export const aksWebserviceProvider = (parts: Omit<World, "settings" | "safe">, env: NodeJS.ProcessEnv) => {
  const configuration = openConfiguration(env);
  const world: World = { ...parts, settings: configuration.settings, safe: safeText([]) };
  return Object.freeze({
    configure: async ({ config }: { config: HostConfig }) => configuration.configure(config),
    check: withRedaction(world, check),
    diff: withRedaction(world, diff),
    create: withRedaction(world, create),
    read: withRedaction(world, read),
    update: withRedaction(world, update),
    delete: withRedaction(world, remove),
  });
};
