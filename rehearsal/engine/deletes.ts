import { neededBy, type ResourceState } from "../state/resource";
import type { Deployment, Plan } from "./deployment";
import type { Executor } from "./executor";
import { deleteStep, removePendingReplaceStep } from "./steps/delete";
import { resourceOf, type Step } from "./step";

/** Deletes what was replaced, and what the program no longer registers: in waves, dependents first. */
export async function deleteTheRest(deployment: Deployment, plan: Plan, executor: Executor): Promise<void> {
  const steps: Step[] = [];
  for (const resource of deployment.previous) {
    const step = deleteStepFor(deployment, plan, resource);
    if (!step) continue;
    await deployment.providers.ensure(resource, deployment.previous);
    steps.push(step);
  }
  const neededOf = neededFrom(deployment.previous);
  for (const wave of wavesOf(steps, neededOf)) {
    const kept = reachedFrom(executor.refused.map(resourceOf), neededOf);
    await executor.runAll(wave.filter((step) => !kept.has(resourceOf(step))));
  }
}

function deleteStepFor(deployment: Deployment, plan: Plan, resource: ResourceState): Step | undefined {
  if (resource.delete) return deleteStep(deployment, resource, "after-create");
  if (plan.urns.has(plan.aliased.get(resource.urn) ?? resource.urn)) return undefined;
  return resource.pendingReplacement ? removePendingReplaceStep(resource) : deleteStep(deployment, resource);
}

type Needed = (resource: ResourceState) => readonly ResourceState[];

/** What a resource needs directly: only what stands before it in the state, since URNs may be there twice. */
function neededFrom(resources: readonly ResourceState[]): Needed {
  return (resource) => {
    const urns = neededBy(resource);
    return resources.slice(0, resources.indexOf(resource)).filter(({ urn }) => urns.has(urn));
  };
}

/** Waves of deletions: first what depends on the longest chain of others to delete, last what depends on none. */
function wavesOf(steps: readonly Step[], neededOf: Needed): readonly (readonly Step[])[] {
  let rest = steps;
  const waves: Array<readonly Step[]> = [];
  while (rest.length > 0) {
    const condemned = new Set(rest.map(resourceOf));
    const isFree = (step: Step): boolean => !neededOf(resourceOf(step)).some((other) => condemned.has(other));
    waves.unshift(rest.filter(isFree));
    rest = rest.filter((step) => !isFree(step));
  }
  return waves;
}

/** Everything that resources need, directly or not. */
function reachedFrom(resources: readonly ResourceState[], neededOf: Needed): ReadonlySet<ResourceState> {
  const reached = new Set<ResourceState>();
  const visit = (resource: ResourceState): void => {
    for (const other of neededOf(resource)) {
      if (reached.has(other)) continue;
      reached.add(other);
      visit(other);
    }
  };
  resources.forEach(visit);
  return reached;
}
