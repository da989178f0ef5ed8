import type { PathKey } from "./path";
import { has, isList, isMap, put, Secret } from "./property";
import type { Property, PropertyMap } from "./property";

/** Where old and new values are compared, and whether a secret was passed on the way down. */
interface Place {
  readonly old: Property;
  readonly now: Property;
  readonly oldSecret: boolean;
  readonly newSecret: boolean;
}

/**
 * Sets what `path` names in `news` back to what it is in `olds`: how `ignoreChanges` works. Changes `news`.
 * Gives false where that cannot be done, as for a list element that only one side has.
 */
export function resetPath(path: readonly PathKey[], olds: PropertyMap, news: PropertyMap): boolean {
  return reset(path, { old: olds, now: news, oldSecret: false, newSecret: false });
}

function reset(path: readonly PathKey[], at: Place): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return false;
  const place = unwrap(at);
  if (typeof key === "number") return resetIndex(key, rest, place);
  return key === "*" ? resetAll(rest, place) : resetKey(key, rest, place);
}

function unwrap(at: Place): Place {
  const opened: { -readonly [K in keyof Place]: Place[K] } = { ...at };
  for (; opened.old instanceof Secret; opened.old = opened.old.element) opened.oldSecret = true;
  for (; opened.now instanceof Secret; opened.now = opened.now.element) opened.newSecret = true;
  return opened;
}

/** An old value, marked secret where it was one and its new place is not. */
const kept = (value: Property, at: Place): Property =>
  at.oldSecret && !at.newSecret ? new Secret(value) : value;

const write = (list: readonly Property[], index: number, value: Property): void => {
  (list as Property[])[index] = value;
};

function resetIndex(index: number, rest: readonly PathKey[], at: Place): boolean {
  const { old, now } = at;
  if (index < 0) return false;
  if (!isList(old) || !isList(now)) return !isList(old) && !isList(now);
  const inOld = index < old.length;
  const inNew = index < now.length;
  if (rest.length > 0) {
    return inOld && inNew && reset(rest, { ...at, old: old[index] as Property, now: now[index] as Property });
  }
  if (inOld && inNew) write(now, index, kept(old[index] as Property, at));
  return inOld === inNew;
}

function resetKey(key: string, rest: readonly PathKey[], at: Place): boolean {
  const { old, now } = at;
  const inOld = isMap(old) && has(old, key);
  if (rest.length > 0) return resetBelow(key, rest, at);
  if (!inOld) {
    if (isMap(now)) delete now[key];
    return true;
  }
  if (!isMap(now)) return false;
  put(now, key, kept(old[key] as Property, at));
  return true;
}

function resetBelow(key: string, rest: readonly PathKey[], at: Place): boolean {
  const { old, now } = at;
  if (!isMap(old) || !isMap(now)) return !isMap(old) && !isMap(now);
  if (!has(now, key)) return !has(old, key);
  return reset(rest, {
    ...at,
    old: has(old, key) ? (old[key] as Property) : null,
    now: now[key] as Property,
  });
}

function resetAll(rest: readonly PathKey[], at: Place): boolean {
  const { old, now } = at;
  if (rest.length > 0) return resetAllBelow(rest, at);
  if (isMap(now)) {
    if (isMap(old)) replaceEntries(old, now, at);
    return true;
  }
  if (!isList(now)) return false;
  if (!isList(old)) return true;
  old.slice(0, now.length).forEach((value, i) => write(now, i, kept(value, at)));
  return old.length === now.length;
}

function replaceEntries(old: PropertyMap, now: PropertyMap, at: Place): void {
  for (const key of Object.keys(now)) if (!has(old, key)) delete now[key];
  for (const [key, value] of Object.entries(old)) put(now, key, kept(value, at));
}

function resetAllBelow(rest: readonly PathKey[], at: Place): boolean {
  const { old, now } = at;
  if (isMap(old) && isMap(now)) {
    return Object.keys(old).every(
      (key) => has(now, key) && reset(rest, { ...at, old: old[key] as Property, now: now[key] as Property }),
    );
  }
  if (!isList(old) || !isList(now)) return false;
  const shared = old.slice(0, now.length);
  const done = shared.every((value, i) => reset(rest, { ...at, old: value, now: now[i] as Property }));
  return done && old.length === now.length;
}
