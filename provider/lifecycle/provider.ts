import { check } from "./check";
import { openConfiguration, type HostConfig } from "./configuration";
import { create } from "./create";
import { remove } from "./delete";
import { diff } from "./diff";
import { read } from "./read";
import { update } from "./update";
import type { World } from "./world";

/** The provider of `AksWebservice` as the dynamic host calls it. */
export const aksWebserviceProvider = (parts: Omit<World, "settings">, env: NodeJS.ProcessEnv) => {
  const configuration = openConfiguration(env);
  const world: World = { ...parts, settings: configuration.settings };
  return Object.freeze({
    configure: async ({ config }: { config: HostConfig }) => configuration.configure(config),
    check: readable(check(world)),
    diff: readable(diff(world)),
    create: readable(create(world)),
    read: readable(read(world)),
    update: readable(update(world)),
    delete: readable(remove(world)),
  });
};

/** The host prints the stack of what is thrown, in which a user finds nothing. */
const readable =
  <Given extends unknown[], Result>(verb: (...given: Given) => Promise<Result>) =>
  async (...given: Given): Promise<Result> => {
    try {
      return await verb(...given);
    } catch (error) {
      if (error instanceof Error) error.stack = "";
      throw error;
    }
  };
