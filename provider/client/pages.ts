import { expectObject, unusable, type JsonObject } from "./answer";
import { ServiceError } from "./errors";
import type { HttpAnswer } from "./http";
import type { Context } from "./workspace";

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null;

function pageOf(action: string, answer: HttpAnswer): { elements: JsonObject[]; next: string | undefined } {
  const body = expectObject({ action }, answer);
  if (!Array.isArray(body["value"])) throw unusable({ action }, answer, "a list in `value`");
  const next = body["nextLink"];
  return {
    elements: (body["value"] as unknown[]).filter(isObject),
    next: typeof next === "string" && next ? next : undefined,
  };
}

function follow(context: Context, action: string, next: string, visited: Set<string>): string {
  const { root } = context.workspace;
  const url = URL.canParse(next, root) ? new URL(next, root) : undefined;
  if (url && url.origin === new URL(root).origin && !visited.has(url.href)) return url.href;
  const known = url && visited.has(url.href);
  throw new ServiceError({
    action,
    code: "ForeignAddress",
    detail: known
      ? "Expected the next page, found a page that was read before."
      : `Expected the next page on ${new URL(root).host}, found ${url?.host ?? "no address"}.`,
  });
}

/** The elements of a list, page by page. */
export async function* elementsOf(context: Context, action: string, url: string): AsyncGenerator<JsonObject> {
  const visited = new Set<string>();
  for (let next: string | undefined = url; next !== undefined;) {
    visited.add(next);
    const { session } = context.workspace;
    const { deadline } = context;
    const answer = await session.send({ action, method: "GET", url: next, repeatable: true, deadline });
    const page = pageOf(action, answer);
    yield* page.elements;
    next = page.next === undefined ? undefined : follow(context, action, page.next, visited);
  }
}
