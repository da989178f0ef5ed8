import { refusal, type Attempted, type JsonObject } from "./answer";
import { ServiceError } from "./errors";
import { readDocument } from "./read-document";
import type { Context } from "./workspace";

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null;

interface Page {
  readonly elements: readonly JsonObject[];
  readonly next: unknown;
}

async function readPage(context: Context, call: ListCall, attempted: Attempted, url: string): Promise<Page> {
  const found = await readDocument(context, call, attempted, url);
  if ("absent" in found) throw refusal(attempted, found.absent);
  const { value, nextLink } = found.document;
  return { elements: (value as unknown[]).filter(isObject), next: nextLink };
}

/** No workspace has so many pages: a list that goes on for ever must end too. */
const mostPages = 1000;

const endless = ({ action }: Attempted, detail: string): ServiceError =>
  new ServiceError({
    action,
    code: "UnexpectedAnswer",
    detail,
    advice: "Run again; when it goes on, report it to Azure support: the list never ends.",
  });

/** The address of the page that follows; undefined after the last one. */
function follow(
  context: Context,
  attempted: Attempted,
  next: unknown,
  read: ReadonlySet<string>,
): string | undefined {
  if (typeof next !== "string" || next === "") return undefined;
  const { root } = context.workspace;
  const url = URL.canParse(next, root) ? new URL(next, root) : undefined;
  if (url?.origin !== new URL(root).origin)
    throw new ServiceError({
      action: attempted.action,
      code: "ForeignAddress",
      detail: `Expected the next page on ${new URL(root).host}, found ${url?.host ?? "no address"}.`,
    });
  if (read.has(url.href))
    throw endless(attempted, "Expected the next page, found a page that was read before.");
  if (read.size >= mostPages)
    throw endless(attempted, `Expected the last page, found another one after ${mostPages}.`);
  return url.href;
}

type ListCall = "listServices" | "listModels";

/** The elements of a list, page by page. @throws ServiceError where the pages go round or never end */
export async function* elementsOf(
  context: Context,
  call: ListCall,
  attempted: Attempted,
  first: string,
): AsyncGenerator<JsonObject> {
  const read = new Set<string>();
  for (let url: string | undefined = new URL(first).href; url !== undefined;) {
    read.add(url);
    const { elements, next } = await readPage(context, call, attempted, url);
    yield* elements;
    url = follow(context, attempted, next, read);
  }
}
