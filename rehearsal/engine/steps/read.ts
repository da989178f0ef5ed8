import { failedWith, STATUS } from "../../host/provider";
import type { Done } from "../../host/source";
import type { ResourceState } from "../../state/resource";
import { isProviderType } from "../../state/urn";
import { equalMaps } from "../../values/compare";
import { UNKNOWN_TEXT } from "../../values/signatures";
import type { Deployment } from "../deployment";
import { diffResource } from "../diff";
import type { Op, Outcome, Step } from "../step";

/** Gets a resource that the program names by id; it is read in previews too. */
export const readStep = (
  deployment: Deployment,
  done: Done,
  old: ResourceState | undefined,
  now: ResourceState,
): Step => ({
  ...{ op: "read", urn: now.urn, old, new: now, logical: true },
  apply: () => read(deployment, done, now),
});

/** Reads into `now`. A provider that says "gone" leaves it without outputs, and that is no error. */
async function read(deployment: Deployment, done: Done, now: ResourceState): Promise<Outcome> {
  const complete = (): void => done(now);
  now.outputs = {};
  if (now.id === UNKNOWN_TEXT) return { status: STATUS.ok, complete };
  try {
    const provider = deployment.providers.of(now);
    const { id, outputs, failure } = await provider.read(now.urn, now.id, now.inputs, now.inputs);
    now.outputs = outputs;
    if (id !== "") now.id = id;
    now.initErrors = failure?.reasons ?? [];
    return failure
      ? { status: STATUS.partialFailure, error: failure, complete }
      : { status: STATUS.ok, complete };
  } catch (error) {
    return failedWith(error);
  }
}

interface RefreshStep extends Step {
  /** Undefined when the resource is gone. */
  new: ResourceState | undefined;
  resultOp: Op;
  diffs: readonly string[];
}

/**
 * Reads a resource and asks the provider how its last inputs differ from what was read. The new outputs are taken in any
 * case; the comparison only decides whether the step counts as a change.
 */
export function refreshStep(deployment: Deployment, old: ResourceState): Step {
  const step: RefreshStep = {
    ...{ op: "refresh", urn: old.urn, old, new: old, logical: false, resultOp: "same", diffs: [] },
    async apply() {
      try {
        if (old.custom && !isProviderType(old.type) && !old.pendingReplacement) {
          await refresh(deployment, old, step);
        }
      } catch (error) {
        return failedWith(error);
      }
      return { status: STATUS.ok };
    },
  };
  return step;
}

async function refresh(deployment: Deployment, old: ResourceState, step: RefreshStep): Promise<void> {
  const { urn, outputs: oldOutputs = {} } = old;
  const provider = deployment.providers.of(old);
  const {
    id,
    inputs = old.inputs,
    outputs,
    failure,
  } = await provider.read(urn, old.id, old.inputs, oldOutputs);
  if (id === "") {
    [step.new, step.resultOp] = [undefined, "delete"];
    return;
  }
  const initErrors = failure?.reasons ?? [];
  if (failure) {
    const message = `Refreshed resource is in an unhealthy state:\n* ${initErrors.join("\n* ")}`;
    deployment.report.diagnostic("warning", urn, message);
  }
  step.new = { ...old, id, inputs, outputs, initErrors };
  if (old.external) {
    step.resultOp = equalMaps(oldOutputs, outputs) ? "same" : "update";
    return;
  }
  const change = { urn, id, oldInputs: inputs, oldOutputs: outputs, newInputs: old.inputs };
  const { changes, changedKeys } = await diffResource(deployment, provider, old, change);
  [step.resultOp, step.diffs] = [changes ? "update" : "same", changedKeys];
}
