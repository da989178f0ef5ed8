import type { RegistrationResult } from "../../host/source";
import { STATUS } from "../../host/provider";
import type { ResourceState } from "../../state/resource";
import { isProviderType } from "../../state/urn";
import type { Deployment } from "../deployment";
import type { Step } from "../step";

type Done = (result: RegistrationResult) => void;

/** Nothing changed: the resource keeps its id and outputs, and takes the new inputs and options. */
export function sameStep(deployment: Deployment, done: Done, old: ResourceState, now: ResourceState): Step {
  return {
    op: "same",
    urn: now.urn,
    old,
    new: now,
    logical: true,
    async apply() {
      now.id = old.id;
      now.outputs = deployment.options.faults.has("same-takes-new-outputs")
        ? { ...old.outputs, ...now.inputs }
        : old.outputs;
      // A provider that called its changed configuration the same goes on with the old one.
      if (isProviderType(now.type)) await deployment.providers.same({ ...now, inputs: old.inputs });
      return { status: STATUS.ok, complete: () => done({ state: now, result: "success" }) };
    },
    fail: () => done({ state: now, result: "failed" }),
    skip: () => done({ state: now, result: "skipped" }),
  };
}

/** Stands in for a create that must not happen, as when a refresh or destroy runs the program. */
export function skippedCreateStep(done: Done, now: ResourceState): Step {
  return {
    op: "same",
    urn: now.urn,
    old: now,
    new: now,
    logical: true,
    skippedCreate: true,
    apply: () =>
      Promise.resolve({
        status: STATUS.ok,
        complete: () => done({ state: now, result: "success", unknown: true }),
      }),
    fail: () => done({ state: now, result: "failed" }),
    skip: () => done({ state: now, result: "skipped" }),
  };
}
