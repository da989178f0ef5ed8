import { credentialCandidates } from "./auth/candidates";
import { systemClock, type Clock } from "./clock";
import { cloudOf } from "./cloud";
import { ServiceError } from "./errors";
import { send, type Transport } from "./http";
import { openWorkspace } from "./open-workspace";
import { remember } from "./remember";
import { workspaceScope, type ClientSettings, type WorkspaceAddress } from "./settings";
import type { TokenSource } from "./token";
import { tokenChain } from "./token-chain";
import { webservicesOf } from "./verbs";
import type { Webservices } from "./webservices";
import type { Workspace } from "./workspace";

export type { ClientSettings, WorkspaceAddress } from "./settings";

/** What tests replace. */
export interface Dependencies {
  readonly clock: Clock;
  readonly transport: Transport;
  /** The certificate authority of the identity endpoint, in PEM, where it is not a public one. */
  readonly identityAuthority?: string;
}

const real: Dependencies = Object.freeze({ clock: systemClock, transport: send });

/** What one process shares, per set of dependencies. */
interface Shared {
  readonly tokens: Map<string, Promise<TokenSource>>;
  readonly workspaces: Map<string, Promise<Workspace>>;
}

const sharedBy = new WeakMap<object, Shared>();

function sharedOf(owner: object): Shared {
  const known = sharedBy.get(owner);
  if (known) return known;
  const fresh: Shared = { tokens: new Map(), workspaces: new Map() };
  sharedBy.set(owner, fresh);
  return fresh;
}

const relevantConfig = /^(azureml|azure-native):/;
const relevantEnv = /^(ARM|AZURE|AZUREML|ACTIONS_ID_TOKEN|IDENTITY|MSI)_/;

/** Settings that would lead to the same connection have the same key. */
function keyOf({ config, env }: ClientSettings): string {
  const pick = (
    from: Readonly<Record<string, string | undefined>>,
    which: RegExp,
  ): [string, string | undefined][] =>
    Object.entries(from)
      .filter(([name]) => which.test(name))
      .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([pick(config, relevantConfig), pick(env, relevantEnv)]);
}

function assertAddress(address: WorkspaceAddress): void {
  const missing = Object.entries(address).filter(
    ([, value]) => !value || /[/?#\\]|^\.{1,2}$/.test(String(value)),
  );
  if (missing.length === 0) return;
  throw new ServiceError({
    action: "connect to the workspace",
    code: "BadSettings",
    detail: `Expected ${missing.map(([name]) => name).join(", ")} as plain names, found none or a path.`,
    advice: "Set azureml:workspaceId to the workspace's ARM id, or name the three parts.",
  });
}

/**
 * Connects to a workspace. One connection per workspace and process: discovery, credential, token and agent are shared,
 * and remembered as promises (a rejected one is forgotten).
 *
 * @throws ServiceError WorkspaceNotFound, DiscoveryFailed, NoCredential, CredentialRefused, Unreachable, TlsFailed …
 */
export async function connect(
  address: WorkspaceAddress,
  settings: ClientSettings,
  deps?: Partial<Dependencies>,
): Promise<Webservices> {
  assertAddress(address);
  const parts: Dependencies = { ...real, ...deps };
  const shared = sharedOf(deps ?? real);
  const key = keyOf(settings);
  const workspace = await remember(shared.workspaces, `${workspaceScope(address)} ${key}`, async () => {
    const cloud = cloudOf(settings);
    const ways = { ...parts, cloud, disableInstanceDiscovery: cloud.isPrivate };
    const tokens = await remember(shared.tokens, key, () =>
      Promise.resolve(tokenChain(credentialCandidates(settings, ways), parts.clock)),
    );
    return openWorkspace(address, settings, { ...parts, tokens, cloud });
  });
  return webservicesOf(workspace, undefined);
}
