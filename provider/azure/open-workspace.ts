import type { Clock } from "./clock";
import type { Cloud } from "./cloud";
import { askArm, discover, givenDiscoveryUrl } from "./discovery";
import { existence } from "./existence";
import { isSafe } from "./host";
import type { Transport } from "./http";
import { proxyFor } from "./proxy";
import { openSession, type Session } from "./session";
import { workspaceScope, type ClientSettings, type WorkspaceAddress } from "./settings";
import type { TokenSource } from "./token";
import type { Workspace } from "./workspace";

/** What a workspace is reached with. */
export interface WorkspaceParts {
  readonly clock: Clock;
  readonly transport: Transport;
  readonly tokens: TokenSource;
  readonly cloud: Cloud;
}

/** The session for the hosts that may get the token; what is not listed here never does. */
function sessionFor(parts: WorkspaceParts, origins: readonly string[]): Session {
  const mayTrust = (url: string): boolean => origins.includes(new URL(url).origin) && isSafe(new URL(url));
  return openSession({ ...parts, mayTrust });
}

/** Finds the workspace's services: by the discovery URL of the settings, else by asking ARM for it. */
export async function openWorkspace(
  address: WorkspaceAddress,
  settings: ClientSettings,
  parts: WorkspaceParts,
): Promise<Workspace> {
  const arm = sessionFor(parts, [new URL(parts.cloud.arm).origin]);
  const given = givenDiscoveryUrl(settings);
  // A wrong proxy is told as such, before a token is asked for through it.
  const first = given ?? parts.cloud.arm;
  if (URL.canParse(first)) proxyFor(new URL(first), settings.env);
  const discoveryUrl = given ?? (await askArm(arm, parts.cloud, address, undefined));
  const { services: host, artifacts } = await discover(arm, discoveryUrl, undefined);
  const scope = workspaceScope(address);
  const workspace: Workspace = Object.freeze({
    session: sessionFor(
      parts,
      [host, artifacts ?? host].map((url) => new URL(url).origin),
    ),
    root: `${host}/modelmanagement/v1.0${scope}`,
    artifactRoot: artifacts && `${artifacts}/artifact/v2.0${scope}/artifacts`,
    scope,
    assertExists: existence(address, given === undefined, () => workspace),
  });
  return workspace;
}
