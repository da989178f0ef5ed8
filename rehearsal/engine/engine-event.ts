import type { SourceEvent } from "../host/source";
import { makeUrn } from "../state/urn";
import type { Urn } from "../state/urn";
import type { Deployment } from "./deployment";
import type { Plan } from "./plan";
import { stepsForRead } from "./read-steps";
import { stepsAfterRefresh, stepsForRegistration } from "./register";
import type { Continue, Registration } from "./registration";
import type { Step } from "./step";

/** What the engine's loop takes: the program's events, and registrations whose refresh is through. */
export type EngineInput =
  SourceEvent | { readonly kind: "refreshed"; readonly registration: Registration; readonly failure?: Error };

type Deciding = Extract<EngineInput, { kind: "register" | "read" | "refreshed" }>;

export async function stepsForEvent(
  deployment: Deployment,
  plan: Plan,
  input: Deciding,
  later: Continue,
): Promise<readonly Step[]> {
  if (input.kind === "read") return stepsForRead(deployment, plan, input);
  if (input.kind === "register") return stepsForRegistration(deployment, plan, input, later);
  if (input.failure) throw input.failure;
  return stepsAfterRefresh(deployment, plan, input.registration);
}

/** The resource that an event is about, for errors. */
export function eventUrn({ stack, project }: Deployment, input: EngineInput): Urn {
  if (input.kind === "outputs") return input.urn;
  if (input.kind === "end" || input.kind === "refreshed") return "";
  const { type, name, parent } = input.goal;
  return makeUrn(stack, project, type, name, parent);
}
