import type { Field } from "../schema/field";
import { inputOf } from "../schema/fields";
import { aksWebservice, rowOf, type Table } from "../schema/tables";
import { addressInputs, resolveAddress, withPlainWorkspaceId, type CheckContext } from "./address";
import { changesPerCluster } from "./changes-per-cluster";
import { compare, entriesOf, immutableRefusal } from "./additive-maps";
import { isOwnership } from "./ownership";
import { checkFailure, pathOf, type CheckFailure, type IsSecret, type Refusal } from "./check-failure";
import { passwordOf, secrecyOf } from "./secrecy";
import {
  withoutUnsetMembers,
  isUnknown,
  hasUnknown,
  isHidden,
  isSet,
  withoutUnset,
  type Settings,
} from "./values";
import { prematureMigration } from "./migration";
import { defaultModelName, defaultServiceName, nearestSetting } from "./names";
import { brokenRelations } from "./relations";
import { refusalsOf, brokenTexts, tooDeep } from "./rules";

export interface Checked {
  readonly inputs: Settings;
  readonly failures: readonly CheckFailure[];
}

/** Hidden input with the resource's URN. */
export const URN = "__urn";

/**
 * The program's arguments as the provider works with them: nothing unset, one workspace id, a name; and everything that is
 * wrong with them, at once.
 */
export const check = (
  old: Settings,
  given: Settings,
  context: CheckContext,
  table = aksWebservice,
): Checked => {
  const deep = tooDeep(given);
  // The engine prints the value that a failure names.
  if (deep.length > 0) return { inputs: given, failures: deep.map((one) => checkFailure(one, () => true)) };
  const set = withPlainWorkspaceId(withTidyConfig(withoutUnset(given)));
  const isSecret = secrecyOf(set, old);
  const address = resolveAddress(set, old, context, isSecret);
  const inputs = completed(set, old, address.workspaceId, table);
  const creating = isNew(old) && !mayAdopt(inputs);
  const refusals = [
    ...unknownSettings(set, table),
    ...brokenRows(set, isSecret, table),
    ...brokenTexts(set),
    ...missingRows(inputs, table),
    ...badDefaultName(set, inputs, table),
    ...address.refusals,
    ...changesPerCluster(context).refusals,
    ...brokenRelations({ settings: inputs, creating, isSecret }, table),
    ...reservedIn(set, table),
    ...changedEntries(old, inputs, isSecret, table),
    ...(isNew(old) ? prematureMigration(inputs) : []),
  ];
  return {
    inputs,
    failures: unique(refusals).map((refusal) => checkFailure(refusal, hiding(inputs, isSecret))),
  };
};

/** Omitted members mean nothing, and would count as a difference. */
const withTidyConfig = (set: Settings): Settings => {
  const input = inputOf("inferenceConfig");
  return isSet(set[input]) ? { ...set, [input]: withoutUnsetMembers(set[input]) } : set;
};

const completed = (
  set: Settings,
  old: Settings,
  workspaceId: string | undefined,
  { type, name }: Table,
): Settings => {
  const rest = Object.fromEntries(Object.entries(set).filter(([input]) => !addressInputs.includes(input)));
  const defaultName = type === "Model" ? defaultModelName : defaultServiceName;
  return {
    ...rest,
    ...(workspaceId === undefined ? {} : { [inputOf("workspaceId")]: workspaceId }),
    [name]: set[name] ?? old[name] ?? defaultName(String(set[URN] ?? "")),
  };
};

const isNew = (old: Settings): boolean => Object.keys(old).length === 0;

const mayAdopt = (inputs: Settings): boolean =>
  inputs[inputOf("adopt")] === true || isUnknown(inputs[inputOf("adopt")]);

const unknownSettings = (inputs: Settings, table: Table): readonly Refusal[] =>
  Object.keys(inputs)
    .filter((input) => !isHidden(input) && !rowOf(table, input))
    .map((path) => ({
      code: "UnknownSetting",
      path,
      expected: `a setting of ${table.type}`,
      found: "an unknown name",
      next: knownSettings(path, table),
    }));

const knownSettings = (misspelt: string, { page, fields }: Table): string => {
  if (!page) return `The settings are ${fields.map(({ input }) => input).join(", ")}.`;
  const near = nearestSetting(misspelt);
  return near ? `Did you mean ${near}?` : `Remove it; ${page} lists them all.`;
};

const brokenRows = (inputs: Settings, isSecret: IsSecret, table: Table): readonly Refusal[] =>
  table.fields.flatMap((row) =>
    isSet(inputs[row.input]) ? refusalsOf(row, inputs[row.input], isSecret(row.input)) : [],
  );

const missingRows = (inputs: Settings, table: Table): readonly Refusal[] =>
  table.fields
    .filter((row) => row.required && !isSet(inputs[row.input]))
    .map((row) => ({
      code: "Missing",
      path: row.input,
      expected: row.rule?.says ?? "given",
      found: "nothing",
      next: row.type === "content" ? row.rule!.next! : `Set ${row.input}.`,
    }));

/** Not every resource's name can be made a name in the workspace. */
const badDefaultName = (set: Settings, inputs: Settings, table: Table): readonly Refusal[] =>
  isSet(set[table.name]) ? [] : refusalsOf(rowOf(table, table.name)!, inputs[table.name], false);

const reservedIn = (set: Settings, table: Table): readonly Refusal[] =>
  table.fields
    .filter((row) => row.mutability === "additive" && row.changedEntry !== "replace")
    .flatMap((row) => reservedEntries(row, set[row.input]));

/** A stamp or claim that a person wrote would make a service another's. */
export const reservedEntries = ({ input }: Field, entries: unknown): readonly Refusal[] =>
  entriesOf(entries)
    .filter(([key]) => isOwnership(key))
    .map(([key]) => ({
      code: "Reserved",
      path: pathOf(input, key),
      expected: "left to the provider, which writes there whose the service is",
      found: "an entry",
      next: "Remove it, or use another key.",
    }));

/** Entries whose value the program changed although the service cannot, unless a new service is desired. */
const changedEntries = (
  old: Settings,
  inputs: Settings,
  isSecret: IsSecret,
  table: Table,
): readonly Refusal[] => {
  const replaced = inputs[inputOf("replaceOnPropertyChange")];
  if (replaced === true || hasUnknown(replaced)) return [];
  return table.fields
    .filter((row) => row.mutability === "additive" && row.changedEntry !== "replace")
    .flatMap((row) =>
      compare(old[row.input], old[row.input], inputs[row.input]).immutable.map((entry) =>
        immutableRefusal(row, entry, isSecret(row.input)),
      ),
    );
};

const unique = (refusals: readonly Refusal[]): readonly Refusal[] => [
  ...new Map(refusals.map((refusal) => [`${refusal.code} ${refusal.path}`, refusal])).values(),
];

/** The engine prints the value that a failure names, and a configuration may hold a password. */
const hiding = (inputs: Settings, isSecret: IsSecret): IsSecret => {
  const holder = inputOf("inferenceConfig");
  const holdsPassword = passwordOf(inputs[holder]) !== undefined;
  return (path) => isSecret(path) || (holdsPassword && path.startsWith(holder));
};
