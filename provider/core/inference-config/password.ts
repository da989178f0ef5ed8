import { MANAGED } from "../memory";
import { isObject } from "../unknown";
import type { Settings } from "../values";

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

/** A copy of inputs or outputs with the password put through `change`, in what they remember too. */
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
