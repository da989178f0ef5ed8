import { fields, inputOf } from "../schema/fields";
import type { Field } from "../schema/field";
import { describe, pathOf, type IsSecret, type Refusal } from "./check-failure";
import { hasUnknown, isObject, isUnknown, type Settings } from "./values";

const additiveRows: readonly Field[] = fields.filter((row) => row.mutability === "additive");

export const entriesOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  isObject(value) ? Object.entries(value) : [];

/** One entry of a map's value; undefined where it has none, also under the name of something every object has. */
export const entryOf = (value: unknown, key: string): unknown =>
  isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;

const differs = (before: unknown, after: unknown): boolean =>
  before !== undefined && before !== after && !isUnknown(before) && !isUnknown(after);

export const immutable = (
  row: Field,
  key: string,
  before: unknown,
  after: unknown,
  secret = false,
): Refusal => ({
  code: "Immutable",
  path: pathOf(row.input, key),
  expected: `${describe(before, secret)} as before, since the service never changes it`,
  found: describe(after, secret),
  next:
    `Keep the old value, use a new key, or use a tag; or set ${inputOf("replaceOnPropertyChange")}: true ` +
    "to make a new service.",
});

/** Entries whose value the program changed although the service cannot, unless a new service is desired. */
export const changedProperties = (
  old: Settings,
  inputs: Settings,
  isSecret: IsSecret,
): readonly Refusal[] => {
  const desired = inputs[inputOf("replaceOnPropertyChange")];
  if (desired === true || hasUnknown(desired)) return [];
  return additiveRows.flatMap((row) => {
    const before = (key: string): unknown => entryOf(old[row.input], key);
    return entriesOf(inputs[row.input])
      .filter(([key, value]) => differs(before(key), value))
      .map(([key, value]) => immutable(row, key, before(key), value, isSecret(row.input)));
  });
};
