import { ProviderError, STATUS } from "../../host/provider";
import type { InitError, Made } from "../../host/provider";
import type { ResourceState } from "../../state/resource";
import { isProviderType } from "../../state/urn";
import { equalMaps } from "../../values/compare";
import type { ChangeKind, DetailedDiff } from "../../values/compare";
import type { Deployment } from "../deployment";
import { diffResource } from "../diff";
import type { Op, Outcome, Step } from "../step";
import { providerFor } from "./provider-for";

/** What a refresh found; `state` is undefined when the resource is gone. */
interface Found {
  state: ResourceState | undefined;
  changed: boolean;
  diffs: readonly string[];
  detailedDiff: DetailedDiff | undefined;
}

/**
 * Reads a resource and asks the provider how its last inputs differ from what was read. The new outputs are taken in any
 * case; the comparison only decides whether the step counts as a change.
 * @param whenDone with it, a program is running: the result goes into the state at once, and to the waiting registration
 */
export function refreshStep(
  deployment: Deployment,
  old: ResourceState,
  whenDone?: (state: ResourceState | undefined, error?: Error) => void,
): Step {
  const found: Found = { state: old, changed: false, diffs: [], detailedDiff: undefined };
  return {
    op: "refresh",
    urn: old.urn,
    old,
    logical: false,
    persisted: whenDone !== undefined,
    internal: whenDone !== undefined && (!old.custom || isProviderType(old.type)),
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
    apply: () => apply(deployment, old, found, whenDone),
    fail: () => undefined,
    skip: () => undefined,
  };
}

async function apply(
  deployment: Deployment,
  old: ResourceState,
  found: Found,
  whenDone: ((state: ResourceState | undefined, error?: Error) => void) | undefined,
): Promise<Outcome> {
  const complete = (): void => whenDone?.(found.state);
  try {
    if (old.custom && !isProviderType(old.type) && !old.pendingReplacement)
      await refresh(deployment, old, found);
    else if (whenDone) [found.state, found.changed] = [{ ...old }, true]; // never compared, and reported as changed
  } catch (error) {
    whenDone?.(undefined, error as Error);
    return { status: error instanceof ProviderError ? error.status : STATUS.ok, error: error as Error };
  }
  return { status: STATUS.ok, complete };
}

async function refresh(deployment: Deployment, old: ResourceState, found: Found): Promise<void> {
  const made = await providerFor(deployment, old).read?.(old.urn, old.id, old.inputs, old.outputs ?? {});
  if (!made || made.id === "") {
    found.state = undefined;
    return;
  }
  if (made.failure) warn(deployment, old, made.failure);
  const state = refreshed(old, made);
  found.state = state;
  if (old.external) found.changed = !equalMaps(old.outputs ?? {}, made.outputs);
  else if (!deployment.options.faults.has("refresh-skips-diff")) await compare(deployment, old, state, found);
}

function warn({ report }: Deployment, old: ResourceState, { reasons }: InitError): void {
  const message = `Refreshed resource is in an unhealthy state:\n* ${reasons.join("\n* ")}`;
  report.diagnostic("warning", old.urn, message);
}

function refreshed(old: ResourceState, { id, inputs, outputs, failure }: Made): ResourceState {
  const now = { ...old, id, inputs: inputs ?? old.inputs, outputs, initErrors: failure?.reasons ?? [] };
  const comparable = old.external ? (inputs ?? {}) : now.inputs;
  const same = equalMaps(comparable, old.inputs) && equalMaps(outputs, old.outputs ?? {});
  return same ? now : { ...now, modified: new Date().toISOString() };
}

async function compare(
  deployment: Deployment,
  old: ResourceState,
  now: ResourceState,
  found: Found,
): Promise<void> {
  const change = {
    urn: now.urn,
    id: now.id,
    oldInputs: now.inputs,
    oldOutputs: now.outputs ?? {},
    newInputs: old.inputs,
    ignoreChanges: old.ignoreChanges,
  };
  const diff = await diffResource(
    deployment,
    providerFor(deployment, old),
    change,
    deployment.options.dryRun,
  );
  found.changed = diff.changes;
  found.diffs = diff.changedKeys;
  found.detailedDiff = diff.detailedDiff && inverted(diff.detailedDiff);
}

/** The provider said what would bring the resource back to its inputs; the events say what happened to it. */
const INVERSE: Readonly<Record<ChangeKind, ChangeKind>> = {
  add: "delete",
  "add-replace": "delete-replace",
  delete: "add",
  "delete-replace": "add-replace",
  update: "update",
  "update-replace": "update-replace",
};

const inverted = (diff: DetailedDiff): DetailedDiff =>
  Object.fromEntries(
    Object.entries(diff).map(([path, change]) => [path, { ...change, kind: INVERSE[change.kind] }]),
  );
