import { credentialCandidates } from "../../provider/azure/auth/candidates";
import { credentialTexts } from "../../provider/azure/auth/principal";
import { tokenChain, type Candidate } from "../../provider/azure/auth/token-chain";
import { deadlineAfter, type Clock } from "../../provider/azure/clock";
import { configuredDiscoveryUrl, discoverHosts, discoveryUrlFromArm } from "../../provider/azure/discovery";
import { ServiceError } from "../../provider/azure/errors";
import { isSafe, send, type HttpResponse, type Transport } from "../../provider/azure/http";
import { jsonObject, membersOf, isObject } from "../../provider/azure/response";
import { safeText } from "../../provider/azure/safe-text";
import { openSession, type RequestOptions, type Session } from "../../provider/azure/session";
import { cloudOf, workspaceScope, type ClientSettings } from "../../provider/azure/settings";
import { parseWorkspaceId } from "../../provider/core/address";
import { ok, problem, unknown, type Finding } from "./finding";
import { kubernetesFindings, kubernetesUnasked } from "./kubernetes";
import { lacking, roleActions, type Permission } from "./roles";
import { verbFindings } from "./verbs";

export interface Diagnosed {
  readonly clock: Clock;
  readonly settings: ClientSettings;
  /** Undefined where none is named, or none that can be read. */
  readonly workspaceId: string | undefined;
  readonly transport?: Transport;
  readonly interrupt: AbortSignal;
  /** What the services are to leave for; undefined where they stay. */
  readonly target?: "kubernetes" | undefined;
}

/** A probe must not wait long: one try or two are enough. */
const PROBE_MS = 15_000;
const MOST_SKEW_MS = 5 * 60_000;

/** What needs a workspace; what depends on something that failed is left out, since its cause is named already. */
export const workspaceFindings = async (diagnosed: Diagnosed): Promise<readonly Finding[]> => {
  const { workspaceId, settings } = diagnosed;
  const address = workspaceId === undefined ? undefined : parseWorkspaceId(workspaceId);
  if (!address)
    return [
      problem(
        "workspace",
        workspaceId === undefined ? "no workspace is named" : "what names the workspace is no ARM id",
        "Give --workspace-id /subscriptions/…/workspaces/<name>, or set AZUREML_WORKSPACE_ID.",
      ),
    ];
  try {
    cloudOf(settings);
  } catch (error) {
    return [failed("cloud", error)];
  }
  const safe = safeText(credentialTexts(settings));
  const findings = await connected(diagnosed, workspaceScope(address));
  return findings.map((finding) => ({ ...finding, found: safe(finding.found).replace(/\s+/g, " ") }));
};

const connected = async (diagnosed: Diagnosed, scope: string): Promise<readonly Finding[]> => {
  const { clock, settings, transport = send } = diagnosed;
  const cloud = cloudOf(settings);
  const seen: { date?: string; at: number } = { at: 0 };
  const noting: Transport = async (request) => {
    const response = await transport(request);
    if (response.headers["date"]) Object.assign(seen, { date: response.headers["date"], at: clock.now() });
    return response;
  };
  const auth = { clock, transport: noting, cloud, disableInstanceDiscovery: cloud.isPrivate };
  const { credential, candidates } = await credentialFinding(credentialCandidates(settings, auth));
  if (credential.status !== "ok") return [credential];
  const tokens = tokenChain(candidates, clock);
  const sessionFor = (...urls: string[]): Session => {
    const origins = urls.map((url) => new URL(url).origin);
    const mayTrust = (url: string): boolean => origins.includes(new URL(url).origin) && isSafe(new URL(url));
    return limited(openSession({ clock, transport: noting, tokens, mayTrust }), diagnosed);
  };
  const arm = sessionFor(cloud.arm);
  try {
    const url =
      configuredDiscoveryUrl(settings) ?? (await discoveryUrlFromArm(arm, cloud, parseWorkspaceId(scope)!));
    const { services } = await discoverHosts(arm, url);
    const root = `${services}/modelmanagement/v1.0${scope}`;
    return [
      credential,
      ok("discovery", new URL(services).host),
      skewFinding(seen),
      await permissionsFinding(arm, `${cloud.arm}${scope}`, settings),
      ...(await verbFindings(sessionFor(services), root)),
      ...(diagnosed.target === undefined
        ? []
        : isArmUnasked(settings)
          ? kubernetesUnasked
          : await kubernetesFindings({
              arm,
              armUrl: cloud.arm,
              scope,
              services: sessionFor(services),
              root,
            })),
    ];
  } catch (error) {
    return [credential, failed("discovery", error), skewFinding(seen)];
  }
};

/** Every request of a probe gives up soon. */
const limited = (session: Session, { clock, interrupt }: Diagnosed): Session => ({
  ...session,
  send: (request: RequestOptions): Promise<HttpResponse> =>
    session.send({ ...request, deadline: deadlineAfter(clock, PROBE_MS, interrupt) }),
});

const failed = (id: string, error: unknown): Finding => {
  if (!(error instanceof ServiceError)) throw error;
  return problem(id, `${error.code}: ${error.detail ?? error.message}`, error.advice);
};

/** The first credential that gives a token, by name; those before it with the reason why not. */
const credentialFinding = async (
  candidates: readonly Candidate[],
): Promise<{ readonly credential: Finding; readonly candidates: readonly Candidate[] }> => {
  const tried: string[] = [];
  for (const [at, { name, get }] of candidates.entries()) {
    try {
      await get();
      const before = tried.length > 0 ? ` (before it: ${tried.join("; ")})` : "";
      return { credential: ok("credential", `${name}${before}`), candidates: candidates.slice(at) };
    } catch (error) {
      tried.push(`${name} (${error instanceof Error ? error.message : "failed"})`);
    }
  }
  const next =
    "Run az login, or set ARM_CLIENT_ID, ARM_TENANT_ID and ARM_CLIENT_SECRET, or AZUREML_ACCESS_TOKEN.";
  return {
    credential: problem("credential", `none gave a token: ${tried.join("; ")}`, next),
    candidates: [],
  };
};

const skewFinding = ({ date, at }: { readonly date?: string; readonly at: number }): Finding => {
  const there = date === undefined ? Number.NaN : Date.parse(date);
  if (!Number.isFinite(there))
    return unknown("clock", "no answer had a date", "Check that this machine's clock is right.");
  const minutes = Math.round((at - there) / 60_000);
  return Math.abs(at - there) > MOST_SKEW_MS
    ? problem(
        "clock",
        `this machine's clock is ${Math.abs(minutes)} minutes ${minutes > 0 ? "ahead" : "behind"}`,
        "Set the clock: tokens and signed addresses are refused otherwise.",
      )
    : ok("clock", "within five minutes of the service's");
};

/** Whether the address is a test's, or a private one, beside which ARM's own means nothing. */
const isArmUnasked = ({ env }: ClientSettings): boolean =>
  Boolean(env["AZUREML_DISCOVERY_URL"]) && !env["AZUREML_ARM_ENDPOINT"];

const PERMISSIONS = "/providers/Microsoft.Authorization/permissions?api-version=2022-04-01";

/** What ARM says that the identity may do; that it may read says nothing of what it may write. */
const permissionsFinding = async (
  arm: Session,
  workspace: string,
  settings: ClientSettings,
): Promise<Finding> => {
  const id = "permissions";
  const next =
    "Ask for `az role assignment list --assignee <identity> --scope <workspace id> --include-inherited`.";
  if (isArmUnasked(settings)) return unknown(id, "ARM is not read while AZUREML_DISCOVERY_URL is set", next);
  try {
    const response = await arm.send({
      action: "read the permissions",
      method: "GET",
      url: `${workspace}${PERMISSIONS}`,
      repeatable: true,
    });
    const { value } = jsonObject(response) ?? {};
    if (response.status !== 200 || !Array.isArray(value))
      return unknown(id, `ARM answered ${response.status}`, next);
    return permitted(id, value.filter(isObject).map(permissionOf));
  } catch (error) {
    return unknown(id, failed(id, error).found, next);
  }
};

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((text) => typeof text === "string") : [];

const permissionOf = (value: unknown): Permission => ({
  actions: texts(membersOf(value)["actions"]),
  notActions: texts(membersOf(value)["notActions"]),
});

const permitted = (id: string, permissions: readonly Permission[]): Finding => {
  const missing = lacking(roleActions["up"]!, permissions);
  if (missing.length === 0) return ok(id, "all that up needs");
  const mayImport = lacking(roleActions["preview (with livePreview), import"]!, permissions).length === 0;
  return problem(
    id,
    `${mayImport ? "enough for preview and import; " : ""}up lacks ${missing.join(", ")}`,
    "Give the identity the role below, or AzureML Data Scientist, on the workspace.",
  );
};
