import type { OperationRef, ServiceDocument, Webservices } from "../client/webservices";
import { isHealthy, isOnItsWay, mayRecover, progressOf } from "../semantics/service-state";
import { brokenDeployment, goneMeanwhile } from "./broken";
import { progressTo } from "./report";
import type { Target } from "./target";
import type { World } from "./world";

const POLL_MS = 2_000;
/** How long an Unhealthy service gets to pass its probes after its deployment has ended. */
const RECOVERY_MS = 60_000;

export interface Way {
  readonly world: World;
  readonly services: Webservices;
  readonly target: Target;
  /** When to give up, on the world's clock. */
  readonly deadline: number;
}

/**
 * The live service once the operation has Succeeded and the service is Healthy.
 *
 * @throws brokenDeployment when either did not come true by the deadline
 */
export const untilReady = async (way: Way, operation: OperationRef | undefined): Promise<ServiceDocument> => {
  const report = progressTo(way.world, way.target.urn);
  if (operation) {
    const ended = await way.services.wait(operation, {
      deadline: way.deadline,
      onProgress: ({ state, newestLogLine }) => report(newestLogLine ? `${state}: ${newestLogLine}` : state),
    });
    if (ended.state !== "Succeeded")
      throw await brokenDeployment(way, ended, await way.services.get(way.target.name));
  }
  return untilHealthy(way, operation, report);
};

const untilHealthy = async (
  way: Way,
  operation: OperationRef | undefined,
  report: (text: string) => void,
): Promise<ServiceDocument> => {
  const { clock } = way.world;
  const recoverBy = Math.min(way.deadline, clock.now() + RECOVERY_MS);
  for (;;) {
    const document = await way.services.get(way.target.name);
    if (!document) throw goneMeanwhile(way.target);
    if (isHealthy(document)) return document;
    report(progressOf(document));
    const until = isOnItsWay(document) ? way.deadline : mayRecover(document) ? recoverBy : 0;
    if (clock.now() >= until) throw await brokenDeployment(way, operation, document);
    await clock.sleep(POLL_MS);
  }
};
