import { expectObject, unusable, type JsonObject } from "./answer";
import { ServiceError } from "./errors";
import type { HttpAnswer } from "./http";
import type { ListFilters, ServiceDocument } from "./webservices";
import type { Context } from "./workspace";

const action = "list services";
const plainFilters = ["computeType", "imageName", "imageId", "imageDigest", "modelName", "modelId"] as const;

const pairs = (map: Readonly<Record<string, string | undefined>>): string =>
  Object.entries(map)
    .map(([key, value]) => (value === undefined ? key : `${key}=${value}`))
    .join(",");

/** The query of a list call: `expand=true` and the filters that are set. */
export function listQuery(filters: ListFilters): string {
  const query = new URLSearchParams({ expand: "true" });
  for (const name of plainFilters) if (filters[name]) query.set(name, filters[name]);
  if (filters.tags && pairs(filters.tags)) query.set("tags", pairs(filters.tags));
  if (filters.properties && pairs(filters.properties)) query.set("properties", pairs(filters.properties));
  return query.toString();
}

export const askList = (context: Context, url: string): Promise<HttpAnswer> =>
  context.workspace.session.send({
    action,
    method: "GET",
    url,
    repeatable: true,
    deadline: context.deadline,
  });

function pageOf(answer: HttpAnswer): { elements: unknown[]; next: string | undefined } {
  const body: JsonObject = expectObject({ action }, answer);
  if (!Array.isArray(body["value"])) throw unusable({ action }, answer, "a list of services in `value`");
  const next = body["nextLink"];
  return { elements: body["value"] as unknown[], next: typeof next === "string" && next ? next : undefined };
}

function follow(context: Context, next: string | undefined, visited: Set<string>): string | undefined {
  if (next === undefined) return undefined;
  const { root } = context.workspace;
  const url = URL.canParse(next, root) ? new URL(next, root) : undefined;
  if (!url || url.origin !== new URL(root).origin || visited.has(url.href)) {
    throw new ServiceError({
      action,
      code: "ForeignAddress",
      detail:
        url && visited.has(url.href)
          ? "Expected the next page, found a page that was read before."
          : `Expected the next page on ${new URL(root).host}, found ${url?.host ?? "no address"}.`,
    });
  }
  visited.add(url.href);
  return url.href;
}

/** All services of the workspace that match, page by page. */
export async function* listServices(
  context: Context,
  filters: ListFilters = {},
): AsyncGenerator<ServiceDocument> {
  const visited = new Set<string>();
  let url: string | undefined = `${context.workspace.root}/services?${listQuery(filters)}`;
  while (url !== undefined) {
    const { elements, next } = pageOf(await askList(context, url));
    for (const element of elements) {
      if (typeof element === "object" && element !== null) yield element as ServiceDocument;
    }
    url = follow(context, next, visited);
  }
}
