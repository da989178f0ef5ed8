import type { IsSecret } from "./check-failure";
import { fieldOf, fields, inputOf } from "../schema/fields";
import { madeByService } from "../schema/outputs";
import { MANAGED, previousInputs } from "./previous-inputs";
import { nearestSetting } from "./names";
import { isObject, isHidden, isSet, valueAt, type Settings } from "./values";

/** Hidden input with the names of the settings whose values are secret. */
export const SECRET_SETTINGS = "__secrets";

const named = (values: Settings): readonly string[] => {
  const names = values[SECRET_SETTINGS];
  return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
};

const rootOf = (path: string): string => path.split(/[.[]/)[0]!;

/** Kept, since each call asks it of the same names, and what is nearest to a name takes long to find. */
const byName = new Map<string, boolean>();

/** A key under a misspelt name is a key all the same. */
const isSecretByName = (input: string): boolean => {
  const known = byName.get(input);
  if (known !== undefined) return known;
  const row = fieldOf(input) ?? fieldOf(isHidden(input) ? "" : (nearestSetting(input) ?? ""));
  byName.set(input, row?.secret === true);
  return row?.secret === true;
};

/** Secret by its row, or because the program gave it as a secret, now or before (inputs and outputs record it). */
export const secrecyOf = (...all: readonly Settings[]): IsSecret => {
  const names = new Set(all.flatMap((values) => [...named(values), ...named(previousInputs(values) ?? {})]));
  return (path) => isSecretByName(rootOf(path)) || names.has(rootOf(path));
};

/** Whether the program gives something as a secret that it did not: the outputs still hold that in clear. */
export const secretsBegun = (outputs: Settings, news: Settings): boolean => {
  const before = [...named(outputs), ...named(previousInputs(outputs) ?? {})];
  return named(news).some((name) => !before.includes(name));
};

/** The members of inputs or outputs that are stored as secrets: what was given as one, and the record of its value. */
export const secretMembers = (values: Settings): readonly string[] => {
  const isSecret = secrecyOf(values);
  const given = Object.keys(values).filter((member) => !isHidden(member) && isSecret(member));
  const shown = madeByService
    .filter(({ output, wire }) => output in values && showsSecret(wire, isSecret))
    .map(({ output }) => output);
  const recorded = named(previousInputs(values) ?? {}).length > 0;
  return [...given, ...shown, ...(recorded ? [MANAGED] : [])];
};

/** The service shows a part of a secret setting under another name, such as the environment of an inferenceConfig. */
const showsSecret = (wire: string, isSecret: IsSecret): boolean =>
  fields.some((row) => row.wire !== undefined && wire.startsWith(`${row.wire}.`) && isSecret(row.input));

/**
 * The settings that a program gave as secrets and does not give any more: the service still has their values, so the
 * outputs still hold secrets.
 */
export const stillSecret = (before: Settings, program: Settings): readonly string[] | undefined => {
  const names = new Set([...named(before), ...named(previousInputs(before) ?? {})]);
  const still = [...names].filter((name) => !isGiven(program, name));
  return still.length > 0 ? still : undefined;
};

const isGiven = (program: Settings, name: string): boolean =>
  isSet(program[name]) &&
  // Code without an environment keeps the one that is live.
  (fieldOf(name)?.type !== "inferenceConfig" || isSet(valueAt(program, `${name}.environment`)));

/** Hidden input with the paths within the inferenceConfig at which the program gave a secret. */
const SECRET_PARTS = "__secretParts";

/** The parts of a secret setting's value that are secret, as far as that is known. */
export const secretPartsOf = (name: string, value: unknown, all: readonly Settings[]): readonly unknown[] => {
  if (name !== inputOf("inferenceConfig") || !isObject(value)) return [value];
  const paths = all.flatMap((values) => [values, previousInputs(values) ?? {}]).flatMap(partsNamed);
  // Names of files and packages in a log explain a failure.
  return paths.length > 0 ? paths.map((path) => partAt(value, path)) : [value["environment"]];
};

const partsNamed = (values: Settings): readonly (readonly unknown[])[] => {
  const paths = values[SECRET_PARTS];
  return Array.isArray(paths) ? paths.filter((path): path is unknown[] => Array.isArray(path)) : [];
};

const partAt = (value: unknown, path: readonly unknown[]): unknown =>
  path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? (at as Settings)[String(key)] : undefined),
    value,
  );

/** Where a configuration holds the password of its image registry. */
const PATH = ["environment", "baseImageRegistry", "password"] as const;

const changedAt = (value: unknown, path: readonly string[], change: (at: unknown) => unknown): unknown => {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (!isObject(value) || value[key] === undefined) return value;
  return { ...value, [key]: changedAt(value[key], rest, change) };
};

export const passwordOf = (config: unknown): unknown =>
  PATH.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), config);

/** A copy of inputs or outputs with the password put through `change`, in what they record of the program too. */
export const withPasswords = (
  values: Settings,
  input: string,
  change: (password: unknown) => unknown,
): Settings =>
  [[input], [MANAGED, input]].reduce<Settings>(
    (all, path) => changedAt(all, [...path, ...PATH], change) as Settings,
    values,
  );

/** The passwords in inputs or outputs. */
export const passwordsIn = (values: Settings, input: string): readonly string[] => {
  const found: string[] = [];
  withPasswords(values, input, (password) => {
    if (typeof password === "string") found.push(password);
    return password;
  });
  return found;
};
