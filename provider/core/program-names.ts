import { inputOf } from "../schema/fields";
import { URN } from "./check";
import type { CheckFailure } from "./check-failure";
import { hasUnknown, isSet, type Settings } from "./values";

/** What one resource was last checked to be called. */
interface Checked {
  readonly service: string | undefined;
  /** The service that it has in the state: a replacement is checked again, as if it were new. */
  readonly before: string | undefined;
  readonly isNew: boolean;
}

/** Where a resource stands among all that one run has checked. */
export interface Place {
  readonly failures: readonly CheckFailure[];
  /** Checked as new to take the place of the service of the same name that it has. */
  readonly replacesItself: boolean;
}

/**
 * The services that a program's resources are called, for as long as the provider's process lives. The engine checks every
 * resource once, a replacement twice (with its state, then without), and all of them again when one process serves a
 * preview and the update after it.
 */
export const openProgramNames = () => {
  const known = new Map<string, Checked>();
  return (previous: Settings, inputs: Settings): Place => {
    const urn = inputs[URN];
    if (typeof urn !== "string" || urn === "") return { failures: [], replacesItself: false };
    const [service, isNew] = [serviceOf(inputs), Object.keys(previous).length === 0];
    const earlier = known.get(urn);
    const isReplacement = earlier !== undefined && isNew && !earlier.isNew;
    // Checked again as before: the program runs anew, and may name everything otherwise.
    if (earlier && !isReplacement) known.clear();
    const before = isReplacement ? earlier.before : serviceOf(previous);
    known.set(urn, { service, before, isNew: isReplacement ? false : isNew });
    const others = [...known].filter(
      ([other, one]) => other !== urn && stackIn(other) === stackIn(urn) && one.service === service,
    );
    return {
      failures: service === undefined ? [] : others.map(([other]) => sameService(inputs, urn, other)),
      replacesItself: isReplacement && service !== undefined && before === service,
    };
  };
};

/** Names are compared within a workspace, whose id is not case-sensitive; what is not known yet equals nothing. */
const serviceOf = (inputs: Settings): string | undefined => {
  const [workspace, name] = [inputs[inputOf("workspaceId")], inputs[inputOf("serviceName")]];
  if (!isSet(workspace) || !isSet(name) || hasUnknown(workspace) || hasUnknown(name)) return undefined;
  return `${String(workspace).toLowerCase()}/services/${String(name)}`;
};

/** The property's value is not named: the engine would print what may be a secret. */
const sameService = (inputs: Settings, urn: string, other: string): CheckFailure => {
  const [one, two] = [nameIn(urn), nameIn(other)];
  // Two components may each have a resource of the same name.
  const names = one === two ? [urn, other] : [`"${one}"`, `"${two}"`];
  const input = inputOf("serviceName");
  return {
    property: "",
    reason:
      `Exclusive: ${input} must differ between the resources of one workspace; found ${JSON.stringify(inputs[input])} for ` +
      `${names.join(" and ")}. Give one of them another ${input}, or remove it.`,
  };
};

/** One program is one stack's; another stack's service of this name is known by its owner alone. */
const stackIn = (urn: string): string => urn.split("::").slice(0, 2).join("::");

const nameIn = (urn: string): string => urn.split("::").at(-1) ?? "";
