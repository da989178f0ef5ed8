import { OutOfScope } from "../out-of-scope";
import { has, isMap, Secret, type Property, type PropertyMap } from "./property";

/** Throws `OutOfScope` for what `ignoreChanges` may name besides inputs and keys of maps in them, such as `a.b`. */
export function checkIgnored(paths: readonly string[]): void {
  const other = paths.find((path) => !/^[^.[*]+(\.[^.[*]+)*$/.test(path));
  if (other !== undefined)
    throw new OutOfScope(`ignore changes of ${other}, only of inputs and keys in them`);
}

export interface Kept {
  readonly inputs: PropertyMap;
  /** The paths that only one side has a place for. */
  readonly impossible: readonly string[];
}

/** The new inputs with what `ignoreChanges` names set back to its old values. */
export function keepIgnored(paths: readonly string[], olds: PropertyMap, news: PropertyMap): Kept {
  let inputs = news;
  const impossible: string[] = [];
  for (const path of paths) {
    const reset = resetAt(path.split("."), olds, inputs);
    if (reset === undefined) impossible.push(path);
    else inputs = reset as PropertyMap;
  }
  return { inputs, impossible };
}

function resetAt([key = "", ...rest]: readonly string[], old: Property, now: Property): Property | undefined {
  if (old instanceof Secret || now instanceof Secret) throw new OutOfScope("ignore changes inside a secret");
  const [before, after] = [valueAt(old, key), valueAt(now, key)];
  if (rest.length === 0) return resetKey(key, before, now);
  if (isMap(old) !== isMap(now)) return undefined;
  if (after === undefined) return before === undefined ? now : undefined;
  const inner = resetAt(rest, before ?? null, after);
  return inner === undefined ? undefined : { ...(now as PropertyMap), [key]: inner };
}

const valueAt = (map: Property, key: string): Property | undefined =>
  isMap(map) && has(map, key) ? map[key] : undefined;

function resetKey(key: string, before: Property | undefined, now: Property): Property | undefined {
  if (!isMap(now)) return before === undefined ? now : undefined;
  if (before !== undefined) return { ...now, [key]: before };
  return Object.fromEntries(Object.entries(now).filter(([other]) => other !== key));
}
