import { credentialCandidates } from "./auth/candidates";
import { accessToken, listKeys, regenerateKey } from "./keys";
import { migrateService, patchService, removeService } from "./change-service";
import { systemClock, type Clock } from "./clock";
import { cloudOf, type Cloud } from "./cloud";
import { createService } from "./create-service";
import { askArm, discover, givenDiscoveryUrl, workspaceNotFound } from "./discovery";
import { ServiceError } from "./errors";
import { expectObject } from "./answer";
import { send, type Transport } from "./http";
import { askList, listQuery, listServices } from "./list-services";
import { containerLog, operationLog } from "./logs";
import { readService } from "./read-service";
import { remember } from "./remember";
import { openSession, type Session } from "./session";
import { workspaceScope, type ClientSettings, type WorkspaceAddress } from "./settings";
import type { TokenSource } from "./token";
import { tokenChain } from "./token-chain";
import { waitForOperation } from "./wait";
import type { Webservices } from "./webservices";
import { operationUrl, type Context, type Workspace } from "./workspace";

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
const relevantEnv = /^(ARM|AZURE|AZUREML|ACTIONS_ID_TOKEN|IDENTITY|MSI)_|^PATH$/;

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

/** Every method gives up at the same deadline; undefined leaves each its default. */
function webservicesOf(workspace: Workspace, deadline: number | undefined): Webservices {
  const context: Context = Object.freeze({ workspace, deadline });
  const by = (limit: number): Context => ({ workspace, deadline: limit });
  return Object.freeze<Webservices>({
    within: (limit) => webservicesOf(workspace, limit),
    get: (name) => readService(context, name),
    create: (body) => createService(context, body),
    patch: (name, operations) => patchService(context, name, operations),
    remove: (name) => removeService(context, name),
    listKeys: (name) => listKeys(context, name),
    regenerateKey: (name, which, value) => regenerateKey(context, name, which, value),
    accessToken: (name) => accessToken(context, name),
    logs: (name, options) => containerLog(context, name, options),
    list: (filters) => listServices(context, filters),
    migrate: (name, computeTarget) => migrateService(context, name, computeTarget),
    operationLog: (operation) => operationLog(context, operation),
    wait: (operation, options) =>
      waitForOperation(
        {
          session: workspace.session,
          operationUrl: (id) => operationUrl(context, id),
          readService: (name, limit) => readService(by(limit), name),
        },
        operation,
        options,
      ),
  });
}

/** A list that is answered shows that the workspace exists where ARM was not asked. */
async function assertListed(
  workspace: Workspace,
  address: WorkspaceAddress,
  deadline: number | undefined,
): Promise<void> {
  const context: Context = { workspace, deadline };
  const answer = await askList(context, `${workspace.root}/services?${listQuery({ computeType: "AKS" })}`);
  if (answer.status === 404) throw workspaceNotFound(address, 404);
  expectObject({ action: `check workspace "${address.workspaceName}"` }, answer);
}

/** Remembers that the workspace exists; that it does not is asked again. */
function existence(
  address: WorkspaceAddress,
  knownFromArm: boolean,
  workspace: () => Workspace,
): Workspace["assertExists"] {
  let known: Promise<void> | undefined = knownFromArm ? Promise.resolve() : undefined;
  return (deadline) => {
    known ??= assertListed(workspace(), address, deadline).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}

/** The session for the hosts that may get the token; what is not listed here never does. */
function sessionFor(parts: Dependencies, tokens: TokenSource, origins: readonly string[]): Session {
  return openSession({ ...parts, tokens, mayTrust: (url) => origins.includes(new URL(url).origin) });
}

async function openWorkspace(
  address: WorkspaceAddress,
  settings: ClientSettings,
  parts: Dependencies,
  tokens: TokenSource,
  cloud: Cloud,
): Promise<Workspace> {
  const arm = sessionFor(parts, tokens, [new URL(cloud.arm).origin]);
  const given = givenDiscoveryUrl(settings);
  const discoveryUrl = given ?? (await askArm(arm, cloud, address, undefined));
  const host = await discover(arm, discoveryUrl, undefined);
  const scope = workspaceScope(address);
  const workspace: Workspace = Object.freeze({
    session: sessionFor(parts, tokens, [new URL(host).origin]),
    root: `${host}/modelmanagement/v1.0${scope}`,
    scope,
    assertExists: existence(address, given === undefined, () => workspace),
  });
  return workspace;
}

function assertAddress(address: WorkspaceAddress): void {
  const missing = Object.entries(address).filter(([, value]) => !value || /[/?#]/.test(String(value)));
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
    const tokens = await remember(shared.tokens, key, () =>
      Promise.resolve(
        tokenChain(
          credentialCandidates(settings, { ...parts, cloud, disableInstanceDiscovery: cloud.isPrivate }),
          parts.clock,
        ),
      ),
    );
    return openWorkspace(address, settings, parts, tokens, cloud);
  });
  return webservicesOf(workspace, undefined);
}
