import { isDeepStrictEqual } from "node:util";

type Json = Readonly<Record<string, unknown>>;

export interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Each value in a body by its path; null and an object without a value mean the same as nothing. */
const leaves = (value: unknown, path = ""): readonly (readonly [string, unknown])[] => {
  if (value === null || value === undefined) return [];
  if (!isObject(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, member]) =>
    leaves(member, path === "" ? key : `${path}.${key}`),
  );
};

const unequal = (a: readonly (readonly [string, unknown])[], b: typeof a): readonly string[] => {
  const [left, right] = [new Map(a), new Map(b)];
  const paths = [...new Set([...left.keys(), ...right.keys()])];
  return paths.filter((path) => !isDeepStrictEqual(left.get(path), right.get(path))).sort();
};

/** The paths at which two bodies of a create mean different things. */
export const unequalBodies = (a: unknown, b: unknown): readonly string[] => unequal(leaves(a), leaves(b));

const valueAt = (document: unknown, pointer: string): unknown =>
  pointer
    .split("/")
    .slice(1)
    .reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), document);

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === "" ||
  (isObject(value) && Object.keys(value).length === 0);

/** A patch as a set; an operation that leaves the live service as it is means nothing. */
const effects = (patch: unknown, live: Json): readonly (readonly [string, unknown])[] =>
  ((patch ?? []) as readonly Operation[])
    .filter(({ path, value }) => {
      const now = valueAt(live, path);
      return !isDeepStrictEqual(now, value) && !(isEmpty(now) && isEmpty(value));
    })
    .map(({ op, path, value }) => [`${op} ${path}`, value]);

/** The operations in which two patches of the same live service mean different things. */
export const unequalPatches = (a: unknown, b: unknown, live: Json): readonly string[] =>
  unequal(effects(a, live), effects(b, live));
