import { elementsOf } from "./pages";
import type { ListFilters, ServiceDocument } from "./webservices";
import type { Context } from "./workspace";

const plainFilters = ["computeType", "imageName", "imageId", "imageDigest", "modelName", "modelId"] as const;

const pairs = (map: Readonly<Record<string, string | undefined>>): string =>
  Object.entries(map)
    .map(([key, value]) => (value === undefined ? key : `${key}=${value}`))
    .join(",");

/** The first page of a list: `expand=true` and the filters that are set. */
export function listUrl(context: Context, filters: ListFilters): string {
  const query = new URLSearchParams({ expand: "true" });
  for (const name of plainFilters) if (filters[name]) query.set(name, filters[name]);
  if (filters.tags && pairs(filters.tags)) query.set("tags", pairs(filters.tags));
  if (filters.properties && pairs(filters.properties)) query.set("properties", pairs(filters.properties));
  return `${context.workspace.root}/services?${query.toString()}`;
}

/** All services of the workspace that match, page by page. */
export const listServices = (context: Context, filters: ListFilters = {}): AsyncGenerator<ServiceDocument> =>
  elementsOf(context, "listServices", { action: "list services" }, listUrl(context, filters));
