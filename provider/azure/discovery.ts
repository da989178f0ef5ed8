import { expectObject, isOwnNotFound, jsonObject, refusal, type Attempted, type JsonObject } from "./answer";
import type { Cloud } from "./cloud";
import type { Deadline } from "./deadline";
import { ServiceError } from "./errors";
import { isSafe } from "./host";
import type { Session } from "./session";
import { workspaceScope, type ClientSettings, type WorkspaceAddress } from "./settings";

const armVersion = "2024-04-01";

/** The discovery URL that the settings name, which spares the question to ARM; undefined when they name none. */
export const givenDiscoveryUrl = ({ config, env }: ClientSettings): string | undefined =>
  env["AZUREML_DISCOVERY_URL"] ||
  env["AZUREML_DISCOVERY_SERVICE_ENDPOINT"] ||
  config["azureml:discoveryUrl"] ||
  undefined;

const nameOf = (address: WorkspaceAddress): string =>
  `workspace "${address.workspaceName}" in resource group "${address.resourceGroupName}"`;

/** The error for a workspace that ARM or the service does not know. */
export function workspaceNotFound(address: WorkspaceAddress, status: number, detail?: string): ServiceError {
  return new ServiceError({
    action: `find ${nameOf(address)}`,
    code: "WorkspaceNotFound",
    status,
    detail: detail ?? `Expected it in subscription ${address.subscriptionId}, found none.`,
  });
}

/** Asks ARM for the workspace, and so also learns that it exists. */
export async function askArm(
  session: Session,
  cloud: Cloud,
  address: WorkspaceAddress,
  deadline: Deadline | undefined,
): Promise<string> {
  const action = `find ${nameOf(address)}`;
  const url = `${cloud.arm}${workspaceScope(address)}?api-version=${armVersion}`;
  const answer = await session.send({ action, method: "GET", url, repeatable: true, deadline });
  if (isOwnNotFound(answer)) throw workspaceNotFound(address, 404, refusal({ action }, answer).detail);
  const body = expectObject({ action }, answer);
  const properties = body["properties"];
  const found =
    typeof properties === "object" && properties !== null
      ? (properties as Record<string, unknown>)["discoveryUrl"]
      : undefined;
  if (typeof found === "string" && URL.canParse(found)) return found;
  throw refusal({ action }, answer, {
    code: "DiscoveryFailed",
    detail: "Expected properties.discoveryUrl of the workspace, found none.",
    advice:
      "Check that the workspace has been provisioned; AZUREML_DISCOVERY_URL names the address without ARM.",
  });
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

function assertUrl(action: string, url: string): void {
  if (URL.canParse(url) && isSafe(new URL(url))) return;
  throw new ServiceError({
    action,
    code: "DiscoveryFailed",
    detail:
      "Expected an https URL as discovery URL (http is accepted on loopback only), found " +
      (URL.canParse(url) ? `one of ${new URL(url).protocol}//${new URL(url).host}.` : "other text."),
  });
}

/** The base URLs that a workspace's discovery document names, without a slash at their ends. */
export interface Hosts {
  readonly services: string;
  /** Where files are uploaded through; not every document names it. */
  readonly artifacts: string | undefined;
}

/** The address under a name of the document; undefined when there is none. */
function addressIn(
  document: JsonObject,
  name: string,
  attempted: Attempted,
  from: string,
): string | undefined {
  const found = document[name];
  if (typeof found !== "string" || !URL.canParse(found)) return undefined;
  assertNoDowngrade(attempted.action, from, new URL(found));
  return withoutSlashesAtEnd(found);
}

/** In one pass: a pattern would look through each run of slashes from each of its slashes. */
function withoutSlashesAtEnd(url: string): string {
  let end = url.length;
  while (url[end - 1] === "/") end -= 1;
  return url.slice(0, end);
}

/** Reads the discovery document, without a token. */
export async function discover(
  session: Session,
  discoveryUrl: string,
  deadline: Deadline | undefined,
): Promise<Hosts> {
  const action = "read the workspace's discovery document";
  assertUrl(action, discoveryUrl);
  const answer = await session.send({
    action,
    method: "GET",
    url: discoveryUrl,
    repeatable: true,
    anonymous: true,
    deadline,
  });
  if (answer.status !== 200)
    throw refusal({ action }, answer, jsonObject(answer) ? { code: "DiscoveryFailed" } : {});
  const document = expectObject({ action }, answer);
  const services = addressIn(document, "modelmanagement", { action }, discoveryUrl);
  if (services !== undefined)
    return { services, artifacts: addressIn(document, "history", { action }, discoveryUrl) };
  throw refusal({ action }, answer, {
    code: "DiscoveryFailed",
    detail: "Expected the address of `modelmanagement`, found none.",
  });
}
