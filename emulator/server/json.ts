import { badRequest } from "./errors";

export type JsonObject = Record<string, unknown>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value as an object; null and undefined give an empty one. Anything else is a 400 that names `where`. */
export function objectAt(value: unknown, where: string): JsonObject {
  if (value === null || value === undefined) return {};
  if (isObject(value)) return value;
  throw badRequest("InvalidType", `${where} must be an object, found ${typeName(value)}.`, where);
}

/** An object of texts, as tags and properties are. Any key may be in it, `__proto__` too. */
export function textsAt(value: unknown, where: string): Record<string, string> {
  const entries = Object.entries(objectAt(value, where));
  const wrong = entries.find(([, text]) => typeof text !== "string");
  if (wrong !== undefined)
    throw badRequest(
      "InvalidType",
      `${where}/${wrong[0]} must be a text, found ${typeName(wrong[1])}.`,
      where,
    );
  return Object.fromEntries(entries) as Record<string, string>;
}

/** The value as a text, or null when it is absent. */
export function textAt(value: unknown, where: string): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  throw badRequest("InvalidType", `${where} must be a text, found ${typeName(value)}.`, where);
}

export const typeName = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`;
