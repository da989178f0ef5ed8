import type { Goal } from "../host/goal";
import type { SourceEvent } from "../host/source";
import type { ResourceState } from "../state/resource";
import type { Urn } from "../state/urn";

/** A registration on its way to its steps. */
export interface Registration {
  readonly goal: Goal;
  readonly done: Extract<SourceEvent, { kind: "register" }>["done"];
  readonly urn: Urn;
  readonly old: ResourceState | undefined;
  readonly now: ResourceState;
  readonly invalid: boolean;
}

/** Continues a registration when its refresh is through. */
export type Continue = (registration: Registration, failure?: Error) => void;
