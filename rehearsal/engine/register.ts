import type { Goal } from "../host/goal";
import type { Provider } from "../host/provider";
import type { SourceEvent } from "../host/source";
import { dependenciesAndParent, newResource, providerUrn } from "../state/resource";
import type { ResourceState } from "../state/resource";
import { isProviderType } from "../state/urn";
import type { Urn } from "../state/urn";
import { findOld } from "./aliases";
import { Bail } from "./bail";
import { checkInputs } from "./check";
import type { Deployment } from "./deployment";
import { keepIgnored } from "./diff";
import { claimUrn } from "./plan";
import type { Plan } from "./plan";
import type { Continue, Registration } from "./registration";
import { createStep, NO_REASON } from "./steps/create";
import { providerFor } from "./steps/provider-for";
import { refreshStep } from "./steps/refresh";
import { replaceStep } from "./steps/replace";
import { sameStep, skippedCreateStep } from "./steps/same";
import type { Step } from "./step";
import { stepsFromDiff } from "./verdict";

/** Decides what to do about a resource that the program registered. Throws `Bail` when that was reported as impossible. */
export async function stepsForRegistration(
  deployment: Deployment,
  plan: Plan,
  event: Extract<SourceEvent, { kind: "register" }>,
  later: Continue,
): Promise<readonly Step[]> {
  const { goal, done } = event;
  const urn = claimUrn(deployment, plan, goal.type, goal.name, goal.parent);
  const { old, alias, invalid } = findOld(deployment, plan, urn, goal);
  const now = resourceFor(goal, urn, old, alias);
  const registration = { goal, done, urn, old, now, invalid };
  if (!old || !plan.refresh) return stepsAfterRefresh(deployment, plan, registration);
  plan.refreshes.add(urn);
  return [refreshFirst(deployment, plan, registration, old, later)];
}

function refreshFirst(
  deployment: Deployment,
  plan: Plan,
  registration: Registration,
  old: ResourceState,
  later: Continue,
): Step {
  return refreshStep(deployment, old, (state, failure) => {
    if (state) plan.refreshed.set(old, state);
    later({ ...registration, old: state }, failure);
  });
}

function resourceFor(
  goal: Goal,
  urn: Urn,
  old: ResourceState | undefined,
  alias: Urn | undefined,
): ResourceState {
  const { type, custom, parent, provider, dependencies, propertyDependencies, customTimeouts } = goal;
  const { deletedWith, replaceWith, ignoreChanges, replaceOnChanges, additionalSecretOutputs } = goal;
  return newResource({
    ...{ urn, type, custom, parent, provider, dependencies, propertyDependencies, customTimeouts },
    ...{ deletedWith, replaceWith, ignoreChanges, replaceOnChanges, additionalSecretOutputs },
    inputs: goal.properties,
    protect: goal.protect ?? false,
    retainOnDelete: goal.retainOnDelete ?? false,
    aliases: alias === undefined ? [] : [alias],
    created: old?.created,
    modified: old?.modified,
  });
}

/** What comes after an eventual refresh; programs that run in a refresh or destroy change nothing. */
export async function stepsAfterRefresh(
  deployment: Deployment,
  plan: Plan,
  registration: Registration,
): Promise<readonly Step[]> {
  if (plan.mode === "refresh") {
    const steps = stepsInRefresh(plan, registration);
    if (steps) return steps;
  }
  if (plan.mode === "destroy") {
    const steps = stepsInDestroy(deployment, plan, registration);
    if (steps) return steps;
  }
  return decide(deployment, plan, registration);
}

const isPlain = ({ custom, type }: Goal): boolean => custom && !isProviderType(type);

const needsSkipped = (plan: Plan, now: ResourceState): boolean =>
  [...dependenciesAndParent(now), providerUrn(now)].some((urn) => plan.skippedCreates.has(urn));

function stepsInRefresh(
  plan: Plan,
  { goal, done, urn, old, now }: Registration,
): readonly Step[] | undefined {
  if (!isPlain(goal) && !needsSkipped(plan, now)) return undefined;
  if (old) {
    done({ state: old, result: "success" });
    return [];
  }
  plan.sames.add(urn);
  plan.skippedCreates.add(urn);
  return [skippedCreateStep(done, now)];
}

function stepsInDestroy(
  deployment: Deployment,
  plan: Plan,
  registration: Registration,
): readonly Step[] | undefined {
  const { goal, done, urn, old, now } = registration;
  const skip = needsSkipped(plan, now);
  if (skip || (isPlain(goal) && !old)) {
    plan.skippedCreates.add(urn);
    if (skip && old) now.outputs = old.outputs;
    return [skippedCreateStep(done, now)];
  }
  plan.toDelete.push(now);
  if (!isPlain(goal) || !old) return undefined;
  plan.sames.add(urn);
  now.inputs = old.inputs;
  return [sameStep(deployment, done, old, now)];
}

async function decide(
  deployment: Deployment,
  plan: Plan,
  registration: Registration,
): Promise<readonly Step[]> {
  const { goal, done, urn, old, now } = registration;
  const provider = goal.custom ? providerFor(deployment, now) : undefined;
  const recreating = plan.deletes.has(urn);
  const sound = !provider || (await check(deployment, provider, registration, recreating));
  if (!sound || registration.invalid) throw new Bail(`resource ${urn} is invalid`);
  if (recreating && old) return recreate(deployment, plan, registration, old);
  if (old?.external) return takeOver(deployment, plan, registration, old);
  if (old) return stepsFromDiff(deployment, plan, { ...registration, old, provider });
  plan.creates.add(urn);
  return [createStep(deployment, done, now)];
}

/** A resource that will be made anew has no old inputs to go by. */
function check(
  deployment: Deployment,
  provider: Pick<Provider, "check">,
  { goal, urn, old, now }: Registration,
  recreating: boolean,
): Promise<boolean> {
  if (!old || recreating || old.external) return checkInputs(deployment, provider, now, {}, goal.properties);
  const news = keepIgnored(deployment, urn, goal.properties, old.inputs, goal.ignoreChanges);
  return checkInputs(deployment, provider, now, old.inputs, news);
}

/** Deleted earlier, for the replacement of something it depends on; the program still wants it. */
function recreate(
  deployment: Deployment,
  plan: Plan,
  registration: Registration,
  old: ResourceState,
): readonly Step[] {
  const { urn, done, now } = registration;
  plan.deletes.delete(urn);
  plan.replaces.add(urn);
  const reason = { ...NO_REASON, keys: plan.dependentKeys.get(urn) ?? [] };
  return [
    replaceStep(old, now, NO_REASON),
    createStep(deployment, done, now, { old, reason, deleteLater: false }),
  ];
}

/** Only read so far: the stack makes one of its own, and forgets the other at the end. */
function takeOver(
  deployment: Deployment,
  plan: Plan,
  registration: Registration,
  old: ResourceState,
): readonly Step[] {
  const { urn, done, now } = registration;
  plan.creates.add(urn);
  const create = createStep(deployment, done, now, { old, reason: NO_REASON, deleteLater: true });
  return [create, replaceStep(old, now, NO_REASON)];
}
