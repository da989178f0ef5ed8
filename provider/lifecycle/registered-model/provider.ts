import { openConfiguration, type HostConfig } from "../configuration";
import { shielded } from "../shielded";
import type { World } from "../world";
import { check, type KnownResources } from "./check";
import { create } from "./create";
import { remove } from "./delete";
import { diff } from "./diff";
import { read } from "./read";
import { update } from "./update";

/** The provider of `Model` as the dynamic host calls it. */
export const modelProvider = (parts: Omit<World, "settings">, env: NodeJS.ProcessEnv) => {
  const configuration = openConfiguration(env);
  const world: World = { ...parts, settings: configuration.settings };
  const known: KnownResources = new Set();
  return Object.freeze({
    configure: async ({ config }: { config: HostConfig }) => configuration.configure(config),
    check: shielded(world, check(known)),
    diff: shielded(world, diff),
    create: shielded(world, create(known)),
    read: shielded(world, read),
    update: shielded(world, update),
    delete: shielded(world, remove),
  });
};
