import type { IsSecret } from "./failure";
import { fieldOf } from "../model/fields";
import { MANAGED, remembered } from "./memory";
import { nearestSetting } from "./suggest";
import { isHidden, type Settings } from "./values";

/** Hidden input with the names of the settings whose values are secret. */
export const SECRET_SETTINGS = "__secrets";

const named = (values: Settings): readonly string[] => {
  const names = values[SECRET_SETTINGS];
  return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
};

const rootOf = (path: string): string => path.split(/[.[]/)[0]!;

/** A key under a misspelt name is a key all the same. */
const isSecretByName = (input: string): boolean =>
  (fieldOf(input) ?? fieldOf(isHidden(input) ? "" : (nearestSetting(input) ?? "")))?.secret === true;

/** Secret by its row, or because the program gave it as a secret, now or (as inputs and outputs remember) before. */
export const secrecyOf = (...said: readonly Settings[]): IsSecret => {
  const names = new Set(said.flatMap((values) => [...named(values), ...named(remembered(values) ?? {})]));
  return (path) => isSecretByName(rootOf(path)) || names.has(rootOf(path));
};

/** The members of inputs or outputs that are stored as secrets: what was given as one, and what remembers its value. */
export const secretMembers = (values: Settings): readonly string[] => {
  const isSecret = secrecyOf(values);
  const given = Object.keys(values).filter((member) => !isHidden(member) && isSecret(member));
  const remembers = named(remembered(values) ?? {}).length > 0;
  return remembers ? [...given, MANAGED] : given;
};
