import { isDeepStrictEqual } from "node:util";
import { fields } from "../schema/fields";
import type { Field } from "../schema/field";
import { sameConfig } from "./inference-config/same";
import { isObject } from "./unknown";

/** Settings by input name; a setting that is not there is unset. */
export type Settings = Readonly<Record<string, unknown>>;

/** null and undefined mean the same: unset. */
export const isSet = (value: unknown): boolean => value !== undefined && value !== null;

export const withoutUnset = (values: Settings): Settings =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => isSet(value)));

/** Keys by which the SDK class passes on what the program does not see. */
export const isHidden = (key: string): boolean => key.startsWith("__");

/** Only the settings of the table, in its order. */
export const settingsOf = (values: Settings): Settings =>
  Object.fromEntries(
    fields.flatMap((row) => (isSet(values[row.input]) ? [[row.input, values[row.input]]] : [])),
  );

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
  if (row.unordered) return isDeepStrictEqual(sorted(meaning(a)), sorted(meaning(b)));
  if (typeof a === "number" && typeof b === "number") return sameNumber(a, b);
  // The service names workspaces and computes in whatever letter case they were made with.
  if (row.role === "workspaceId" || row.role === "compute") return folded(a) === folded(b);
  return isDeepStrictEqual(meaning(a), meaning(b));
};

/** The value at a dotted path of the service's JSON; undefined where any part is missing or null. */
export const valueAt = (document: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), document) ??
  undefined;

/** A copy with the value put at a dotted path. */
export const withValueAt = (document: Settings, path: string, value: unknown): Settings => {
  const [key, ...rest] = path.split(".") as [string, ...string[]];
  if (rest.length === 0) return { ...document, [key]: value };
  const inner = document[key];
  return { ...document, [key]: withValueAt(isObject(inner) ? inner : {}, rest.join("."), value) };
};
