import { changeTo, failedWith, STATUS, type Made } from "../../host/provider";
import type { Done } from "../../host/source";
import type { ResourceState } from "../../state/resource";
import { isProviderType } from "../../state/urn";
import type { Deployment } from "../deployment";
import type { Diff } from "../diff";
import type { Outcome, Step } from "../step";

/** Nothing changed: the resource keeps its id and outputs, and takes the new inputs and options. */
export const sameStep = (
  deployment: Deployment,
  done: Done,
  old: ResourceState,
  now: ResourceState,
): Step => ({
  ...{ op: "same", urn: now.urn, old, new: now, logical: true },
  async apply() {
    now.id = old.id;
    now.outputs = old.outputs;
    if (isProviderType(now.type)) await deployment.providers.same(now);
    return { status: STATUS.ok, complete: () => done(now) };
  },
});

export const updateStep = (
  deployment: Deployment,
  done: Done,
  old: ResourceState,
  now: ResourceState,
  { changedKeys }: Diff,
): Step => ({
  ...{ op: "update", urn: now.urn, old, new: now, logical: true, diffs: changedKeys },
  apply: () => update(deployment, done, old, now),
});

async function update(
  deployment: Deployment,
  done: Done,
  old: ResourceState,
  now: ResourceState,
): Promise<Outcome> {
  now.id = old.id;
  let made: Made | undefined;
  try {
    if (now.custom) made = await change(deployment, old, now);
  } catch (error) {
    return failedWith(error);
  }
  if (made) {
    now.outputs = { ...made.outputs };
    now.initErrors = made.failure?.reasons ?? [];
  }
  if (!made?.failure) return { status: STATUS.ok, complete: () => done(now) };
  // What exists was not changed to the new inputs, so that the next diff must see the old ones.
  now.inputs = old.inputs;
  return { status: STATUS.partialFailure, error: made.failure };
}

/** In a preview the outputs are the new inputs: everything else is not known to dependents, even if it will not change. */
function change(deployment: Deployment, old: ResourceState, now: ResourceState): Promise<Made> {
  if (deployment.options.dryRun && !isProviderType(now.type)) {
    return Promise.resolve({ id: old.id, outputs: now.inputs });
  }
  return deployment.providers.of(now).update(changeTo(now, old));
}
