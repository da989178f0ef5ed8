import { ProviderError, STATUS, type Made } from "../../host/provider";
import type { Done } from "../../host/source";
import type { ResourceState } from "../../state/resource";
import { isProviderType } from "../../state/urn";
import type { Deployment } from "../deployment";
import type { Diff } from "../diff";
import type { Outcome, Step } from "../step";

export interface Replacing {
  readonly old: ResourceState;
  readonly diff: Diff;
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
    ...{ op: replacing ? "create-replacement" : "create", urn: now.urn, logical: !replacing },
    ...{ old: replacing?.old, new: now },
    ...(replacing ? reason(replacing.diff) : {}),
    apply: () => apply(deployment, done, now, replacing),
  };
}

/** Does nothing by itself: it stands for the creation and the deletion that make up a replacement. */
export const replaceStep = (old: ResourceState, now: ResourceState, diff: Diff): Step => ({
  ...{ op: "replace", urn: now.urn, old, new: now, logical: true },
  ...reason(diff),
  apply: () => Promise.resolve({ status: STATUS.ok }),
});

/** Why a resource is replaced, as the events tell it. */
const reason = ({ replaceKeys, changedKeys }: Diff) => ({ keys: replaceKeys, diffs: changedKeys });

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
    now.initErrors = made.failure?.reasons ?? [];
  }
  if (replacing?.deleteLater) replacing.old.delete = true;
  if (made?.failure) return { status: STATUS.partialFailure, error: made.failure };
  return { status: STATUS.ok, complete: () => done(now) };
}

/** No provider here has a preview of its own: in one, the outputs are the inputs and the id is not known. */
function make(deployment: Deployment, now: ResourceState): Promise<Made> {
  if (deployment.options.dryRun && !isProviderType(now.type)) {
    return Promise.resolve({ id: "", outputs: now.inputs });
  }
  return deployment.providers.of(now).create(now.urn, now.inputs);
}
