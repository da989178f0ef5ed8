import { STATUS } from "../../host/provider";
import type { ResourceState } from "../../state/resource";
import type { Step } from "../step";
import type { Reason } from "./create";

/** Does nothing by itself: it stands for the creation and the deletion that make up a replacement. */
export function replaceStep(old: ResourceState, now: ResourceState, reason: Reason): Step {
  return {
    op: "replace",
    urn: now.urn,
    old,
    new: now,
    logical: true,
    ...reason,
    apply: () => Promise.resolve({ status: STATUS.ok }),
    fail: () => undefined,
    skip: () => undefined,
  };
}
