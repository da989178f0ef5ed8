import type { Registration } from "../host/source";
import { OutOfScope } from "../out-of-scope";
import { newResource, type ResourceState } from "../state/resource";
import type { Urn } from "../state/urn";
import { checkInputs, inputsWithIgnored } from "./check";
import { Bail, claimUrn, reported, type Deployment, type Plan } from "./deployment";
import { createStep } from "./steps/create";
import { readStep } from "./steps/read";
import type { Step } from "./step";
import { stepsFromDiff } from "./verdict";

/**
 * Decides what to do about a resource that the program registered, or gets by id.
 * Throws `Bail` when that was reported as impossible.
 */
export async function stepsForRegistration(
  deployment: Deployment,
  plan: Plan,
  { goal, done }: Registration,
): Promise<readonly Step[]> {
  const { type, name, custom, parent, inputs, options } = goal;
  const urn = claimUrn(deployment, plan, type, name, parent);
  const { old, alias } = findOld(deployment, plan, urn, goal.aliases);
  const aliases = alias === undefined ? [] : [alias];
  const now = newResource({ ...options, urn, type, custom, parent, inputs, aliases });
  refuseTakingOver(old, now);
  if (now.external) return [readStep(deployment, done, old, now)];
  const provider = custom ? deployment.providers.of(now) : undefined;
  if (provider) {
    const news = old ? inputsWithIgnored(deployment, now, old.inputs, inputs) : inputs;
    const sound = await checkInputs(deployment, provider, now, old?.inputs ?? {}, news);
    if (!sound) throw new Bail(`resource ${urn} is invalid`);
  }
  if (!old) return [createStep(deployment, done, now)];
  return stepsFromDiff(deployment, plan, { goal, done, old, now, provider });
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
