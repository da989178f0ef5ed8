import type { RegistrationResult } from "../../host/source";
import { ProviderError, STATUS } from "../../host/provider";
import type { Made } from "../../host/provider";
import type { ResourceState } from "../../state/resource";
import { isProviderType } from "../../state/urn";
import type { Deployment } from "../deployment";
import type { Outcome, Step } from "../step";
import type { Reason } from "./create";
import { providerFor } from "./provider-for";

type Done = (result: RegistrationResult) => void;

export function updateStep(
  deployment: Deployment,
  done: Done,
  old: ResourceState,
  now: ResourceState,
  { diffs, detailedDiff }: Reason,
): Step {
  return {
    op: "update",
    urn: now.urn,
    old,
    new: now,
    logical: true,
    diffs,
    detailedDiff,
    apply: () => apply(deployment, done, old, now),
    fail: () => done({ state: now, result: "failed" }),
    skip: () => done({ state: now, result: "skipped" }),
  };
}

async function apply(
  deployment: Deployment,
  done: Done,
  old: ResourceState,
  now: ResourceState,
): Promise<Outcome> {
  now.id = old.id;
  now.created = old.created;
  now.modified = old.modified;
  let made: Made | undefined;
  try {
    if (now.custom) made = await change(deployment, old, now);
  } catch (error) {
    return { status: error instanceof ProviderError ? error.status : STATUS.ok, error: error as Error };
  }
  if (made) {
    now.outputs = { ...made.outputs };
    now.initErrors = made.failure?.reasons ?? now.initErrors;
    now.modified = new Date().toISOString();
  }
  if (made?.failure) return { status: STATUS.partialFailure, error: made.failure };
  return { status: STATUS.ok, complete: () => done({ state: now, result: "success" }) };
}

/** In a preview the outputs are the new inputs: everything else is not known to dependents, even if it will not change. */
function change(deployment: Deployment, old: ResourceState, now: ResourceState): Promise<Made> {
  if (deployment.options.dryRun && !isProviderType(now.type)) {
    return Promise.resolve({ id: old.id, outputs: now.inputs });
  }
  return providerFor(deployment, now).update({
    urn: now.urn,
    id: old.id,
    oldInputs: old.inputs,
    oldOutputs: old.outputs ?? {},
    newInputs: now.inputs,
    ignoreChanges: now.ignoreChanges,
  });
}
