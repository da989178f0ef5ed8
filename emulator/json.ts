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

/** An object of texts, as tags and properties are. */
export function textsAt(value: unknown, where: string): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [key, text] of Object.entries(objectAt(value, where))) {
    if (typeof text !== "string")
      throw badRequest("InvalidType", `${where}/${key} must be a text, found ${typeName(text)}.`, where);
    texts[key] = text;
  }
  return texts;
}

/** The value as a text, or null when it is absent. */
export function textAt(value: unknown, where: string): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  throw badRequest("InvalidType", `${where} must be a text, found ${typeName(value)}.`, where);
}

export const typeName = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`;
