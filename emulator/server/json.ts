import { badRequest } from "./errors";

/** Deeper than any document of the API, and as deep as ASP.NET reads JSON. */
const depthLimit = 64;

/** How deep the brackets of a text are nested. It is counted in the text, since a walk of the value could overflow. */
function depthOf(text: string): number {
  let [depth, deepest, inText] = [0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (inText && character === "\\") at += 1;
    else if (character === '"') inText = !inText;
    else if (inText) continue;
    else if (character === "{" || character === "[") deepest = Math.max(deepest, (depth += 1));
    else if (character === "}" || character === "]") depth -= 1;
  }
  return deepest;
}

/** The value of a JSON text. A text that is not JSON, or is nested too deep to be written again, is a 400. */
export function parseJson(text: string): unknown {
  if (depthOf(text) > depthLimit)
    throw badRequest("InvalidJson", `The request's body is nested deeper than ${depthLimit} levels.`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badRequest("InvalidJson", "The request's body is not JSON.");
  }
}

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

/** What a value must be. */
export interface Rule {
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
}

export const text: Rule = { expected: "a text", holds: (value) => typeof value === "string" };

/** Throws for a member that no rule names, or that breaks its rule. */
export function checkMembers(object: JsonObject, rules: Readonly<Record<string, Rule>>): void {
  for (const [name, value] of Object.entries(object)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined)
      throw new Error(`unknown member "${name}"; expected ${Object.keys(rules).join(", ")}`);
    if (!rule.holds(value))
      throw new Error(`${name}: expected ${rule.expected}, found ${JSON.stringify(value)}`);
  }
}

export const typeName = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`;
