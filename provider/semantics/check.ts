import { fieldOf, fields, inputOf } from "../model/fields";
import { addressInputs, resolveAddress, type CheckContext } from "./address";
import { changedProperties } from "./additive";
import { failure, type Failure, type Refusal } from "./failure";
import { defaultServiceName } from "./name";
import { brokenRelations } from "./relations";
import { refusalsOf } from "./rules";
import { nearestSetting } from "./suggest";
import { isHidden, isSet, withoutUnset, type Settings } from "./values";

export interface Checked {
  readonly inputs: Settings;
  readonly failures: readonly Failure[];
}

/** Hidden input with the names of the settings whose values are secret. */
export const SECRET_SETTINGS = "__secrets";
/** Hidden input with the resource's URN. */
export const URN = "__urn";

/**
 * The program's arguments as the provider works with them: nothing unset, one workspace id, a
 * service name; and everything that is wrong with them, at once.
 */
export const check = (old: Settings, given: Settings, context: CheckContext): Checked => {
  const set = withoutUnset(given);
  const address = resolveAddress(set, old, context);
  const inputs = completed(set, old, address.workspaceId);
  const isSecret = secretPaths(set);
  const refusals = [
    ...unknownSettings(set),
    ...brokenRows(set),
    ...missingRows(inputs),
    ...address.refusals,
    ...brokenRelations({ settings: inputs, creating: isNew(old) && inputs[inputOf("adopt")] !== true }),
    ...changedProperties(old, inputs, isSecret),
  ];
  return { inputs, failures: unique(refusals).map((refusal) => failure(refusal, isSecret)) };
};

const isNew = (old: Settings): boolean => Object.keys(old).length === 0;

const unique = (refusals: readonly Refusal[]): readonly Refusal[] => [
  ...new Map(refusals.map((refusal) => [`${refusal.code} ${refusal.path}`, refusal])).values(),
];

const secretNames = (inputs: Settings): readonly unknown[] => {
  const named = inputs[SECRET_SETTINGS];
  return Array.isArray(named) ? named : [];
};

const isSecretInput = (inputs: Settings, input: string): boolean =>
  fieldOf(input)?.secret === true || secretNames(inputs).includes(input);

const secretPaths =
  (inputs: Settings) =>
  (path: string): boolean =>
    isSecretInput(inputs, path.split(/[.[]/)[0]!);

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

const brokenRows = (inputs: Settings): readonly Refusal[] =>
  fields.flatMap((row) =>
    isSet(inputs[row.input]) ? refusalsOf(row, inputs[row.input], isSecretInput(inputs, row.input)) : [],
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

const completed = (set: Settings, old: Settings, workspaceId: string | undefined): Settings => {
  const name = inputOf("serviceName");
  const rest = Object.fromEntries(Object.entries(set).filter(([input]) => !addressInputs.includes(input)));
  return {
    ...rest,
    ...(workspaceId === undefined ? {} : { [inputOf("workspaceId")]: workspaceId }),
    [name]: set[name] ?? old[name] ?? defaultServiceName(String(set[URN] ?? "")),
  };
};
