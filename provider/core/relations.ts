import type { Relation } from "../schema/relations";
import { aksWebservice } from "../schema/tables";
import { isSet, type Settings, isUnknown } from "./values";
import { fieldOf } from "../schema/fields";
import { describe, type IsSecret, type Refusal } from "./check-failure";

/**
 * What the program's settings imply for settings that it leaves out, given what is live (nothing
 * at creation): a fixed number of replicas ends autoscaling, and one way in closes the other.
 */
export const withImpliedSettings = (
  settings: Settings,
  live?: Settings,
  table = aksWebservice,
): Settings => ({
  ...settings,
  ...Object.assign({}, ...table.relations.map((relation) => impliedBy(relation, settings, live))),
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
  aksWebservice.relations.some(
    (relation) =>
      relation.kind === "alternatives" &&
      settings[relation.safe] === false &&
      settings[relation.other] !== true &&
      (settings[relation.other] === false || !isSet(settings[relation.other])),
  );

/** What is being judged: a new service must be complete, an existing one keeps what is not said. */
export interface Judged {
  readonly settings: Settings;
  readonly creating: boolean;
  readonly isSecret: IsSecret;
}

/** An unknown value may turn out to be no value at all, so it excludes none. */
const isGiven = (value: unknown): boolean => isSet(value) && !isUnknown(value);

/** Every rule between settings that is broken; an unknown value breaks none. */
export const brokenRelations = (judged: Judged, table = aksWebservice): readonly Refusal[] =>
  table.relations.flatMap((relation) => judge(relation, judged));

/** The broken "not above" rules among settings, with the inputs that each is about. */
export const brokenOrder = (
  settings: Settings,
  isSecret: IsSecret,
  creating = false,
  table = aksWebservice,
) =>
  table.relations.flatMap((relation) =>
    relation.kind === "ordered"
      ? ordered(relation, { settings, creating, isSecret }).map((refusal) => ({
          refusal,
          inputs: [relation.lower, relation.upper],
        }))
      : [],
  );

const judge = (relation: Relation, judged: Judged): readonly Refusal[] => {
  const { settings, creating } = judged;
  switch (relation.kind) {
    case "ordered":
      return ordered(relation, judged);
    case "switched":
      return switched(relation, judged);
    case "alternatives":
      return alternatives(relation, settings);
    case "needs":
      return creating ? needs(relation, settings) : [];
    case "single":
      return single(relation, settings, creating);
    case "oneSource":
      return oneSource(relation, judged);
  }
};

const exclusive = (path: string, expected: string, found: string, next: string): Refusal => ({
  code: "Exclusive",
  path,
  expected,
  found,
  next,
});

const ordered = (
  { lower, upper }: Of<"ordered">,
  { settings, creating, isSecret }: Judged,
): readonly Refusal[] => {
  // A new service fills in its own default, which may be above the limit; a live one has a value already.
  const isDefault = creating && !isSet(settings[lower]);
  const low = isDefault ? fieldOf(lower)?.default : settings[lower];
  const high = settings[upper];
  if (typeof low !== "number" || typeof high !== "number" || low <= high) return [];
  if (isDefault && !(high > 0)) return []; // The row's own rule says what is wrong with it.
  const which = isDefault ? `${low} by default` : isSecret(lower) ? "a secret" : low;
  return [
    {
      code: "OutOfRange",
      path: upper,
      expected: `at least ${lower}, which is ${which}`,
      found: describe(high, isSecret(upper)),
      next: isDefault
        ? `Set ${lower} too, or raise ${upper}.`
        : `Raise ${upper} or lower ${lower}; both can change in one update.`,
    },
  ];
};

const switched = (
  { flag, numbers, whenOff }: Of<"switched">,
  { settings, creating, isSecret }: Judged,
): readonly Refusal[] => {
  const on = settings[flag];
  const fixed = settings[whenOff];
  const found = (input: string): string => describe(settings[input], isSecret(input));
  const given = numbers.filter((number) => isGiven(settings[number]));
  if (on === true && isGiven(fixed))
    return [
      exclusive(whenOff, `unset while ${flag} is true`, found(whenOff), `Remove ${whenOff} or ${flag}.`),
    ];
  if (isUnknown(on)) return [];
  const opponent = on === false ? `${flag} is false` : isGiven(fixed) ? `${whenOff} is set` : undefined;
  if (opponent && given.length > 0)
    return given.map((number) =>
      exclusive(
        number,
        `unset while ${opponent}`,
        found(number),
        `Remove ${number}, or use autoscaling alone.`,
      ),
    );
  return on === false && !isSet(fixed) && creating
    ? [missing(whenOff, `given while ${flag} is false`, `Set ${whenOff}, which alone ends autoscaling.`)]
    : [];
};

const missing = (path: string, expected: string, next: string): Refusal => ({
  code: "Missing",
  path,
  expected,
  found: "nothing",
  next,
});

const alternatives = ({ safe, other }: Of<"alternatives">, settings: Settings): readonly Refusal[] =>
  settings[safe] === true && settings[other] === true
    ? [
        exclusive(
          other,
          `false or unset while ${safe} is true`,
          describe(true),
          `Keep one of the two; ${other} alone ends ${safe}.`,
        ),
      ]
    : [];

const needs = ({ setting, needed }: Of<"needs">, settings: Settings): readonly Refusal[] =>
  isGiven(settings[setting]) && !isSet(settings[needed])
    ? [missing(needed, `given together with ${setting} when the service is made`, `Set ${needed} too.`)]
    : [];

const single = (
  { list, unless }: Of<"single">,
  settings: Settings,
  creating: boolean,
): readonly Refusal[] => {
  const entries = settings[list];
  if (!Array.isArray(entries) || isSet(settings[unless])) return [];
  if (entries.length === 0)
    return [missing(list, `a list of at least one where ${unless} is unset`, "Name one, or leave it out.")];
  if (entries.length === 1 || !creating) return [];
  const next = `Name one model, or give ${unless} with the code that serves them together.`;
  return [exclusive(list, `one entry where ${unless} is unset`, `${entries.length}`, next)];
};

const oneSource = (
  { sources }: Of<"oneSource">,
  { settings, creating, isSecret }: Judged,
): readonly Refusal[] => {
  const given = sources
    .map((group) => group.filter((input) => isGiven(settings[input])))
    .filter((group) => group.length > 0);
  const [first, ...others] = given;
  if (first && others.length > 0)
    return others
      .flat()
      .map((input) =>
        exclusive(
          input,
          `unset while ${first.join(" and ")} is set`,
          describe(settings[input], isSecret(input)),
          `Remove one of ${given.flat().join(" and ")}.`,
        ),
      );
  const all = sources.flat();
  if (creating && !all.some((input) => isSet(settings[input])))
    return [missing(all[0]!, `given, or ${all.slice(1).join(" or ")}`, "Name what the service runs.")];
  return [];
};
