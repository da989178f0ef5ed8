import { relations, type Relation } from "../schema/relations";
import { isSet, type Settings } from "./values";

/**
 * What the program's settings imply for settings that it leaves out, given what is live (nothing
 * at creation): a fixed number of replicas ends autoscaling, and one way in closes the other.
 */
export const settle = (settings: Settings, live?: Settings): Settings => ({
  ...settings,
  ...Object.assign({}, ...relations.map((relation) => impliedBy(relation, settings, live))),
});

const impliedBy = (relation: Relation, settings: Settings, live: Settings | undefined): Settings => {
  if (relation.kind === "switched") return impliedBySwitch(relation, settings, live);
  if (relation.kind === "alternatives") return impliedByAlternatives(relation, settings, live);
  return {};
};

type Of<Kind extends Relation["kind"]> = Extract<Relation, { kind: Kind }>;

const impliedBySwitch = (
  { flag, numbers, whenOff }: Of<"switched">,
  settings: Settings,
  live: Settings | undefined,
): Settings => {
  if (settings[flag] === false) return keptCount(flag, whenOff, settings, live);
  if (isSet(settings[flag])) return {};
  if (isSet(settings[whenOff])) return live?.[flag] === true ? { [flag]: false } : {};
  return numbers.some((number) => isSet(settings[number])) ? { [flag]: true } : {};
};

/** Ending autoscaling by its flag alone keeps as many replicas as are live. */
const keptCount = (flag: string, whenOff: string, settings: Settings, live?: Settings): Settings =>
  live?.[flag] === true && !isSet(settings[whenOff]) && isSet(live[whenOff])
    ? { [whenOff]: live[whenOff] }
    : {};

const impliedByAlternatives = (
  { safe, other }: Of<"alternatives">,
  settings: Settings,
  live: Settings | undefined,
): Settings => {
  const [safeValue, otherValue] = [settings[safe], settings[other]];
  if (otherValue === true && !isSet(safeValue)) return { [safe]: false };
  if (safeValue === true && !isSet(otherValue) && live?.[other] === true) return { [other]: false };
  // Closing the only other way in must not leave the endpoint open to anyone.
  if (live && otherValue === false && !isSet(safeValue) && live[safe] !== true) return { [safe]: true };
  return {};
};

/** Whether anyone may call the endpoint without a credential. */
export const isOpen = (settings: Settings): boolean =>
  relations.some(
    (relation) =>
      relation.kind === "alternatives" &&
      settings[relation.safe] === false &&
      settings[relation.other] !== true &&
      (settings[relation.other] === false || !isSet(settings[relation.other])),
  );
