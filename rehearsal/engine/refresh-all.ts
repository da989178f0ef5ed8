import { Bail } from "./bail";
import { withoutDangling, withoutEmptyDependencies } from "./dangling";
import { rebase } from "./deployment";
import type { Deployment } from "./deployment";
import { ensureProvider } from "./dependents";
import { executor } from "./executor";
import { isDecided } from "./plan";
import type { Plan } from "./plan";
import { refreshStep } from "./steps/refresh";
import type { Step } from "./step";
import type { ResourceState } from "../state/resource";

/** Refreshes every resource of the state without running the program. Throws `Bail` when one could not be read. */
export async function refreshAll(deployment: Deployment): Promise<void> {
  if (deployment.previous.length === 0) return;
  const steps = new Map<ResourceState, Step>();
  for (const resource of deployment.previous) {
    await ensureProvider(deployment, resource);
    steps.set(resource, refreshStep(deployment, resource));
  }
  const run = executor(deployment, true);
  await run.runAll([...steps.values()]);
  takeRefreshed(deployment, steps);
  if (run.failed) throw reported(deployment, "failed");
  if (deployment.signal.aborted) throw reported(deployment, "canceled");
}

/** After a program ran in refresh mode: what it did not register is refreshed now. */
export async function refreshTheRest(deployment: Deployment, plan: Plan): Promise<boolean> {
  const steps = new Map<ResourceState, Step>();
  for (const resource of deployment.previous) {
    if (isDecided(plan, resource.urn)) continue;
    await ensureProvider(deployment, resource);
    plan.refreshes.add(resource.urn);
    steps.set(resource, refreshStep(deployment, resource));
  }
  const run = executor(deployment, true);
  await run.runAll([...steps.values()]);
  takeRefreshed(deployment, steps);
  return !run.failed;
}

function takeRefreshed(deployment: Deployment, steps: ReadonlyMap<ResourceState, Step>): void {
  const found = deployment.previous.flatMap((resource) => {
    const step = steps.get(resource);
    if (!step) return [resource];
    return step.new ? [step.new] : [];
  });
  // In place: what is already in the new state is told by its identity.
  const repaired = withoutDangling(found).map(withoutEmptyDependencies);
  found.forEach((resource, i) => Object.assign(resource, repaired[i]));
  rebase(deployment, found);
  deployment.snapshot.write();
}

/** Says how the operation ended, and gives the error to end it with. */
export function reported({ report, options }: Deployment, how: "failed" | "canceled"): Bail {
  const message = `${options.dryRun ? "preview" : "update"} ${how}`;
  report.diagnostic("error", "", message);
  return new Bail(message);
}
