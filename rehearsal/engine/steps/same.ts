import { STATUS } from "../../host/provider";
import type { Done } from "../../host/source";
import type { ResourceState } from "../../state/resource";
import { isProviderType } from "../../state/urn";
import type { Deployment } from "../deployment";
import type { Step } from "../step";

/** Nothing changed: the resource keeps its id and outputs, and takes the new inputs and options. */
export const sameStep = (
  deployment: Deployment,
  done: Done,
  old: ResourceState,
  now: ResourceState,
): Step => ({
  op: "same",
  urn: now.urn,
  old,
  new: now,
  logical: true,
  async apply() {
    now.id = old.id;
    now.outputs = old.outputs;
    if (isProviderType(now.type)) await deployment.providers.same(now);
    return { status: STATUS.ok, complete: () => done(now) };
  },
});
