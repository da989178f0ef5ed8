import { changeTo, failedWith, STATUS } from "../../host/provider";
import type { ResourceState } from "../../state/resource";
import type { Urn } from "../../state/urn";
import type { Deployment } from "../deployment";
import type { Outcome, Step } from "../step";

/** The resource is protected, so that nothing was attempted and others may go on. */
export class ProtectedError extends Error {
  constructor(urn: Urn) {
    super(
      `resource "${urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the ` +
        "`protect` flag from the resource in your Pulumi program and run `pulumi up`, or use the command:\n" +
        `\`pulumi state unprotect '${urn}'\``,
    );
  }
}

/** The first or the last half of a replacement. */
export type Half = "before-create" | "after-create";

export const deleteStep = (deployment: Deployment, old: ResourceState, half?: Half): Step => ({
  op: half ? "delete-replaced" : old.external ? "discard" : "delete",
  ...{ urn: old.urn, old, new: undefined, logical: !half },
  apply: () => apply(deployment, old, half),
});

async function apply(deployment: Deployment, old: ResourceState, half: Half | undefined): Promise<Outcome> {
  const { dryRun, ignoreProtect } = deployment.options;
  if (!half && old.protect && !ignoreProtect) throw new ProtectedError(old.urn);
  const { custom, external, retainOnDelete } = old;
  try {
    if (!dryRun && custom && !external && !retainOnDelete) await remove(deployment, old);
  } catch (error) {
    return failedWith(error);
  }
  // Only now: if the call fails, the next operation has to try it again.
  if (half === "before-create") old.pendingReplacement = true;
  return { status: STATUS.ok };
}

/** The provider gets what it last returned, and finds its own code in it. */
const remove = (deployment: Deployment, old: ResourceState): Promise<void> =>
  deployment.providers.of(old).delete(changeTo({ urn: old.urn, inputs: {} }, old));

/** Says of a resource that was deleted for a replacement which never came that it is gone. */
export const removePendingReplaceStep = (old: ResourceState): Step => ({
  ...{ op: "remove-pending-replace", urn: old.urn, old, new: undefined, logical: false },
  apply: () => Promise.resolve({ status: STATUS.ok }),
});
