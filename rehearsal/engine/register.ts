import { OutOfScope } from "../out-of-scope";
import { newResource } from "../state/resource";
import type { ResourceState } from "../state/resource";
import type { SourceEvent } from "../host/source";
import type { Urn } from "../state/urn";
import { checkInputs, inputsWithIgnored } from "./check";
import { Bail, claimUrn, reported } from "./deployment";
import type { Deployment, Plan } from "./deployment";
import { createStep } from "./steps/create";
import { readStep } from "./steps/read";
import type { Step } from "./step";
import { stepsFromDiff } from "./verdict";

type Registered = Extract<SourceEvent, { kind: "register" }>;
type Read = Extract<SourceEvent, { kind: "read" }>;

/** Decides what to do about a resource that the program registered. Throws `Bail` when that was reported as impossible. */
export async function stepsForRegistration(
  deployment: Deployment,
  plan: Plan,
  { goal, done }: Registered,
): Promise<readonly Step[]> {
  const { name, deleteBeforeReplace: _, properties, ...named } = goal;
  const urn = claimUrn(deployment, plan, goal.type, name, goal.parent);
  const { old, alias } = findOld(deployment, plan, urn, goal.aliases);
  const now = newResource({ ...named, urn, inputs: properties, aliases: alias === undefined ? [] : [alias] });
  refuseTakingOver(old, now);
  const provider = goal.custom ? deployment.providers.of(now) : undefined;
  if (provider) {
    const news = old ? inputsWithIgnored(deployment, now, old.inputs, properties) : properties;
    const sound = await checkInputs(deployment, provider, now, old?.inputs ?? {}, news);
    if (!sound) throw new Bail(`resource ${urn} is invalid`);
  }
  if (!old) return [createStep(deployment, done, now)];
  return stepsFromDiff(deployment, plan, { goal, done, old, now, provider });
}

/** Decides about a resource that the program gets by id. */
export function stepsForRead(deployment: Deployment, plan: Plan, { goal, done }: Read): readonly Step[] {
  const { name, properties, ...named } = goal;
  const urn = claimUrn(deployment, plan, goal.type, name, goal.parent);
  if (goal.id === "") throw new Error(`Expected an ID for ${urn}`);
  const { old } = findOld(deployment, plan, urn, []);
  const now = newResource({ ...named, urn, custom: true, external: true, inputs: properties });
  refuseTakingOver(old, now);
  return [readStep(deployment, done, old, now)];
}

/** Between managing and reading, and between resources and components, the engine has ways that nobody needs here. */
function refuseTakingOver(old: ResourceState | undefined, now: ResourceState): void {
  if (!old || (old.external === now.external && old.custom === now.custom)) return;
  if (old.custom !== now.custom) throw new OutOfScope("turn a resource into a component, or back");
  throw new OutOfScope("turn a resource that it manages into one that it only reads, or back");
}

interface OldResource {
  readonly old: ResourceState | undefined;
  /** The URN it was found by, when that is not its present one. */
  readonly alias: Urn | undefined;
}

/** Finds what the state knows of a resource: by its URN, else by the first alias that fits. */
function findOld(deployment: Deployment, plan: Plan, urn: Urn, aliases: readonly Urn[]): OldResource {
  const claimed = plan.aliased.get(urn);
  if (claimed !== undefined) throw doublyClaimed(deployment, urn, urn, claimed);
  const found = [urn, ...aliases].find((candidate) => plan.olds.has(candidate));
  if (found === undefined || found === urn) return { old: plan.olds.get(urn), alias: undefined };
  const rival = plan.urns.has(found) ? found : plan.aliased.get(found);
  if (rival !== undefined) throw doublyClaimed(deployment, urn, found, rival);
  plan.aliased.set(found, urn);
  return { old: plan.olds.get(found), alias: found };
}

function doublyClaimed(deployment: Deployment, urn: Urn, alias: Urn, rival: Urn): Bail {
  const message = `Duplicate resource alias '${alias}' applied to resource with URN '${urn}' conflicting with '${rival}'`;
  return reported(deployment, urn, message);
}
