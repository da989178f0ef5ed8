import { aksWebservice } from "../schema/tables";

/** Settings by input name; a setting that is not there is unset. */
export type Settings = Readonly<Record<string, unknown>>;

/** null and undefined mean the same: unset. */
export const isSet = (value: unknown): boolean => value !== undefined && value !== null;

export const withoutUnset = (values: Settings): Settings =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => isSet(value)));

/** Keys by which the SDK class passes on what the program does not see. */
export const isHidden = (key: string): boolean => key.startsWith("__");

/** Only the settings of the table, in its order. */
export const settingsOf = (values: Settings, table = aksWebservice): Settings =>
  Object.fromEntries(
    table.fields.flatMap((row) => (isSet(values[row.input]) ? [[row.input, values[row.input]]] : [])),
  );

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

/** The text by which the engine hands over a value that it does not know yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const isUnknown = (value: unknown): boolean => value === UNKNOWN;

/** Whether any part of the value, at any depth, is not known yet. */
export const hasUnknown = (value: unknown): boolean => {
  if (isUnknown(value)) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isObject(value) && Object.values(value).some(hasUnknown);
};

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A copy without unset members, which mean nothing and would count as a difference. */
export const withoutUnsetMembers = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutUnsetMembers);
  if (!isObject(value)) return value;
  const set = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(set.map(([key, member]) => [key, withoutUnsetMembers(member)]));
};
