import type { RegistrationResult } from "../../host/source";
import { ProviderError, STATUS } from "../../host/provider";
import type { ResourceState } from "../../state/resource";
import { equalMaps } from "../../values/compare";
import { UNKNOWN_TEXT } from "../../values/signatures";
import type { Deployment } from "../deployment";
import type { Outcome, Step } from "../step";
import { providerFor } from "./provider-for";

type Done = (result: RegistrationResult) => void;

/** Gets a resource that the program names by id; it is read in previews too. */
export function readStep(
  deployment: Deployment,
  done: Done,
  old: ResourceState | undefined,
  now: ResourceState,
  replacing: boolean,
): Step {
  return {
    op: replacing ? "read-replacement" : "read",
    urn: now.urn,
    old,
    new: now,
    logical: !replacing,
    apply: () => apply(deployment, done, old, now, replacing),
    fail: () => done({ state: now, result: "failed" }),
    skip: () => done({ state: now, result: "skipped" }),
  };
}

async function apply(
  deployment: Deployment,
  done: Done,
  old: ResourceState | undefined,
  now: ResourceState,
  replacing: boolean,
): Promise<Outcome> {
  let failure: Error | undefined;
  try {
    failure = await read(deployment, now);
  } catch (error) {
    return { status: error instanceof ProviderError ? error.status : STATUS.ok, error: error as Error };
  }
  if (replacing && old) old.delete = true;
  if (old) [now.created, now.modified] = [old.created, old.modified];
  if (old && !(equalMaps(now.inputs, old.inputs) && equalMaps(now.outputs ?? {}, old.outputs ?? {}))) {
    now.modified = new Date().toISOString();
  }
  const complete = (): void => done({ state: now, result: "success" });
  return failure
    ? { status: STATUS.partialFailure, error: failure, complete }
    : { status: STATUS.ok, complete };
}

/** Reads into `now`. A provider that says "gone" leaves it without outputs, and that is no error. */
async function read(deployment: Deployment, now: ResourceState): Promise<Error | undefined> {
  now.outputs = {};
  if (now.id === UNKNOWN_TEXT) return undefined;
  const found = await providerFor(deployment, now).read?.(now.urn, now.id, now.inputs, now.inputs);
  if (!found) throw new Error(`resource '${now.id}' cannot be read`);
  now.outputs = found.outputs;
  if (found.id !== "") now.id = found.id;
  now.initErrors = found.failure?.reasons ?? [];
  return found.failure;
}
