import { ProviderError, STATUS } from "../../host/provider";
import type { ResourceState } from "../../state/resource";
import type { Urn } from "../../state/urn";
import type { Deployment } from "../deployment";
import type { Outcome, Step } from "../step";
import { providerFor } from "./provider-for";

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

export interface Deletion {
  /** Every resource that this phase deletes: what is `deletedWith` one of them needs no call. */
  readonly deletes: ReadonlySet<Urn>;
  /** The first or the last half of a replacement. */
  readonly replacing?: "before-create" | "after-create";
}

export function deleteStep(deployment: Deployment, old: ResourceState, deletion: Deletion): Step {
  const { replacing } = deletion;
  return {
    op: old.external
      ? replacing
        ? "discard-replaced"
        : "discard"
      : replacing
        ? "delete-replaced"
        : "delete",
    urn: old.urn,
    old,
    new: undefined,
    logical: !replacing,
    apply: () => apply(deployment, old, deletion),
    fail: () => undefined,
    skip: () => undefined,
  };
}

async function apply(deployment: Deployment, old: ResourceState, deletion: Deletion): Promise<Outcome> {
  const { dryRun, ignoreProtect } = deployment.options;
  if (!deletion.replacing && old.protect && !ignoreProtect) throw new ProtectedError(old.urn);
  try {
    if (!dryRun && needsCall(old, deletion.deletes)) await remove(deployment, old);
  } catch (error) {
    return { status: error instanceof ProviderError ? error.status : STATUS.ok, error: error as Error };
  }
  // Only now: if the call fails, the next operation has to try it again.
  if (deletion.replacing === "before-create") old.pendingReplacement = true;
  return { status: STATUS.ok };
}

const needsCall = (old: ResourceState, deletes: ReadonlySet<Urn>): boolean =>
  old.custom && !old.external && !old.retainOnDelete && !deletes.has(old.deletedWith);

/** The provider gets what it last returned, and finds its own code in it. */
async function remove(deployment: Deployment, old: ResourceState): Promise<void> {
  const { inputs, outputs = {} } = old;
  const swapped = deployment.options.faults.has("delete-by-provider-of-inputs") && inputs["__provider"];
  const oldOutputs = swapped ? { ...outputs, __provider: swapped } : outputs;
  await providerFor(deployment, old).delete({
    urn: old.urn,
    id: old.id,
    oldInputs: inputs,
    oldOutputs,
    newInputs: {},
  });
}

/** Says of a resource that was deleted for a replacement which never came that it is gone. */
export function removePendingReplaceStep(old: ResourceState): Step {
  return {
    op: "remove-pending-replace",
    urn: old.urn,
    old,
    new: undefined,
    logical: false,
    apply: () => Promise.resolve({ status: STATUS.ok }),
    fail: () => undefined,
    skip: () => undefined,
  };
}
