import type { Webservices } from "../client/webservices";
import { timeoutMs, type TimedVerb } from "../semantics/timeouts";
import { watchAcceptance } from "./acceptance";
import { openProgress, type Progress } from "./progress";
import type { Target } from "./target";
import type { Values, World } from "./world";

/** One operation on one service, from its beginning to its deadline. */
export interface Way {
  readonly world: World;
  readonly target: Target;
  /** When to give up, on the world's clock. */
  readonly deadline: number;
  /** Every call gives up at the deadline. */
  readonly services: Webservices;
  /** Whether the service has accepted a change on this way, so that a failure leaves something behind. */
  readonly accepted: () => boolean;
  readonly progress: Progress;
}

/** Connects to the target's workspace. @throws ServiceError while nothing has been asked of the service */
export const openWay = async (
  world: World,
  target: Target,
  verb: TimedVerb,
  values: Values,
): Promise<Way> => {
  const start = world.clock.now();
  const deadline = start + timeoutMs(verb, values);
  const connected = await world.connect(target.workspace, await world.settings());
  const { services, accepted } = watchAcceptance(connected.within(deadline));
  return { world, target, deadline, services, accepted, progress: openProgress(world, target, services) };
};

const AFTERWARDS_MS = 30_000;

/** The same services for what explains a failure, which may be asked when the deadline has passed. */
export const afterwards = (way: Way): Webservices =>
  way.services.within(way.world.clock.now() + AFTERWARDS_MS);
