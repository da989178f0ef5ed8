import type { Provider } from "../host/provider";
import type { ResourceState } from "../state/resource";
import { equalMaps } from "../values/compare";
import { Bail } from "./bail";
import { checkInputs } from "./check";
import type { Deployment } from "./deployment";
import { diffResource, NO_DIFF, replaces, withReplaceOnChanges } from "./diff";
import type { Diff } from "./diff";
import type { Plan } from "./plan";
import type { Registration } from "./registration";
import { deletionsBefore } from "./dependents";
import { createStep } from "./steps/create";
import type { Reason } from "./steps/create";
import { replaceStep } from "./steps/replace";
import { sameStep } from "./steps/same";
import { updateStep } from "./steps/update";
import type { Step } from "./step";

export interface Known extends Registration {
  readonly old: ResourceState;
  readonly provider: Pick<Provider, "check" | "diff"> | undefined;
}

/** A resource that the state knows: the same, an update, or a replacement. */
export async function stepsFromDiff(
  deployment: Deployment,
  plan: Plan,
  known: Known,
): Promise<readonly Step[]> {
  const { goal, old, done, now, urn } = known;
  const diff = withReplaceOnChanges(await compare(deployment, plan, known), goal.replaceOnChanges, old);
  if (old.pendingReplacement || (diff.changes && replaces(diff)))
    return replace(deployment, plan, known, diff);
  // What did not come up last time gets another chance, changed or not.
  if (diff.changes || old.initErrors.length > 0) {
    plan.updates.add(urn);
    return [updateStep(deployment, done, old, now, reasonOf(diff))];
  }
  plan.sames.add(urn);
  return [sameStep(deployment, done, old, now)];
}

const reasonOf = ({ replaceKeys, changedKeys, detailedDiff }: Diff): Reason => ({
  keys: replaceKeys,
  diffs: changedKeys,
  detailedDiff,
});

async function compare(deployment: Deployment, plan: Plan, known: Known): Promise<Diff> {
  const { urn, old, now, provider } = known;
  const because = replacedBecause(plan, old, now);
  if (because !== undefined) return { ...NO_DIFF, changes: true, replaceKeys: [because] };
  if (!provider) return { ...NO_DIFF, changes: !equalMaps(old.inputs, now.inputs) };
  const change = {
    urn,
    id: old.id,
    oldInputs: old.inputs,
    oldOutputs: old.outputs ?? {},
    newInputs: now.inputs,
    ignoreChanges: now.ignoreChanges,
  };
  return diffResource(deployment, provider, change, deployment.options.dryRun);
}

/** Reasons to replace that no provider is asked about. */
function replacedBecause(plan: Plan, old: ResourceState, now: ResourceState): string | undefined {
  if (now.replaceWith.some((urn) => plan.replaces.has(urn))) return "replaceWith";
  if (now.deletedWith !== "" && plan.replaces.has(now.deletedWith)) return "deletedWith";
  return providerChanged(old, now) ? "provider" : undefined;
}

/**
 * A custom resource that became a component, or the other way round, starts anew. Another provider of the same package
 * does not matter: those that the rehearsal knows have nothing to say about changes of their configuration.
 */
const providerChanged = (old: ResourceState, now: ResourceState): boolean =>
  old.provider !== now.provider && (old.provider === "" || now.provider === "");

async function replace(
  deployment: Deployment,
  plan: Plan,
  known: Known,
  diff: Diff,
): Promise<readonly Step[]> {
  const { goal, urn, old, now, done, provider } = known;
  refuseProtected(deployment, plan, old, now);
  plan.replaces.add(urn);
  // The answer that was to carry on from the old inputs no longer holds.
  if (provider && !(await checkInputs(deployment, provider, now, {}, goal.properties))) {
    throw new Bail(`resource ${urn} has check errors`);
  }
  const reason = reasonOf(diff);
  if (goal.deleteBeforeReplace ?? diff.deleteBeforeReplace) {
    const deletions = await deletionsBefore(deployment, plan, urn, old);
    const create = createStep(deployment, done, now, { old, reason, deleteLater: false });
    return [...deletions, replaceStep(old, now, reason), create];
  }
  return [
    createStep(deployment, done, now, { old, reason, deleteLater: true }),
    replaceStep(old, now, reason),
  ];
}

/** In a preview the rest is shown all the same, so that the reason can be seen. */
function refuseProtected(
  { report, options }: Deployment,
  plan: Plan,
  old: ResourceState,
  now: ResourceState,
): void {
  if (!old.protect || !now.protect || options.ignoreProtect) return;
  const message =
    `unable to replace resource "${now.urn}"\nas it is currently marked for protection. To unprotect the resource, ` +
    "remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`";
  report.diagnostic("error", now.urn, message);
  plan.failed = true;
  if (!options.dryRun) throw new Bail(message);
}
