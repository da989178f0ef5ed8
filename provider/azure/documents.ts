import { ServiceError } from "./errors";
import type { HttpResponse } from "./http";
import {
  expectSuccess,
  isObject,
  isOwnError,
  isOwnNotFound,
  responseError,
  type ApiCall,
  type JsonObject,
} from "./response";
import { request, type Context } from "./workspace";

const mostTries = 3;
const pauseMs = 500;

/** A document, or the response by which the service itself says for the second time that there is none. */
export type Found = { readonly document: JsonObject } | { readonly absent: HttpResponse };

/**
 * Reads a JSON document. Not every response is the service's own: after a page, a text, cut JSON or an empty body it is read
 * again. Neither is one 404 enough to call something absent, since resources are dropped for it.
 */
export async function readDocument(
  context: Context,
  call: ApiCall,
  action: string,
  url: string,
): Promise<Found> {
  const { clock } = context.workspace.session;
  let absences = 0;
  for (let tries = 1; ; tries += 1) {
    const response = await request(context, { action, method: "GET", url, repeatable: true });
    if (isOwnNotFound(response)) {
      absences += 1;
      if (absences > 1) return { absent: response };
    } else {
      try {
        return { document: expectSuccess(call, action, response).body };
      } catch (error) {
        if (tries >= mostTries || isOwnError(response)) throw error;
      }
    }
    await clock.sleep(pauseMs * tries);
  }
}

/**
 * Reads a document that may be absent. Only the service's own 404, sent twice in an existing workspace, means that there
 * is none: a wrong subscription or a gateway must never make resources disappear.
 */
export async function readIfPresent(
  context: Context,
  call: ApiCall,
  action: string,
  url: string,
): Promise<JsonObject | undefined> {
  const found = await readDocument(context, call, action, url);
  if ("document" in found) return found.document;
  await context.workspace.assertExists(context.deadline);
  return undefined;
}

/** The elements of a list, page by page. @throws ServiceError where the pages go round or never end */
export async function* listElements(
  context: Context,
  call: "listServices" | "listModels",
  action: string,
  first: string,
): AsyncGenerator<JsonObject> {
  const read = new Set<string>();
  for (let url: string | undefined = new URL(first).href; url !== undefined;) {
    read.add(url);
    const found = await readDocument(context, call, action, url);
    if ("absent" in found) throw responseError(action, found.absent);
    const { value, nextLink } = found.document;
    yield* (value as unknown[]).filter(isObject);
    url = nextUrl(context, action, nextLink, read);
  }
}

/** No workspace has so many pages: a list that goes on for ever must end too. */
const mostPages = 1000;

/** The address of the page that follows; undefined after the last one. */
function nextUrl(
  context: Context,
  action: string,
  nextLink: unknown,
  read: ReadonlySet<string>,
): string | undefined {
  if (typeof nextLink !== "string" || nextLink === "") return undefined;
  const { root } = context.workspace;
  const url = URL.canParse(nextLink, root) ? new URL(nextLink, root) : undefined;
  if (url?.origin !== new URL(root).origin)
    throw new ServiceError({
      action,
      code: "ForeignAddress",
      detail: `Expected the next page on ${new URL(root).host}, found ${url?.host ?? "no address"}.`,
    });
  if (read.has(url.href))
    throw endlessList(action, "Expected the next page, found a page that was read before.");
  if (read.size >= mostPages)
    throw endlessList(action, `Expected the last page, found another one after ${mostPages}.`);
  return url.href;
}

const endlessList = (action: string, detail: string): ServiceError =>
  new ServiceError({
    action,
    code: "UnexpectedAnswer",
    detail,
    advice: "Run again; if it happens again, report it to Azure support: the list never ends.",
  });
