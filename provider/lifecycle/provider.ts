import { check } from "./check";
import { openConfiguration, type HostConfig } from "./configuration";
import { create } from "./create";
import { remove } from "./delete";
import { diff } from "./diff";
import { read } from "./read";
import { credentialTexts, hidingError, hidingLines, secretTexts } from "./secrets";
import { update } from "./update";
import type { Values, World } from "./world";

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

/** One call of a verb: no secret in its lines or its error, and its lines are shown before its end is. */
const shielded =
  <Given extends unknown[], Result>(
    world: World,
    verb: (world: World) => (...given: Given) => Promise<Result>,
  ) =>
  async (...given: Given): Promise<Result> => {
    const credentials = credentialTexts(await world.settings());
    const secrets = [...credentials, ...secretTexts(...given.filter(isValues))];
    try {
      return await verb(hidingLines(world, secrets))(...given);
    } catch (error) {
      throw hidingError(error, secrets);
    } finally {
      await world.log.flush();
    }
  };

const isValues = (given: unknown): given is Values => typeof given === "object" && given !== null;
