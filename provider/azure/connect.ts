import type { AuthContext } from "./auth/credential";
import { credentialCandidates } from "./auth/candidates";
import { tokenChain, type TokenSource } from "./auth/token-chain";
import { systemClock, type Clock, type Deadline } from "./clock";
import { configuredDiscoveryUrl, discoverHosts, discoveryUrlFromArm, workspaceNotFound } from "./discovery";
import { readDocument } from "./documents";
import { ServiceError } from "./errors";
import { isSafe, send, type Transport } from "./http";
import { proxyFor } from "./proxy";
import { remember } from "./remember";
import { listUrl } from "./services";
import { openSession, type Session } from "./session";
import { cloudOf, workspaceScope, type ClientSettings, type WorkspaceAddress } from "./settings";
import { webservicesOf, type Webservices } from "./webservices";
import type { Workspace } from "./workspace";

export type { ClientSettings, WorkspaceAddress } from "./settings";

/** What tests replace. */
export interface ConnectOptions {
  readonly clock: Clock;
  readonly transport: Transport;
  /** The certificate authority of the identity endpoint, in PEM, where it is not a public one. */
  readonly identityAuthority?: string;
}

const defaults: ConnectOptions = Object.freeze({ clock: systemClock, transport: send });

/**
 * Connects to a workspace. One connection per workspace and process: discovery, credential, token and agent are shared,
 * and remembered as promises (a rejected one is forgotten).
 *
 * @throws ServiceError WorkspaceNotFound, DiscoveryFailed, NoCredential, CredentialRefused, Unreachable, TlsFailed …
 */
export async function connect(
  address: WorkspaceAddress,
  settings: ClientSettings,
  options?: Partial<ConnectOptions>,
): Promise<Webservices> {
  assertAddress(address);
  const { tokens, workspaces } = cacheOf(options ?? defaults);
  const key = keyOf(settings);
  const workspace = await remember(workspaces, `${workspaceScope(address)} ${key}`, async () => {
    const cloud = cloudOf(settings);
    const auth = { ...defaults, ...options, cloud, disableInstanceDiscovery: cloud.isPrivate };
    const source = await remember(tokens, key, async () =>
      tokenChain(credentialCandidates(settings, auth), auth.clock),
    );
    return openWorkspace(address, settings, auth, source);
  });
  return webservicesOf(workspace, undefined);
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

/** What one process shares, per set of options. */
interface Cache {
  readonly tokens: Map<string, Promise<TokenSource>>;
  readonly workspaces: Map<string, Promise<Workspace>>;
}

const caches = new WeakMap<object, Cache>();

function cacheOf(owner: object): Cache {
  const known = caches.get(owner);
  if (known) return known;
  const fresh: Cache = { tokens: new Map(), workspaces: new Map() };
  caches.set(owner, fresh);
  return fresh;
}

const relevantConfig = /^(azureml|azure-native):/;
const relevantEnv = /^(ARM|AZURE|AZUREML|ACTIONS_ID_TOKEN|IDENTITY|MSI)_/;

const keys = new WeakMap<ClientSettings, string>();

/** Settings that would lead to the same connection have the same key; kept, since each operation connects. */
function keyOf(settings: ClientSettings): string {
  const key = keys.get(settings) ?? keyIn(settings);
  keys.set(settings, key);
  return key;
}

function keyIn({ config, env }: ClientSettings): string {
  const pick = (
    from: Readonly<Record<string, string | undefined>>,
    which: RegExp,
  ): [string, string | undefined][] =>
    Object.entries(from)
      .filter(([name]) => which.test(name))
      .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([pick(config, relevantConfig), pick(env, relevantEnv)]);
}

/** Finds the workspace's services: by the discovery URL of the settings, else by ARM. */
async function openWorkspace(
  address: WorkspaceAddress,
  settings: ClientSettings,
  auth: AuthContext,
  tokens: TokenSource,
): Promise<Workspace> {
  const { cloud } = auth;
  /** A session for the hosts that may get the token; what is not listed here never does. */
  const sessionFor = (...urls: string[]): Session => {
    const origins = urls.map((url) => new URL(url).origin);
    const mayTrust = (url: string): boolean => origins.includes(new URL(url).origin) && isSafe(new URL(url));
    return openSession({ clock: auth.clock, transport: auth.transport, tokens, mayTrust });
  };
  const arm = sessionFor(cloud.arm);
  const configured = configuredDiscoveryUrl(settings);
  // A wrong proxy is reported as such, before a token is requested through it.
  const first = configured ?? cloud.arm;
  if (URL.canParse(first)) proxyFor(new URL(first), settings.env);
  const discoveryUrl = configured ?? (await discoveryUrlFromArm(arm, cloud, address));
  const { services, artifacts } = await discoverHosts(arm, discoveryUrl);
  const scope = workspaceScope(address);
  const workspace: Workspace = Object.freeze({
    session: sessionFor(services, artifacts ?? services),
    root: `${services}/modelmanagement/v1.0${scope}`,
    artifactRoot: artifacts && `${artifacts}/artifact/v2.0${scope}/artifacts`,
    scope,
    assertExists: existenceCheck(address, configured === undefined, () => workspace),
  });
  return workspace;
}

/** Remembers that the workspace exists; that it does not is checked again. */
function existenceCheck(
  address: WorkspaceAddress,
  knownFromArm: boolean,
  workspace: () => Workspace,
): (deadline: Deadline | undefined) => Promise<void> {
  const action = `check workspace "${address.workspaceName}"`;
  let known: Promise<void> | undefined = knownFromArm ? Promise.resolve() : undefined;
  /** A list that the service returns shows that the workspace exists where ARM was not asked. */
  const assertListed = async (): Promise<void> => {
    const context = { workspace: workspace(), deadline: undefined };
    const url = listUrl(context, { computeType: "AKS" });
    const found = await readDocument(context, "listServices", action, url);
    if ("absent" in found) throw workspaceNotFound(address, 404);
  };
  return (deadline) => {
    // All callers share the request, each for as long as it may wait.
    const shared = (known ??= assertListed().catch((error: unknown) => {
      known = undefined;
      throw error;
    }));
    return deadline ? deadline.limit({ action, expected: "its services" }, () => shared) : shared;
  };
}
