import { param, type Call } from "../server/call";
import { badRequest, notFound } from "../server/errors";
import { matchesFilters, otherMatchesFilters } from "./filters";
import { page } from "../server/paging";
import { ok, type Reply } from "../server/reply";
import type { Service } from "./service";
import { serviceDocument } from "./service-view";
import type { Workspace } from "../state/workspace";

/** The service of that name, or a 404. */
export function findService(workspace: Workspace, name: string): Service {
  const service = workspace.state.services[name];
  if (service === undefined) requireNoOtherType(workspace, name);
  if (service === undefined)
    throw notFound(
      "ServiceNotFound",
      `The service ${name} was not found in the workspace ${workspace.id.name}.`,
      name,
    );
  return service;
}

function requireNoOtherType(workspace: Workspace, name: string): void {
  const computeType = workspace.state.otherServices[name]?.["computeType"];
  if (computeType !== undefined)
    throw badRequest(
      "UnsupportedComputeType",
      `The service ${name} runs on ${String(computeType)}, not on AKS.`,
      name,
    );
}

/** GET services/{name} */
export function getService(call: Call): Reply {
  const { workspace } = call;
  const name = param(call, "name");
  return ok(workspace.state.otherServices[name] ?? serviceDocument(workspace, findService(workspace, name)));
}

/** GET services: filtered, in the order of creation, in pages. Those of another type come last. */
export function listServices(call: Call): Reply {
  const { workspace, query } = call;
  const own = Object.values(workspace.state.services).filter((s) => matchesFilters(s, query));
  const others = Object.values(workspace.state.otherServices).filter((s) => otherMatchesFilters(s, query));
  const all = [
    ...own.map((s) => () => serviceDocument(workspace, s)),
    ...others.map((document) => () => document),
  ];
  const { value, ...link } = page(call, all, workspace.pageSize);
  return ok({ value: value.map((document) => document()), ...link });
}
