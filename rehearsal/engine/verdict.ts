import type { Goal } from "../host/goal";
import { changeTo, type Provider } from "../host/provider";
import type { Done } from "../host/source";
import { OutOfScope } from "../out-of-scope";
import type { ResourceState } from "../state/resource";
import { equalMaps } from "../values/compare";
import { checkInputs } from "./check";
import { Bail, reported, type Deployment, type Plan } from "./deployment";
import { diffResource, type Diff } from "./diff";
import { createStep, replaceStep } from "./steps/create";
import { deleteStep } from "./steps/delete";
import { sameStep, updateStep } from "./steps/update";
import type { Step } from "./step";

/** A registered resource that the state knows, and whoever manages it; nobody manages a component. */
export interface Known {
  readonly goal: Goal;
  readonly done: Done;
  readonly old: ResourceState;
  readonly now: ResourceState;
  readonly provider: Provider | undefined;
}

/** A resource that the state knows: the same, an update, or a replacement. */
export async function stepsFromDiff(
  deployment: Deployment,
  plan: Plan,
  known: Known,
): Promise<readonly Step[]> {
  const { old, done, now } = known;
  const diff = await compare(deployment, known);
  if (old.pendingReplacement || (diff.changes && diff.replaceKeys.length > 0)) {
    return replace(deployment, plan, known, diff);
  }
  // What did not come up last time gets another chance, changed or not.
  if (diff.changes || old.initErrors.length > 0) return [updateStep(deployment, done, old, now, diff)];
  return [sameStep(deployment, done, old, now)];
}

async function compare(deployment: Deployment, { old, now, provider }: Known): Promise<Diff> {
  if (!provider) {
    const changes = !equalMaps(old.inputs, now.inputs);
    return { changes, replaceKeys: [], deleteBeforeReplace: false, changedKeys: [] };
  }
  return diffResource(deployment, provider, now, changeTo(now, old));
}

async function replace(
  deployment: Deployment,
  plan: Plan,
  { goal, old, now, done, provider }: Known,
  diff: Diff,
): Promise<readonly Step[]> {
  refuseProtected(deployment, plan, old, now);
  // The answer that was to carry on from the old inputs no longer holds.
  if (provider && !(await checkInputs(deployment, provider, now, {}, goal.inputs))) {
    throw new Bail(`resource ${now.urn} has check errors`);
  }
  const deletesFirst = old.pendingReplacement || (goal.deleteBeforeReplace ?? diff.deleteBeforeReplace);
  const create = createStep(deployment, done, now, { old, diff, deleteLater: !deletesFirst });
  const stands = replaceStep(old, now, diff);
  if (!deletesFirst) return [create, stands];
  refuseDependents(deployment, plan, old);
  // Deleted by an earlier operation that did not get to the creation.
  if (old.pendingReplacement) return [stands, create];
  await deployment.providers.ensure(old, deployment.previous);
  return [deleteStep(deployment, old, "before-create"), stands, create];
}

/** In a preview the rest is shown all the same, so that the reason can be seen. */
function refuseProtected(deployment: Deployment, plan: Plan, old: ResourceState, now: ResourceState): void {
  const { ignoreProtect, dryRun } = deployment.options;
  if (!old.protect || !now.protect || ignoreProtect) return;
  const failure = reported(
    deployment,
    now.urn,
    `unable to replace resource "${now.urn}"\nas it is currently marked for protection. To unprotect the resource, ` +
      "remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`",
  );
  plan.failed = true;
  if (!dryRun) throw failure;
}

/** Where others are made from its outputs, the engine would ask which of them have to be deleted first, too. */
function refuseDependents({ previous }: Deployment, plan: Plan, { urn }: ResourceState): void {
  const dependent = previous.find(
    (other) => !plan.urns.has(other.urn) && Object.values(other.propertyDependencies).flat().includes(urn),
  );
  if (dependent) {
    throw new OutOfScope(`delete a resource for its replacement while ${dependent.urn} uses its outputs`);
  }
}
