import type { ResourceState } from "../state/resource";
import type { Urn } from "../state/urn";
import type { Faults } from "../faults";
import type { ProviderRegistry } from "./provider-registry";
import type { Reporter } from "./reporter";
import type { SnapshotWriter } from "./snapshot-writer";

export type Mode = "update" | "refresh" | "destroy";

export interface PhaseOptions {
  /** A preview: nothing is made, and values may be unknown. */
  readonly dryRun: boolean;
  /** How many steps may run at once. */
  readonly parallel: number;
  readonly continueOnError: boolean;
  readonly ignoreProtect: boolean;
  readonly faults: Faults;
}

/** What the parts of one phase (a preview, or the real thing) share. */
export interface Deployment {
  readonly project: string;
  readonly stack: string;
  readonly options: PhaseOptions;
  /** Aborted when the user wants no further steps to begin. */
  readonly signal: AbortSignal;
  readonly providers: ProviderRegistry;
  readonly report: Reporter;
  readonly snapshot: SnapshotWriter;
  /** The resources that the phase began with; a refresh replaces them. */
  previous: readonly ResourceState[];
  /** Those of them that are not waiting for their deletion. */
  olds: ReadonlyMap<Urn, ResourceState>;
  /** What the steps of this phase made or kept. */
  readonly news: Map<Urn, ResourceState>;
}

export function rebase(deployment: Deployment, resources: readonly ResourceState[]): void {
  deployment.previous = resources;
  deployment.olds = new Map(resources.filter((r) => !r.delete).map((r) => [r.urn, r]));
}
