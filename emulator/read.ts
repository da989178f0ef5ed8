import { param, type Call } from "./call";
import { notFound } from "./errors";
import { matchesFilters } from "./filters";
import { page } from "./paging";
import { ok, type Reply } from "./reply";
import type { Service } from "./service";
import { serviceDocument } from "./service-view";
import type { Workspace } from "./workspace";

/** The service of that name, or a 404. */
export function findService(workspace: Workspace, name: string): Service {
  const service = Object.hasOwn(workspace.state.services, name) ? workspace.state.services[name] : undefined;
  if (service === undefined)
    throw notFound(
      "ServiceNotFound",
      `The service ${name} was not found in the workspace ${workspace.id.name}.`,
      name,
    );
  return service;
}

/** GET services/{name} */
export const getService = (call: Call): Reply =>
  ok(serviceDocument(call.workspace, findService(call.workspace, param(call, "name"))));

/** GET services: filtered, in the order of creation, in pages. */
export function listServices(call: Call): Reply {
  const { workspace, query } = call;
  const all = Object.values(workspace.state.services).filter((s) => matchesFilters(s, query));
  const { value, ...link } = page(call, all, workspace.pageSize);
  return ok({ value: value.map((s) => serviceDocument(workspace, s)), ...link });
}
