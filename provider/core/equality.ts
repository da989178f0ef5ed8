import { isDeepStrictEqual } from "node:util";
import type { Field } from "../schema/field";
import { sameContent } from "./content";
import { sameConfig } from "./inference-config/config";
import { isObject } from "./values";

/** How far sums and products of the same decimal numbers may lie apart, as a part of the larger one. */
const ROUNDING = 4 * Number.EPSILON;

/** Whether two numbers are the same but for the rounding of a computation: 0.1 + 0.2 is 0.3. */
const sameNumber = (a: number, b: number): boolean =>
  Math.abs(a - b) <= ROUNDING * Math.max(Math.abs(a), Math.abs(b));

const sorted = (value: unknown): unknown => (Array.isArray(value) ? [...value].sort() : value);

const folded = (value: unknown): unknown => (typeof value === "string" ? value.toLowerCase() : value);

/** The service does not tell an empty text, list or map from one that is not there. */
const meaning = (value: unknown): unknown => {
  if (value === null || value === "" || (Array.isArray(value) && value.length === 0)) return undefined;
  return isObject(value) && Object.keys(value).length === 0 ? undefined : value;
};

/** Whether two values of a setting mean the same to the service. */
export const sameValue = (row: Field, a: unknown, b: unknown): boolean => {
  if (row.type === "inferenceConfig") return sameConfig(a, b);
  if (row.type === "content") return sameContent(a, b);
  if (row.unordered) return isDeepStrictEqual(sorted(meaning(a)), sorted(meaning(b)));
  if (typeof a === "number" && typeof b === "number") return sameNumber(a, b);
  // The service names workspaces and computes in whatever letter case they were made with.
  if (row.role === "workspaceId" || row.role === "compute") return folded(a) === folded(b);
  return isDeepStrictEqual(meaning(a), meaning(b));
};
