import type { RegistrationResult } from "../../host/source";
import { ProviderError, STATUS } from "../../host/provider";
import type { Made } from "../../host/provider";
import type { ResourceState } from "../../state/resource";
import { isProviderType } from "../../state/urn";
import type { DetailedDiff } from "../../values/compare";
import type { Deployment } from "../deployment";
import type { Outcome, Step } from "../step";
import { providerFor } from "./provider-for";

type Done = (result: RegistrationResult) => void;

/** Why a resource is replaced, as the events tell it. */
export interface Reason {
  readonly keys: readonly string[];
  readonly diffs: readonly string[];
  readonly detailedDiff: DetailedDiff | undefined;
}
export const NO_REASON: Reason = { keys: [], diffs: [], detailedDiff: undefined };

export interface Replacing {
  readonly old: ResourceState;
  readonly reason: Reason;
  /** The old one is deleted afterwards, and marked for that when its replacement exists. */
  readonly deleteLater: boolean;
}

export function createStep(
  deployment: Deployment,
  done: Done,
  now: ResourceState,
  replacing?: Replacing,
): Step {
  return {
    op: replacing ? "create-replacement" : "create",
    urn: now.urn,
    old: replacing?.old,
    new: now,
    logical: !replacing,
    ...replacing?.reason,
    apply: () => apply(deployment, done, now, replacing),
    fail: () => done({ state: now, result: "failed" }),
    skip: () => done({ state: now, result: "skipped" }),
  };
}

async function apply(
  deployment: Deployment,
  done: Done,
  now: ResourceState,
  replacing: Replacing | undefined,
): Promise<Outcome> {
  let made: Made | undefined;
  try {
    if (now.custom) made = await make(deployment, now);
  } catch (error) {
    // A failed create counts as "nothing was made", whatever really happened; a missing id does not.
    const empty = error instanceof ProviderError && error.message.startsWith("plugin returned empty");
    return { status: empty ? STATUS.unknown : STATUS.ok, error: error as Error };
  }
  if (made) {
    now.id = made.id;
    now.outputs = { ...made.outputs };
    now.initErrors = made.failure?.reasons ?? now.initErrors;
  }
  now.created = now.modified = new Date().toISOString();
  if (replacing?.deleteLater) replacing.old.delete = true;
  if (made?.failure) return { status: STATUS.partialFailure, error: made.failure };
  return { status: STATUS.ok, complete: () => done({ state: now, result: "success" }) };
}

/** No provider here has a preview of its own: in one, the outputs are the inputs and the id is not known. */
function make(deployment: Deployment, now: ResourceState): Promise<Made> {
  if (deployment.options.dryRun && !isProviderType(now.type)) {
    return Promise.resolve({ id: "", outputs: now.inputs });
  }
  return providerFor(deployment, now).create(now.urn, now.inputs);
}
