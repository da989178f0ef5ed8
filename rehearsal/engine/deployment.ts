import type { ResourceState } from "../state/resource";
import { makeUrn, type Urn } from "../state/urn";
import type { Providers } from "./providers";
import type { Reporter } from "./reporter";
import type { SnapshotWriter } from "./snapshot-writer";

export interface PhaseOptions {
  /** A preview: nothing is made, and values may be unknown. */
  readonly dryRun: boolean;
  /** How many steps may run at once. */
  readonly parallel: number;
  readonly ignoreProtect: boolean;
}

/** What the parts of one operation (a preview, or the real thing) share. */
export interface Deployment {
  readonly project: string;
  readonly stack: string;
  readonly options: PhaseOptions;
  /** Aborted when the user wants no further steps to begin. */
  readonly signal: AbortSignal;
  readonly providers: Providers;
  readonly report: Reporter;
  readonly snapshot: SnapshotWriter;
  /** The resources that the operation began with; a refresh replaces them. */
  previous: readonly ResourceState[];
}

/** What has been decided so far. One registration is looked at a time, so that decisions can build on it. */
export interface Plan {
  /** Those of the previous resources that are not waiting for their deletion. */
  readonly olds: ReadonlyMap<Urn, ResourceState>;
  /** Every URN that the program has used. */
  readonly urns: Set<Urn>;
  /** Old URN to new URN, where an alias found the old resource. */
  readonly aliased: Map<Urn, Urn>;
  failed: boolean;
}

export const newPlan = ({ previous }: Deployment): Plan => ({
  olds: new Map(previous.filter((r) => !r.delete).map((r) => [r.urn, r])),
  urns: new Set(),
  aliased: new Map(),
  failed: false,
});

/** Claims the URN of a resource that the program names. Throws when it is taken, or when its parent is not there. */
export function claimUrn(deployment: Deployment, plan: Plan, type: string, name: string, parent: Urn): Urn {
  if (parent !== "" && !plan.urns.has(parent)) throw new Error(`could not find parent resource ${parent}`);
  const urn = makeUrn(deployment.stack, deployment.project, type, name, parent);
  if (plan.urns.has(urn)) {
    throw reported(deployment, urn, `Duplicate resource URN '${urn}'; try giving it a unique name`);
  }
  plan.urns.add(urn);
  return urn;
}

/** Ends an operation whose error has been reported already. */
export class Bail extends Error {}

/** Reports an error, and gives what ends the operation. */
export function reported({ report }: Deployment, urn: Urn, message: string): Bail {
  report.diagnostic("error", urn, message);
  return new Bail(message);
}

/** Says how the operation ended, and gives the error to end it with. */
export const ended = (deployment: Deployment, how: "failed" | "canceled"): Bail =>
  reported(deployment, "", `${deployment.options.dryRun ? "preview" : "update"} ${how}`);
