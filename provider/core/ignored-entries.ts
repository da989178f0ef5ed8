import type { Field } from "../schema/field";
import { aksWebservice, type Table } from "../schema/tables";
import { entriesOf, entryOf } from "./additive-maps";
import { isObject, isSet, type Settings } from "./values";

/**
 * Hidden input with the resource option `ignoreChanges`. The engine applies it to inputs alone: an entry that it names gets
 * the old input's value, or leaves the map where there is none, whatever the live service has.
 */
const IGNORED = "__ignoreChanges";

const EVERY = "*";

const ignoredPaths = (news: Settings): readonly string[] => {
  const paths = news[IGNORED];
  const texts = Array.isArray(paths) ? paths.filter((path): path is string => typeof path === "string") : [];
  // The engine takes `["tags"]["a"]` for `tags["a"]`.
  return texts.map((path) => path.replace(/^\["([^"\\]*)"\]/, "$1"));
};

/** Whether `ignoreChanges` names the setting or a part of it. */
export const isIgnored = (news: Settings, input: string): boolean =>
  ignoredPaths(news).some((path) => path === EVERY || path.split(/[.[]/)[0] === input);

/** The settings that `ignoreChanges` does not name. */
export const withoutIgnored = (settings: Settings, news: Settings): Settings =>
  Object.fromEntries(Object.entries(settings).filter(([input]) => !isIgnored(news, input)));

/** The key in `tags.a` and `tags["a.b"]`; undefined for a path that names no entry of the map. */
const keyIn = (path: string, input: string): string | undefined => {
  if (!path.startsWith(input)) return undefined;
  const [, plain, quoted] = /^(?:\.([^.[\]]+)|\["((?:[^"\\]|\\.)*)"\])$/.exec(path.slice(input.length)) ?? [];
  return plain ?? quoted?.replace(/\\(.)/g, "$1");
};

const isWholeMap = (row: Field): boolean => row.type === "textMap" && row.mutability === "inPlace";

/** Tells the entries of one map that `ignoreChanges` names; undefined when it names none. */
const ignoredEntries = (news: Settings, row: Field): ((key: string) => boolean) | undefined => {
  if (!isWholeMap(row)) return undefined;
  const keys = ignoredPaths(news).flatMap((path) => keyIn(path, row.input) ?? []);
  if (keys.length === 0) return undefined;
  return (key) => keys.includes(key) || keys.includes(EVERY);
};

const filtered = (map: unknown, keep: (key: string) => boolean): Settings =>
  Object.fromEntries(entriesOf(map).filter(([key]) => keep(key)));

/** What the engine compares of a setting: ignored entries never differ to it. */
export const withoutIgnoredEntries = (news: Settings, row: Field, value: unknown): unknown => {
  const isEntry = isObject(value) ? ignoredEntries(news, row) : undefined;
  return isEntry ? filtered(value, (key) => !isEntry(key)) : value;
};

/** A program as it is now, and as it was when it was last applied. */
export interface Programs {
  readonly news: Settings;
  readonly previous: Settings | undefined;
}

/** Maps that are sent whole, in which the program manages nothing beside what `ignoreChanges` names. */
export const whollyIgnored = (
  { news, previous }: Programs,
  table: Table = aksWebservice,
): readonly string[] =>
  table.fields
    .filter((row) => {
      const isEntry = isObject(news[row.input]) ? ignoredEntries(news, row) : undefined;
      const managed = [news, previous ?? {}].flatMap((inputs) => entriesOf(inputs[row.input]));
      return isEntry && managed.every(([key]) => isEntry(key));
    })
    .map((row) => row.input);

/**
 * Desired settings in which each entry that `ignoreChanges` names has its live value, since its map is sent whole. A map
 * in which the program manages no other entry is unset: otherwise the engine's empty one would clear what is live.
 */
export const withIgnoredEntries = (
  desired: Settings,
  live: Settings,
  programs: Programs,
  table: Table = aksWebservice,
): Settings => {
  const { news } = programs;
  const unset = whollyIgnored(programs, table);
  const maps = table.fields.flatMap((row) => {
    const value = desired[row.input];
    const isEntry = isObject(value) ? ignoredEntries(news, row) : undefined;
    if (!isEntry) return [];
    const kept = filtered(live[row.input], isEntry);
    return [[row.input, { ...filtered(value, (key) => !isEntry(key)), ...kept }] as const];
  });
  return Object.fromEntries(
    Object.entries({ ...desired, ...Object.fromEntries(maps) }).filter(
      ([input, value]) => isSet(value) && !unset.includes(input),
    ),
  );
};

/** Entries of a live map that go when another one takes its place. */
export const entriesLost = (live: unknown, desired: unknown): readonly (readonly [string, unknown])[] =>
  entriesOf(live).filter(([key]) => entryOf(desired, key) === undefined);
