import { dependenciesOf, providerUrn } from "../state/resource";
import type { ResourceState } from "../state/resource";
import type { Urn } from "../state/urn";
import type { Deployment } from "./deployment";
import { ensureProvider } from "./dependents";
import type { Executor } from "./executor";
import { isDecided } from "./plan";
import type { Plan } from "./plan";
import { deleteStep, removePendingReplaceStep } from "./steps/delete";
import { resourceOf } from "./step";
import type { Step } from "./step";

/** Deletes what was replaced, and what the program no longer registers: in waves, dependents first. */
export async function deleteTheRest(deployment: Deployment, plan: Plan, executor: Executor): Promise<void> {
  const steps = await deleteSteps(deployment, plan);
  const graph = [...plan.toDelete, ...deployment.previous];
  const waves = wavesOf(steps, graph, plan);
  const ordered = deployment.options.faults.has("destroy-in-creation-order") ? waves.reverse() : waves;
  for (const wave of ordered) {
    const needed = neededByErrored(executor.errored, graph);
    await executor.runAll(wave.filter((step) => !needed.has(resourceOf(step))));
  }
}

async function deleteSteps(deployment: Deployment, plan: Plan): Promise<readonly Step[]> {
  const steps: Step[] = [];
  for (const original of deployment.previous) {
    const resource = plan.refreshed.get(original) ?? original;
    const step = deleteStepFor(deployment, plan, resource);
    if (step) steps.push(step);
    if (plan.deletes.has(resource.urn)) await ensureProvider(deployment, resource);
  }
  for (const resource of plan.toDelete) {
    plan.deletes.add(resource.urn);
    steps.push(deleteStep(deployment, resource, { deletes: plan.deletes }));
  }
  return steps;
}

function deleteStepFor(deployment: Deployment, plan: Plan, resource: ResourceState): Step | undefined {
  const { urn } = resource;
  if (resource.delete) {
    if (plan.condemned.has(resource)) return undefined;
    plan.deletes.add(urn);
    return deleteStep(deployment, resource, { deletes: plan.deletes, replacing: "after-create" });
  }
  if (isDecided(plan, urn)) return undefined;
  plan.deletes.add(urn);
  if (resource.pendingReplacement) return removePendingReplaceStep(resource);
  return deleteStep(deployment, resource, { deletes: plan.deletes });
}

/** Waves of deletions: first what depends on the longest chain of others to delete, last what depends on none. */
function wavesOf(steps: readonly Step[], graph: readonly ResourceState[], plan: Plan): Step[][] {
  const needs = neighbours(graph, plan);
  const needed = new Map(steps.map((step) => [step, needs(resourceOf(step))]));
  let rest = [...steps];
  const waves: Step[][] = [];
  while (rest.length > 0) {
    const condemned = new Set(rest.map(resourceOf));
    const isFree = (step: Step): boolean => !needed.get(step)?.some((other) => condemned.has(other));
    waves.unshift(rest.filter(isFree));
    rest = rest.filter((step) => !isFree(step));
  }
  return waves;
}

/** What a resource needs directly: dependencies, provider and parent; of a component also everything in it. */
function neighbours(
  graph: readonly ResourceState[],
  plan: Plan,
): (resource: ResourceState) => readonly ResourceState[] {
  const originals = new Map([...plan.refreshed].map(([original, refreshed]) => [refreshed, original]));
  const index = new Map(graph.map((resource, i) => [resource, i]));
  const parents = new Map(graph.map(({ urn, parent }) => [urn, parent]));
  return (resource) => {
    const before = graph.slice(0, index.get(originals.get(resource) ?? resource) ?? 0);
    const named = new Set<Urn>([...dependenciesOf(resource), providerUrn(resource)]);
    const direct = before.filter((other) => named.has(other.urn) || other.urn === resource.parent);
    const components = new Set(direct.filter((r) => !r.custom && named.has(r.urn)).map((r) => r.urn));
    const inside =
      components.size === 0 ? [] : before.filter((other) => isInside(other.urn, components, parents));
    return [...direct, ...inside].map((other) => plan.refreshed.get(other) ?? other);
  };
}

function isInside(urn: Urn, components: ReadonlySet<Urn>, parents: ReadonlyMap<Urn, Urn>): boolean {
  const parent = parents.get(urn) ?? "";
  return parent !== "" && (components.has(parent) || isInside(parent, components, parents));
}

/** Everything that a resource whose deletion failed still needs. */
function neededByErrored(errored: readonly Step[], graph: readonly ResourceState[]): Set<ResourceState> {
  const needed = new Set<ResourceState>();
  const visit = (resource: ResourceState): void => {
    const urns = new Set([...dependenciesOf(resource), providerUrn(resource), resource.parent]);
    for (const other of graph.filter((r) => urns.has(r.urn) && !needed.has(r))) {
      needed.add(other);
      visit(other);
    }
  };
  errored.flatMap((step) => [step.old, step.new]).forEach((resource) => resource && visit(resource));
  return needed;
}
