import type { WorkspaceAddress } from "../azure/connect";
import { deadlineAfter, type Deadline } from "../azure/clock";
import type { Webservices } from "../azure/webservices";
import { timeoutMs, type TimedVerb } from "../core/timeouts";
import { watchAcceptance } from "./acceptance";
import { openProgress, type Progress } from "./progress";
import type { Target } from "./target";
import type { Values, World } from "./world";

/** One operation on one service, from its beginning to its deadline. */
export interface Way {
  readonly world: World;
  readonly target: Target;
  /** When to give up, on the world's clock. */
  readonly deadline: Deadline;
  /** Every call gives up at the deadline. */
  readonly services: Webservices;
  /** Whether the service has accepted a change on this way, so that a failure leaves something behind. */
  readonly accepted: () => boolean;
  readonly progress: Progress;
  /** When explanations of a failure give up: all of them together, counted from the first. */
  readonly explainBy: () => number;
}

/** Connects to the target's workspace. @throws ServiceError while nothing has been asked of the service */
export const openWay = async (
  world: World,
  target: Target,
  verb: TimedVerb,
  values: Values,
): Promise<Way> => {
  const deadline = deadlineAfter(world.clock, timeoutMs(verb, values), world.interrupt);
  const connected = await connectBy(deadline, world, target.workspace);
  const { services, accepted } = watchAcceptance(connected);
  const progress = openProgress(world, target, services);
  let until: number | undefined;
  const explainBy = (): number => (until ??= world.clock.now() + explanationMs(world));
  return { world, target, deadline, services, accepted, progress, explainBy };
};

/** Connects to a workspace, which may have to be found first. @throws ServiceError TimedOut, Interrupted … */
export const connectBy = (
  deadline: Deadline,
  world: World,
  workspace: WorkspaceAddress,
): Promise<Webservices> =>
  deadline.limit(
    { action: `connect to the workspace ${workspace.workspaceName}`, expected: "an answer" },
    async () => (await world.connect(workspace, await world.settings())).within(deadline),
  );

const AFTERWARDS_MS = 15_000;
/** The engine does not wait long for an interrupted provider, and the service's id must reach it. */
const INTERRUPTED_MS = 2_000;

const explanationMs = ({ interrupt }: World): number => (interrupt?.aborted ? INTERRUPTED_MS : AFTERWARDS_MS);

/** The same services for what explains a failure, which may be asked when the deadline has passed. */
export const afterwards = (way: Way): Webservices => way.services.within(way.explainBy());
