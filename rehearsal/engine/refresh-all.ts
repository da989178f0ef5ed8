import type { Urn } from "../state/urn";
import { withReferences, type ResourceState } from "../state/resource";
import { ended, type Deployment } from "./deployment";
import { executor } from "./executor";
import { refreshStep } from "./steps/read";
import type { Step } from "./step";

/** Refreshes every resource of the state; the program does not run. Throws `Bail` when one could not be read. */
export async function refreshAll(deployment: Deployment): Promise<void> {
  if (deployment.previous.length === 0) return;
  const steps: Step[] = [];
  for (const resource of deployment.previous) {
    await deployment.providers.ensure(resource, deployment.previous);
    steps.push(refreshStep(deployment, resource));
  }
  const run = executor(deployment, true);
  await run.runAll(steps);
  deployment.previous = withoutDangling(
    steps.flatMap((step) => step.new ?? []),
    deployment.previous,
  );
  deployment.snapshot.write();
  if (run.failed) throw ended(deployment, "failed");
  if (deployment.signal.aborted) throw ended(deployment, "canceled");
}

/** The resources without references to what is gone. A child of what is gone goes to the next parent up. */
function withoutDangling(
  found: readonly ResourceState[],
  before: readonly ResourceState[],
): readonly ResourceState[] {
  const there = new Set<Urn>(found.map(({ urn }) => urn));
  const parents = new Map(before.map(({ urn, parent }) => [urn, parent]));
  const kept = (urn: Urn): Urn | undefined => (there.has(urn) ? urn : undefined);
  const standing = (urn: Urn): Urn => (urn === "" ? "" : (kept(urn) ?? standing(parents.get(urn) ?? "")));
  return found.map((resource) => ({
    ...resource,
    ...withReferences(resource, kept),
    parent: standing(resource.parent),
  }));
}
