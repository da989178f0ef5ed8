import { credentialTexts, hidingError, hidingLines, secretTexts } from "./secrets";
import type { Values, World } from "./world";

/** One call of a verb: no secret in its lines or its error, and its lines are shown before its end is. */
export const shielded =
  <Given extends unknown[], Result>(
    world: World,
    verb: (world: World) => (...given: Given) => Promise<Result>,
  ) =>
  async (...given: Given): Promise<Result> => {
    const credentials = credentialTexts(await world.settings());
    const secrets = [...credentials, ...secretTexts(...given.filter(isValues))];
    try {
      const call = () => verb(hidingLines(world, secrets))(...given);
      return await (world.during ? world.during(call) : call());
    } catch (error) {
      throw hidingError(error, secrets);
    } finally {
      await world.log.flush();
    }
  };

const isValues = (given: unknown): given is Values => typeof given === "object" && given !== null;
