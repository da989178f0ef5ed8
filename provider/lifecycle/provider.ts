import { check } from "./check";
import { openConfiguration, type HostConfig } from "./configuration";
import { create } from "./create";
import { remove } from "./delete";
import { diff } from "./diff";
import { read } from "./read";
import { shielded } from "./shielded";
import { update } from "./update";
import type { World } from "./world";

/** The provider of `AksWebservice` as the dynamic host calls it. */
export const aksWebserviceProvider = (parts: Omit<World, "settings">, env: NodeJS.ProcessEnv) => {
  const configuration = openConfiguration(env);
  const world: World = { ...parts, settings: configuration.settings };
  return Object.freeze({
    configure: async ({ config }: { config: HostConfig }) => configuration.configure(config),
    check: shielded(world, check),
    diff: shielded(world, diff),
    create: shielded(world, create),
    read: shielded(world, read),
    update: shielded(world, update),
    delete: shielded(world, remove),
  });
};
