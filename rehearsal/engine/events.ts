import type { Severity } from "../host/monitor";
import type { ResourceState } from "../state/resource";
import { hideSecret, storeMap } from "../state/stored-value";
import type { Urn } from "../state/urn";
import type { Op, Step } from "./step";

/** A resource as events show it, with its secrets hidden. */
export interface ShownResource {
  /** False for components and the stack. */
  readonly custom: boolean;
  readonly parent: Urn;
  readonly id: string;
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
}

export interface StepEvent {
  /** "step" when it begins, "done" or "failed" when it ends. */
  readonly kind: "step" | "done" | "failed";
  readonly op: Op;
  readonly urn: Urn;
  readonly keys?: readonly string[];
  readonly diffs?: readonly string[];
  /** By property path; the CLI's alone. */
  readonly detailedDiff?: Readonly<Record<string, unknown>>;
  /** The event belongs to a preview. */
  readonly planning?: boolean;
  /** A half of a replacement, or a refresh. */
  readonly physical?: boolean;
  /** How much is known after a failure: 0 nothing was done, 1 half made, 2 unknown. */
  readonly status?: number;
  readonly old: ShownResource | null;
  readonly new: ShownResource | null;
}

export interface DiagnosticEvent {
  readonly kind: "diagnostic";
  /** "info#err" is what a process wrote to its standard error. */
  readonly severity: Severity | "info#err";
  readonly urn: Urn;
  readonly message: string;
}

/** A line that says how far a resource is; the next one replaces it. */
export interface StatusEvent {
  readonly kind: "status";
  readonly urn: Urn;
  readonly message: string;
}

export interface SummaryEvent {
  readonly kind: "summary";
  readonly preview: boolean;
  readonly changes: Readonly<Record<string, number>>;
  readonly result: "succeeded" | "failed";
}

export type EngineEvent = StepEvent | DiagnosticEvent | StatusEvent | SummaryEvent;

export function stepEvent(
  kind: StepEvent["kind"],
  op: Op,
  step: Step,
  planning: boolean,
  status = 0,
): StepEvent {
  return {
    kind,
    op,
    urn: step.urn,
    ...(step.keys?.length ? { keys: step.keys } : {}),
    ...(step.diffs?.length ? { diffs: step.diffs } : {}),
    ...(planning ? { planning } : {}),
    ...(step.logical ? {} : { physical: true }),
    ...(status === 0 ? {} : { status }),
    old: shownResource(step.old),
    new: shownResource(step.new),
  };
}

const shownResource = (resource: ResourceState | undefined): ShownResource | null =>
  resource
    ? {
        custom: resource.custom,
        parent: resource.parent,
        id: resource.id,
        inputs: storeMap(resource.inputs, hideSecret),
        outputs: storeMap(resource.outputs ?? {}, hideSecret),
      }
    : null;
