import type { SourceEvent } from "../host/source";
import { newResource } from "../state/resource";
import { findOld } from "./aliases";
import type { Deployment } from "./deployment";
import { claimUrn } from "./plan";
import type { Plan } from "./plan";
import { NO_REASON } from "./steps/create";
import { readStep } from "./steps/read";
import { replaceStep } from "./steps/replace";
import type { Step } from "./step";

/** Decides about a resource that the program gets by id. One that the stack managed until now is deleted for real. */
export function stepsForRead(
  deployment: Deployment,
  plan: Plan,
  { goal, done }: Extract<SourceEvent, { kind: "read" }>,
): readonly Step[] {
  const { type, name, parent, provider, id, dependencies, additionalSecretOutputs } = goal;
  const urn = claimUrn(deployment, plan, type, name, parent);
  const { old, alias } = findOld(deployment, plan, urn, { type, name, parent, aliases: [] });
  if (id === "") throw new Error(`Expected an ID for ${urn}`);
  const now = newResource({
    ...{ urn, type, id, parent, provider, dependencies, additionalSecretOutputs },
    custom: true,
    external: true,
    inputs: goal.properties,
    aliases: alias === undefined ? [] : [alias],
  });
  if (old && !old.external && old.id !== id) {
    plan.replaces.add(urn);
    return [readStep(deployment, done, old, now, true), replaceStep(old, now, NO_REASON)];
  }
  if (plan.mode === "destroy") plan.toDelete.push(now);
  plan.reads.add(urn);
  return [readStep(deployment, done, old, now, false)];
}
