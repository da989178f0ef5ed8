import { ServiceError } from "./errors";
import { isSafe } from "./http";
import {
  expectObject,
  isOwnNotFound,
  jsonObject,
  membersOf,
  responseError,
  type JsonObject,
} from "./response";
import type { Session } from "./session";
import { workspaceScope, type ClientSettings, type Cloud, type WorkspaceAddress } from "./settings";

/** The discovery URL that the settings name, which spares the request to ARM; undefined when they name none. */
export const configuredDiscoveryUrl = ({ config, env }: ClientSettings): string | undefined =>
  env["AZUREML_DISCOVERY_URL"] ||
  env["AZUREML_DISCOVERY_SERVICE_ENDPOINT"] ||
  config["azureml:discoveryUrl"] ||
  undefined;

const armVersion = "2024-04-01";

/** The workspace's discovery URL from ARM, which also shows that the workspace exists. */
export async function discoveryUrlFromArm(
  session: Session,
  cloud: Cloud,
  address: WorkspaceAddress,
): Promise<string> {
  const action = `find ${nameOf(address)}`;
  const url = `${cloud.arm}${workspaceScope(address)}?api-version=${armVersion}`;
  const response = await session.send({ action, method: "GET", url, repeatable: true });
  if (isOwnNotFound(response)) throw workspaceNotFound(address, 404, responseError(action, response).detail);
  const found = membersOf(expectObject(action, response)["properties"])["discoveryUrl"];
  if (typeof found === "string" && URL.canParse(found)) return found;
  throw responseError(action, response, {
    code: "DiscoveryFailed",
    detail: "Expected properties.discoveryUrl of the workspace, found none.",
    advice:
      "Check that the workspace has been provisioned; AZUREML_DISCOVERY_URL names the address without ARM.",
  });
}

/** The error for a workspace that ARM or the service does not know. */
export function workspaceNotFound(address: WorkspaceAddress, status: number, detail?: string): ServiceError {
  return new ServiceError({
    action: `find ${nameOf(address)}`,
    code: "WorkspaceNotFound",
    status,
    detail: detail ?? `Expected it in subscription ${address.subscriptionId}, found none.`,
  });
}

const nameOf = (address: WorkspaceAddress): string =>
  `workspace "${address.workspaceName}" in resource group "${address.resourceGroupName}"`;

/** The base URLs that a workspace's discovery document names, without a slash at their ends. */
export interface Hosts {
  readonly services: string;
  /** Where files are uploaded through; not every document names it. */
  readonly artifacts: string | undefined;
}

/** Reads the discovery document, without a token. */
export async function discoverHosts(session: Session, discoveryUrl: string): Promise<Hosts> {
  const action = "read the workspace's discovery document";
  assertSafeUrl(action, discoveryUrl);
  const response = await session.send({
    action,
    method: "GET",
    url: discoveryUrl,
    repeatable: true,
    anonymous: true,
  });
  if (response.status !== 200)
    throw responseError(action, response, jsonObject(response) ? { code: "DiscoveryFailed" } : {});
  const document = expectObject(action, response);
  const services = addressIn(document, "modelmanagement", action, discoveryUrl);
  if (services !== undefined)
    return { services, artifacts: addressIn(document, "history", action, discoveryUrl) };
  throw responseError(action, response, {
    code: "DiscoveryFailed",
    detail: "Expected the address of `modelmanagement`, found none.",
  });
}

function assertSafeUrl(action: string, url: string): void {
  if (URL.canParse(url) && isSafe(new URL(url))) return;
  throw new ServiceError({
    action,
    code: "DiscoveryFailed",
    detail:
      "Expected an https URL as discovery URL (http is accepted on loopback only), found " +
      (URL.canParse(url) ? `one of ${new URL(url).protocol}//${new URL(url).host}.` : "other text."),
  });
}

/** The address under a name of the document; undefined when there is none. */
function addressIn(document: JsonObject, name: string, action: string, from: string): string | undefined {
  const found = document[name];
  if (typeof found !== "string" || !URL.canParse(found)) return undefined;
  assertNoDowngrade(action, from, new URL(found));
  return withoutSlashesAtEnd(found);
}

function assertNoDowngrade(action: string, from: string, to: URL): void {
  const secure = new URL(from).protocol === "https:";
  if (to.protocol === "https:" || (!secure && isSafe(to))) return;
  throw new ServiceError({
    action,
    code: "ForeignAddress",
    detail: `Expected an https address from ${new URL(from).host}, found ${to.protocol}//${to.host}.`,
  });
}

/** In one pass: a pattern would look through each run of slashes from each of its slashes. */
function withoutSlashesAtEnd(url: string): string {
  let end = url.length;
  while (url[end - 1] === "/") end -= 1;
  return url.slice(0, end);
}
