import { notFound } from "./errors";
import { routes, type Route } from "./routes";
import type { WorkspaceId } from "../state/workspace";

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** A `{name}` takes one piece of the path, a `{name+}` all the rest. ARM ids are the same in any letter case. */
function compile(path: string): RegExp {
  const escaped = path.replace(/[.]/g, "\\.");
  const pieces = escaped.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)").replace(/\{(\w+)\+\}/g, "(?<$1>.+)");
  return new RegExp(`^${pieces}/?$`, "i");
}

const compiled = routes.map((route) => ({ route, pattern: compile(route.path) }));

/** The route of a request with the decoded path, or a 404 that names it. */
export function findRoute(method: string, path: string): Match {
  for (const { route, pattern } of compiled) {
    const found = route.method === method ? pattern.exec(path) : null;
    if (found !== null) return { route, params: { ...found.groups } };
  }
  throw notFound("RouteNotFound", `There is no ${method} ${path} in this API.`);
}

const same = (a: string | undefined, b: string): boolean =>
  a === undefined || a.toLowerCase() === b.toLowerCase();

/** A 404 when the path names another workspace than the emulated one. */
export function requireWorkspace(params: Match["params"], id: WorkspaceId): void {
  const here =
    same(params["subscription"], id.subscription) &&
    same(params["group"], id.resourceGroup) &&
    same(params["workspace"], id.name);
  if (!here)
    throw notFound(
      "WorkspaceNotFound",
      `The workspace ${params["workspace"]} in the resource group ${params["group"]} was not found.`,
      "workspace",
    );
}
