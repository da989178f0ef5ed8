import { badRequest } from "./errors";
import { isObject } from "./json";

/** The keys of a JSON pointer. */
export const tokensOf = (pointer: string): string[] =>
  pointer
    .slice(1)
    .split("/")
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));

/**
 * Applies one operation of a patch in place; an operation whose place does not exist is a 400. A replace of an absent
 * member means the same as an add. Only own members count, since a tag may be called `__proto__` or `toString`.
 */
export function applyOperation(
  document: object,
  op: "add" | "replace" | "remove",
  path: string,
  value: unknown,
): void {
  const tokens = tokensOf(path);
  const key = tokens.pop() ?? "";
  const parent = tokens.reduce<unknown>(
    (node, token) => (isObject(node) && Object.hasOwn(node, token) ? node[token] : undefined),
    document,
  );
  if (!isObject(parent) || (op === "remove" && !Object.hasOwn(parent, key)))
    throw badRequest("InvalidPatch", `${op} ${path}: there is no such member.`, path);
  if (op === "remove") delete parent[key];
  else Object.defineProperty(parent, key, { value, configurable: true, enumerable: true, writable: true });
}
