import { fieldOf, fields, inputOf } from "../schema/fields";
import { addressInputs, resolveAddress, withPlainWorkspaceId, type CheckContext } from "./address";
import { compare, immutableRefusal } from "./additive-maps";
import { checkFailure, type CheckFailure, type IsSecret, type Refusal } from "./check-failure";
import { passwordOf, secrecyOf } from "./secrecy";
import { tidied, isUnknown, hasUnknown, isHidden, isSet, withoutUnset, type Settings } from "./values";
import { prematureMigration } from "./migration";
import { defaultServiceName, nearestSetting } from "./names";
import { brokenRelations } from "./relations";
import { refusalsOf, brokenTexts, tooDeep } from "./rules";

export interface Checked {
  readonly inputs: Settings;
  readonly failures: readonly CheckFailure[];
}

/** Hidden input with the resource's URN. */
export const URN = "__urn";

/**
 * The program's arguments as the provider works with them: nothing unset, one workspace id, a
 * service name; and everything that is wrong with them, at once.
 */
export const check = (old: Settings, given: Settings, context: CheckContext): Checked => {
  const deep = tooDeep(given);
  // The engine prints the value that a failure names.
  if (deep.length > 0) return { inputs: given, failures: deep.map((one) => checkFailure(one, () => true)) };
  const set = withPlainWorkspaceId(tidy(withoutUnset(given)));
  const isSecret = secrecyOf(set, old);
  const address = resolveAddress(set, old, context, isSecret);
  const inputs = completed(set, old, address.workspaceId);
  const refusals = [
    ...unknownSettings(set),
    ...brokenRows(set, isSecret),
    ...brokenTexts(set),
    ...missingRows(inputs),
    ...address.refusals,
    ...brokenRelations({ settings: inputs, creating: isNew(old) && !mayAdopt(inputs), isSecret }),
    ...changedEntries(old, inputs, isSecret),
    ...(isNew(old) ? prematureMigration(inputs) : []),
  ];
  return {
    inputs,
    failures: unique(refusals).map((refusal) => checkFailure(refusal, hiding(inputs, isSecret))),
  };
};

/** The engine prints the value that a failure names, and a configuration may hold a password. */
const hiding = (inputs: Settings, isSecret: IsSecret): IsSecret => {
  const holder = inputOf("inferenceConfig");
  const holdsPassword = passwordOf(inputs[holder]) !== undefined;
  return (path) => isSecret(path) || (holdsPassword && path.startsWith(holder));
};

const isNew = (old: Settings): boolean => Object.keys(old).length === 0;

const tidy = (set: Settings): Settings => {
  const input = inputOf("inferenceConfig");
  return isSet(set[input]) ? { ...set, [input]: tidied(set[input]) } : set;
};

const mayAdopt = (inputs: Settings): boolean =>
  inputs[inputOf("adopt")] === true || isUnknown(inputs[inputOf("adopt")]);

const unique = (refusals: readonly Refusal[]): readonly Refusal[] => [
  ...new Map(refusals.map((refusal) => [`${refusal.code} ${refusal.path}`, refusal])).values(),
];

const unknownSettings = (inputs: Settings): readonly Refusal[] =>
  Object.keys(inputs)
    .filter((input) => !isHidden(input) && !fieldOf(input))
    .map((input) => {
      const near = nearestSetting(input);
      return {
        code: "UnknownSetting",
        path: input,
        expected: "a setting of AksWebservice",
        found: "an unknown name",
        next: near ? `Did you mean ${near}?` : "Remove it; docs/fields.md lists them all.",
      };
    });

const brokenRows = (inputs: Settings, isSecret: IsSecret): readonly Refusal[] =>
  fields.flatMap((row) =>
    isSet(inputs[row.input]) ? refusalsOf(row, inputs[row.input], isSecret(row.input)) : [],
  );

const missingRows = (inputs: Settings): readonly Refusal[] =>
  fields
    .filter((row) => row.required && !isSet(inputs[row.input]))
    .map((row) => ({
      code: "Missing",
      path: row.input,
      expected: row.rule?.says ?? "given",
      found: "nothing",
      next: `Set ${row.input}.`,
    }));

/** Entries whose value the program changed although the service cannot, unless a new service is desired. */
const changedEntries = (old: Settings, inputs: Settings, isSecret: IsSecret): readonly Refusal[] => {
  const replaced = inputs[inputOf("replaceOnPropertyChange")];
  if (replaced === true || hasUnknown(replaced)) return [];
  return fields
    .filter((row) => row.mutability === "additive")
    .flatMap((row) =>
      compare(old[row.input], old[row.input], inputs[row.input]).immutable.map((entry) =>
        immutableRefusal(row, entry, isSecret(row.input)),
      ),
    );
};

const completed = (set: Settings, old: Settings, workspaceId: string | undefined): Settings => {
  const name = inputOf("serviceName");
  const rest = Object.fromEntries(Object.entries(set).filter(([input]) => !addressInputs.includes(input)));
  return {
    ...rest,
    ...(workspaceId === undefined ? {} : { [inputOf("workspaceId")]: workspaceId }),
    [name]: set[name] ?? old[name] ?? defaultServiceName(String(set[URN] ?? "")),
  };
};
