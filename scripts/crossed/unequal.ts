import { isDeepStrictEqual } from "node:util";

type Values = Readonly<Record<string, unknown>>;

/** The members that are not equal in both, each with its name and both values; one that is missing is not one that is null. */
export const unequal = (a: Values, b: Values): readonly (readonly unknown[])[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((member) => member in a !== member in b || !isDeepStrictEqual(a[member], b[member]))
    .map((member) => [member, a[member], b[member]]);
