import { readFile } from "node:fs/promises";
import { TransportFault } from "../http";
import { jsonObject, type JsonObject } from "../response";
import { CredentialFault, type AuthContext } from "./credential";
import type { Principal } from "./principal";
import type { BearerToken } from "./token-chain";

/** The token of another issuer that proves who the pipeline is; read anew each time, since such tokens live minutes. */
export async function federatedToken(principal: Principal, context: AuthContext): Promise<string> {
  const { oidcToken, oidcTokenFilePath, oidcRequestUrl, oidcRequestToken } = principal;
  if (oidcToken) return oidcToken;
  if (oidcTokenFilePath) return tokenFromFile(oidcTokenFilePath);
  if (oidcRequestUrl && oidcRequestToken) return pipelineToken(oidcRequestUrl, oidcRequestToken, context);
  throw new CredentialFault("neither an OIDC token nor a request URL with its request token is set");
}

async function tokenFromFile(path: string): Promise<string> {
  const token = await readFile(path, "utf8").catch(() => {
    throw new CredentialFault("the OIDC token file cannot be read");
  });
  return token.trim();
}

/** A token of the pipeline's own identity service (GitHub Actions and what speaks its protocol). */
async function pipelineToken(requestUrl: string, secret: string, context: AuthContext): Promise<string> {
  if (!URL.canParse(requestUrl)) throw new CredentialFault("the OIDC request URL is not a URL");
  const url = new URL(requestUrl);
  if (!url.searchParams.has("audience")) url.searchParams.set("audience", context.cloud.exchangeAudience);
  const endpoint = { url, name: "the OIDC request URL", unreachable: "the OIDC request URL is unreachable" };
  return requestToken(context, endpoint, { authorization: `Bearer ${secret}` }, ({ value }) =>
    typeof value === "string" && value ? value : undefined,
  );
}

const apiVersion = "2018-02-01";

/** A token of the endpoint that `msiEndpoint` names, in the instance metadata service's protocol. */
export async function managedIdentityToken(
  msiEndpoint: string,
  clientId: string | undefined,
  context: AuthContext,
): Promise<BearerToken> {
  if (!URL.canParse(msiEndpoint)) throw new CredentialFault("the managed identity endpoint is not a URL");
  const url = new URL(msiEndpoint);
  url.searchParams.set("api-version", apiVersion);
  url.searchParams.set("resource", context.cloud.scope.replace(/\.default$/, ""));
  if (clientId) url.searchParams.set("client_id", clientId);
  const endpoint = {
    url,
    name: "the managed identity endpoint",
    unreachable: "managed identity endpoint unreachable",
  };
  return requestToken(context, endpoint, { metadata: "true" }, (body) =>
    bearerToken(body, context.clock.now()),
  );
}

function bearerToken(body: JsonObject, now: number): BearerToken | undefined {
  const token = body["access_token"];
  const expires = Number(body["expires_on"]) * 1000;
  const expiresOn = Number.isFinite(expires) ? expires : now + Number(body["expires_in"] ?? 0) * 1000;
  return typeof token === "string" && token ? { token, expiresOn } : undefined;
}

interface Endpoint {
  readonly url: URL;
  readonly name: string;
  /** The error when it does not respond. */
  readonly unreachable: string;
}

const patienceMs = 30_000;

/** Requests a token. @param read the token in the response's body; undefined when there is none */
async function requestToken<T>(
  { transport }: AuthContext,
  { url, name, unreachable }: Endpoint,
  headers: Readonly<Record<string, string>>,
  read: (body: JsonObject) => T | undefined,
): Promise<T> {
  const response = await transport({
    method: "GET",
    url: url.href,
    headers: { ...headers, accept: "application/json" },
    timeoutMs: patienceMs,
  }).catch((error: unknown) => {
    throw error instanceof TransportFault ? new CredentialFault(unreachable) : error;
  });
  const body = response.status === 200 ? jsonObject(response) : undefined;
  const token = body && read(body);
  if (token) return token;
  throw new CredentialFault(`${name} answered ${response.status} without a token`);
}
