import type { ResourceState } from "../state/resource";
import { makeUrn } from "../state/urn";
import type { Urn } from "../state/urn";
import { Bail } from "./bail";
import type { Deployment, Mode } from "./deployment";

/** What has been decided so far in a phase. One registration is looked at a time, so that decisions can build on it. */
export interface Plan {
  readonly mode: Mode;
  /** Resources are refreshed when the program registers them. */
  readonly refresh: boolean;
  /** Every URN that the program has used. */
  readonly urns: Set<Urn>;
  readonly sames: Set<Urn>;
  readonly creates: Set<Urn>;
  readonly updates: Set<Urn>;
  readonly replaces: Set<Urn>;
  readonly reads: Set<Urn>;
  readonly refreshes: Set<Urn>;
  readonly deletes: Set<Urn>;
  /** Old resources whose deletion has been decided ahead of a replacement. */
  readonly condemned: Set<ResourceState>;
  /** Why a dependent of such a replacement has to be replaced too. */
  readonly dependentKeys: Map<Urn, readonly string[]>;
  /** Old URN to new URN, where an alias found the old resource. */
  readonly aliased: Map<Urn, Urn>;
  /** New URN to old URN: what children inherit. */
  readonly aliasOf: Map<Urn, Urn>;
  readonly skippedCreates: Set<Urn>;
  /** With a program running, a destroy deletes what the program has registered. */
  readonly toDelete: ResourceState[];
  /** What a refresh made of an old resource. */
  readonly refreshed: Map<ResourceState, ResourceState>;
  failed: boolean;
}

export const newPlan = (mode: Mode, refresh: boolean): Plan => ({
  mode,
  refresh,
  urns: new Set(),
  sames: new Set(),
  creates: new Set(),
  updates: new Set(),
  replaces: new Set(),
  reads: new Set(),
  refreshes: new Set(),
  deletes: new Set(),
  condemned: new Set(),
  dependentKeys: new Map(),
  aliased: new Map(),
  aliasOf: new Map(),
  skippedCreates: new Set(),
  toDelete: [],
  refreshed: new Map(),
  failed: false,
});

/** Claims the URN of a resource that the program names. Throws when it is taken, or when its parent is not there. */
export function claimUrn(deployment: Deployment, plan: Plan, type: string, name: string, parent: Urn): Urn {
  if (parent !== "" && !plan.urns.has(parent)) throw new Error(`could not find parent resource ${parent}`);
  const urn = makeUrn(deployment.stack, deployment.project, type, name, parent);
  if (plan.urns.has(urn)) {
    const message = `Duplicate resource URN '${urn}'; try giving it a unique name`;
    deployment.report.diagnostic("error", urn, message);
    throw new Bail(message);
  }
  plan.urns.add(urn);
  return urn;
}

/** Has anything been decided for the resource, under this or its new name? Deletions do not count. */
export function isDecided(plan: Plan, oldUrn: Urn): boolean {
  const urn = plan.aliased.get(oldUrn) ?? oldUrn;
  return [plan.sames, plan.updates, plan.replaces, plan.reads, plan.refreshes].some((set) => set.has(urn));
}
