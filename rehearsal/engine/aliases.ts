import type { Alias, Goal } from "../host/goal";
import type { ResourceState } from "../state/resource";
import { isStack, makeUrn, nameOf, qualifiedType, typeOf } from "../state/urn";
import type { Urn } from "../state/urn";
import type { Deployment } from "./deployment";
import type { Plan } from "./plan";

export interface OldResource {
  readonly old: ResourceState | undefined;
  /** The URN it was found by, when that is not its present one. */
  readonly alias: Urn | undefined;
  /** Another resource claims it as well; the error has been reported. */
  readonly invalid: boolean;
}

type Named = Pick<Goal, "name" | "type" | "parent" | "aliases">;

/** Finds what the state knows of a resource: by its URN, else by the first alias that fits. */
export function findOld(deployment: Deployment, plan: Plan, urn: Urn, named: Named): OldResource {
  const claimed = plan.aliased.get(urn);
  if (claimed !== undefined) reportClaim(deployment, urn, urn, claimed);
  const invalid = claimed !== undefined;
  const found = [urn, ...aliasUrns(deployment, plan, named)].find((candidate) =>
    deployment.olds.has(candidate),
  );
  const old = found === undefined ? undefined : deployment.olds.get(found);
  if (found === undefined || found === urn) return { old, alias: undefined, invalid };
  return { old, alias: found, invalid: claim(deployment, plan, urn, found) || invalid };
}

/** Gives the old resource to its new name; true when another has it already. */
function claim(deployment: Deployment, plan: Plan, urn: Urn, alias: Urn): boolean {
  const rival = plan.urns.has(alias) ? alias : plan.aliased.get(alias);
  if (rival !== undefined) reportClaim(deployment, urn, alias, rival);
  plan.aliased.set(alias, urn);
  plan.aliasOf.set(urn, alias);
  return rival !== undefined;
}

function reportClaim({ report }: Deployment, urn: Urn, alias: Urn, rival: Urn): void {
  const message = `Duplicate resource alias '${alias}' applied to resource with URN '${urn}' conflicting with '${rival}'`;
  report.diagnostic("error", urn, message);
}

function aliasUrns(deployment: Deployment, plan: Plan, named: Named): readonly Urn[] {
  const own = named.aliases.map((alias) => urnOf(deployment, plan, named, alias));
  const parentAlias = plan.aliasOf.get(named.parent);
  if (named.parent === "" || parentAlias === undefined) return own;
  const inherit = (type: string, name: string): Urn =>
    inherited(deployment, named.parent, parentAlias, type, name);
  const fromParent = own.map((alias) => inherit(typeOf(alias), nameOf(alias)));
  return [...new Set([...own, inherit(named.type, named.name), ...fromParent])];
}

function urnOf({ stack, project }: Deployment, plan: Plan, named: Named, alias: Alias): Urn {
  if ("urn" in alias) return alias.urn;
  const given = alias.parent === "" ? named.parent : (plan.aliasOf.get(alias.parent) ?? alias.parent);
  const parent = alias.noParent || isStack(given) ? "" : given;
  const type = alias.type || named.type;
  return makeUrn(alias.stack || stack, alias.project || project, type, alias.name || named.name, parent);
}

/** A child that is named after its parent was named after the parent's old name. */
function inherited(
  { stack, project }: Deployment,
  parent: Urn,
  parentAlias: Urn,
  type: string,
  name: string,
): Urn {
  const parentName = nameOf(parent);
  const oldName = name.startsWith(parentName) ? nameOf(parentAlias) + name.slice(parentName.length) : name;
  const parentType = qualifiedType(parentAlias);
  return `urn:pulumi:${stack}::${project}::${isStack(parentAlias) ? type : `${parentType}$${type}`}::${oldName}`;
}
