import { failedWith, STATUS } from "../../host/provider";
import type { Done } from "../../host/source";
import type { ResourceState } from "../../state/resource";
import { UNKNOWN_TEXT } from "../../values/signatures";
import type { Deployment } from "../deployment";
import type { Outcome, Step } from "../step";

/** Gets a resource that the program names by id; it is read in previews too. */
export const readStep = (
  deployment: Deployment,
  done: Done,
  old: ResourceState | undefined,
  now: ResourceState,
): Step => ({
  op: "read",
  urn: now.urn,
  old,
  new: now,
  logical: true,
  apply: () => apply(deployment, done, now),
});

/** Reads into `now`. A provider that says "gone" leaves it without outputs, and that is no error. */
async function apply(deployment: Deployment, done: Done, now: ResourceState): Promise<Outcome> {
  const complete = (): void => done(now);
  now.outputs = {};
  if (now.id === UNKNOWN_TEXT) return { status: STATUS.ok, complete };
  try {
    const { id, outputs, failure } = await deployment.providers
      .of(now)
      .read(now.urn, now.id, now.inputs, now.inputs);
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
