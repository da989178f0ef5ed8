import { dependenciesOf, providerUrn } from "../state/resource";
import type { ResourceState } from "../state/resource";
import type { Urn } from "../state/urn";
import { put, UNKNOWN } from "../values/property";
import type { Property, PropertyMap } from "../values/property";
import { Bail } from "./bail";
import type { Deployment } from "./deployment";
import { diffResource, replaces, withReplaceOnChanges } from "./diff";
import type { Plan } from "./plan";
import { deleteStep } from "./steps/delete";
import type { Step } from "./step";

interface Dependent {
  readonly resource: ResourceState;
  readonly keys: readonly string[];
}

/**
 * The deletions that come before a replacement which deletes first: of every dependent that could not live through it,
 * the last one first, and of the resource itself.
 */
export async function deletionsBefore(
  deployment: Deployment,
  plan: Plan,
  urn: Urn,
  old: ResourceState,
): Promise<readonly Step[]> {
  const dependents = [...(await dependentsToReplace(deployment, plan, old)), ...tiedTo(deployment, urn)];
  const steps: Step[] = [];
  for (const { resource, keys } of dependents.reverse()) {
    if (plan.condemned.has(resource)) continue;
    refuseProtected(deployment, plan, urn, resource);
    plan.dependentKeys.set(resource.urn, keys);
    const replacing = resource.delete ? {} : ({ replacing: "before-create" } as const);
    steps.push(deleteStep(deployment, resource, { deletes: plan.deletes, ...replacing }));
    plan.deletes.add(resource.urn);
    plan.condemned.add(resource);
  }
  await ensureProvider(deployment, old);
  // Deleted by an earlier operation that did not get to the creation.
  if (old.pendingReplacement) return steps;
  plan.deletes.add(old.urn);
  return [...steps, deleteStep(deployment, old, { deletes: plan.deletes, replacing: "before-create" })];
}

export async function ensureProvider(deployment: Deployment, resource: ResourceState): Promise<void> {
  if (resource.provider !== "") await deployment.providers.ensure(resource.provider, deployment.previous);
}

function refuseProtected(
  { report, options }: Deployment,
  plan: Plan,
  urn: Urn,
  dependent: ResourceState,
): void {
  if (!dependent.protect || dependent.delete || options.ignoreProtect) return;
  const message =
    `unable to replace resource "${dependent.urn}" as part of replacing "${urn}" as it is currently marked for ` +
    "protection. To unprotect the resource, remove the `protect` flag from the resource in your Pulumi program and " +
    `run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${dependent.urn}'\``;
  report.diagnostic("error", urn, message);
  plan.failed = true;
  throw new Bail(message);
}

/** Walks what depends on the resource, in the state's order, and keeps what would be replaced by the change. */
async function dependentsToReplace(
  deployment: Deployment,
  plan: Plan,
  root: ResourceState,
): Promise<Dependent[]> {
  const gone = new Set([root.urn]);
  const found: Dependent[] = [];
  for (const resource of dependingOn(deployment, plan, root)) {
    const keys = await replacementKeys(deployment, resource, gone);
    if (keys === undefined) continue;
    gone.add(resource.urn);
    found.push({ resource, keys });
  }
  return found;
}

/** Everything after the root that depends on it, directly or not, and has not been decided yet. */
function dependingOn({ previous }: Deployment, plan: Plan, root: ResourceState): readonly ResourceState[] {
  const decided = [plan.reads, plan.creates, plan.sames, plan.updates, plan.deletes, plan.replaces];
  const dependents = new Set([root.urn]);
  return previous.slice(previous.indexOf(root) + 1).filter((candidate) => {
    if (decided.some((set) => set.has(candidate.urn))) return false;
    const depends = [...dependenciesOf(candidate), providerUrn(candidate)].some((urn) => dependents.has(urn));
    if (depends) dependents.add(candidate.urn);
    return depends;
  });
}

/** Undefined when the dependent lives on: the provider is asked what it makes of inputs that are not known any more. */
async function replacementKeys(
  deployment: Deployment,
  resource: ResourceState,
  gone: ReadonlySet<Urn>,
): Promise<readonly string[] | undefined> {
  if (!resource.custom || resource.external) return undefined;
  if (gone.has(providerUrn(resource)) || gone.has(resource.deletedWith)) {
    await ensureProvider(deployment, resource);
    return [];
  }
  const inputs = withUnknowns(resource, gone);
  if (!inputs) return undefined;
  const { urn, id, ignoreChanges, outputs } = resource;
  const provider = await deployment.providers.ensure(resource.provider, deployment.previous);
  const change = {
    urn,
    id,
    oldInputs: resource.inputs,
    oldOutputs: outputs ?? {},
    newInputs: inputs,
    ignoreChanges,
  };
  const diff = withReplaceOnChanges(
    await diffResource(deployment, provider, change, true),
    resource.replaceOnChanges,
    undefined,
  );
  return replaces(diff) ? diff.replaceKeys : undefined;
}

/** The inputs with those unknown that depend on what is gone; undefined when none does. */
function withUnknowns(resource: ResourceState, gone: ReadonlySet<Urn>): PropertyMap | undefined {
  const inputs: PropertyMap = {};
  let found = false;
  for (const [key, value] of Object.entries(resource.inputs)) {
    const depends = (resource.propertyDependencies[key] ?? []).some((urn) => gone.has(urn));
    found ||= depends;
    put(inputs, key, depends ? UNKNOWN : (value as Property));
  }
  return found ? inputs : undefined;
}

/** Resources whose options tie them to the one that is replaced. */
function tiedTo({ news, olds }: Deployment, urn: Urn): readonly Dependent[] {
  const all = new Map([...olds, ...news]);
  const tied = [...all.values()].filter((r) => r.deletedWith === urn || r.replaceWith.includes(urn));
  return tied.map((resource) => ({ resource, keys: [] }));
}
