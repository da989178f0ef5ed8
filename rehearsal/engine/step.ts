import type { Status } from "../host/provider";
import type { ResourceState } from "../state/resource";
import type { Urn } from "../state/urn";

/** What is done to a resource; the engine's own words. */
export type Op =
  | "same"
  | "create"
  | "update"
  | "delete"
  | "replace"
  | "create-replacement"
  | "delete-replaced"
  | "read"
  | "refresh"
  | "discard"
  | "remove-pending-replace";

export interface Outcome {
  readonly status: Status;
  /** The step failed; with a partial failure its results count all the same. */
  readonly error?: Error;
  /** Tells whoever waits for the step; called once its results are saved. */
  readonly complete?: () => void;
}

/**
 * One thing to do to one resource. Steps are made when the engine decides, carried out later, and may fill in `new`.
 * A replacement is three steps: its creation, the deletion of the old one, and "replace", which stands for both.
 */
export interface Step {
  readonly op: Op;
  readonly urn: Urn;
  readonly old: ResourceState | undefined;
  readonly new: ResourceState | undefined;
  /** False for the two halves of a replacement and for refreshes, which summaries do not count. */
  readonly logical: boolean;
  /** The properties that made it a replacement. */
  readonly keys?: readonly string[];
  /** The properties that differ, where the engine has compared them. */
  readonly diffs?: readonly string[];
  /** What a refresh turned out to be. */
  readonly resultOp?: Op;
  apply(): Promise<Outcome>;
}

/** The resource a step is about. */
export const resourceOf = (step: Step): ResourceState => {
  const resource = step.new ?? step.old;
  if (!resource) throw new Error(`step ${step.op} of ${step.urn} has no resource`);
  return resource;
};
