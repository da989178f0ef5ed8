import { inputOf } from "../schema/fields";
import type { Field } from "../schema/field";
import { describe, pathOf, type Refusal } from "./check-failure";
import { isObject, isUnknown } from "./values";

/** An entry that is live with another value than the desired one, which the service cannot change. */
export interface ImmutableEntry {
  readonly key: string;
  readonly live: unknown;
  readonly desired: unknown;
  /** Whether the program changed it; otherwise the live value is another than the program's unchanged one. */
  readonly byProgram: boolean;
}

/** What desired entries mean to a live map to which entries can be added, and in which none can be changed. */
export interface MapComparison {
  /** Entries that are not live yet. */
  readonly add: readonly (readonly [key: string, value: unknown])[];
  readonly immutable: readonly ImmutableEntry[];
  /** Keys of entries that are live as desired. */
  readonly unchanged: readonly string[];
}

/**
 * Compares two states of an additive map, entry by entry. Live entries that nobody desires are left alone; of an entry whose
 * value is not known yet nothing can be told but that it is new.
 *
 * @param previous what the program said before
 */
export const compare = (live: unknown, previous: unknown, desired: unknown): MapComparison => {
  const entries = entriesOf(desired).map(([key, value]) => ({ key, value, there: entryOf(live, key) }));
  return {
    add: entries.filter(({ there }) => there === undefined).map(({ key, value }) => [key, value]),
    immutable: entries
      .filter(({ there, value }) => there !== undefined && there !== value)
      .filter(({ there, value }) => !isUnknown(there) && !isUnknown(value))
      .map(({ key, value, there }) => ({
        key,
        live: there,
        desired: value,
        byProgram: entryOf(previous, key) !== value,
      })),
    unchanged: entries.filter(({ there, value }) => there === value).map(({ key }) => key),
  };
};

export const entriesOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  isObject(value) ? Object.entries(value) : [];

/** One entry of a map's value; undefined where it has none, also under the name of something every object has. */
export const entryOf = (value: unknown, key: string): unknown =>
  isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;

export const immutableRefusal = (row: Field, entry: ImmutableEntry, secret = false): Refusal => ({
  code: "Immutable",
  path: pathOf(row.input, entry.key),
  expected: `${describe(entry.live, secret)} as before, since the service never changes it`,
  found: describe(entry.desired, secret),
  next:
    `Keep the old value, use a new key, or use a tag; or set ${inputOf("replaceOnPropertyChange")}: true ` +
    "to make a new service.",
});
