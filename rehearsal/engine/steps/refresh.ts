import { failedWith, STATUS } from "../../host/provider";
import type { ResourceState } from "../../state/resource";
import { isProviderType } from "../../state/urn";
import { equalMaps } from "../../values/compare";
import type { ChangeKind, DetailedDiff } from "../../values/compare";
import type { Deployment } from "../deployment";
import { diffResource } from "../diff";
import type { Op, Outcome, Step } from "../step";

/** What a refresh found; `state` is undefined when the resource is gone. */
interface Found {
  state: ResourceState | undefined;
  changed: boolean;
  diffs: readonly string[];
  detailedDiff: DetailedDiff;
}

/**
 * Reads a resource and asks the provider how its last inputs differ from what was read. The new outputs are taken in any
 * case; the comparison only decides whether the step counts as a change.
 */
export function refreshStep(deployment: Deployment, old: ResourceState): Step {
  const found: Found = { state: old, changed: false, diffs: [], detailedDiff: {} };
  return {
    op: "refresh",
    urn: old.urn,
    old,
    logical: false,
    get new() {
      return found.state;
    },
    get resultOp(): Op {
      return found.state === undefined ? "delete" : found.changed ? "update" : "same";
    },
    get diffs() {
      return found.diffs;
    },
    get detailedDiff() {
      return found.detailedDiff;
    },
    apply: () => apply(deployment, old, found),
  };
}

async function apply(deployment: Deployment, old: ResourceState, found: Found): Promise<Outcome> {
  try {
    if (old.custom && !isProviderType(old.type) && !old.pendingReplacement)
      await refresh(deployment, old, found);
  } catch (error) {
    return failedWith(error);
  }
  return { status: STATUS.ok };
}

async function refresh(deployment: Deployment, old: ResourceState, found: Found): Promise<void> {
  const provider = deployment.providers.of(old);
  const { id, inputs, outputs, failure } = await provider.read(
    old.urn,
    old.id,
    old.inputs,
    old.outputs ?? {},
  );
  if (id === "") {
    found.state = undefined;
    return;
  }
  const initErrors = failure?.reasons ?? [];
  if (failure) {
    const message = `Refreshed resource is in an unhealthy state:\n* ${initErrors.join("\n* ")}`;
    deployment.report.diagnostic("warning", old.urn, message);
  }
  found.state = { ...old, id, inputs: inputs ?? old.inputs, outputs, initErrors };
  if (old.external) found.changed = !equalMaps(old.outputs ?? {}, outputs);
  else await compare(deployment, old, found.state, found);
}

async function compare(
  deployment: Deployment,
  old: ResourceState,
  now: ResourceState,
  found: Found,
): Promise<void> {
  const diff = await diffResource(deployment, deployment.providers.of(old), old, {
    urn: now.urn,
    id: now.id,
    oldInputs: now.inputs,
    oldOutputs: now.outputs ?? {},
    newInputs: old.inputs,
  });
  found.changed = diff.changes;
  found.diffs = diff.changedKeys;
  found.detailedDiff = inverted(diff.detailedDiff);
}

/** The provider said what would bring the resource back to its inputs; the events say what happened to it. */
const INVERSE: Readonly<Record<ChangeKind, ChangeKind>> = { add: "delete", delete: "add", update: "update" };

const inverted = (diff: DetailedDiff): DetailedDiff =>
  Object.fromEntries(Object.entries(diff).map(([path, kind]) => [path, INVERSE[kind]]));
