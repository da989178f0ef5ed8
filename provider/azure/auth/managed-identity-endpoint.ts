import { TransportFault } from "../fault";
import type { BearerToken } from "../token";
import type { AuthParts } from "./parts";
import { CredentialFault } from "./reason";

const patienceMs = 30_000;
const apiVersion = "2018-02-01";

function readToken(text: string, now: number): BearerToken | undefined {
  try {
    const body = JSON.parse(text) as Record<string, unknown> | null;
    const token = body?.["access_token"];
    const expires = Number(body?.["expires_on"]) * 1000;
    const expiresOn = Number.isFinite(expires) ? expires : now + Number(body?.["expires_in"] ?? 0) * 1000;
    return typeof token === "string" && token ? { token, expiresOn } : undefined;
  } catch {
    return undefined;
  }
}

/** Asks the managed identity endpoint that `msiEndpoint` names, in the instance metadata service's protocol. */
export async function askManagedIdentity(
  endpoint: string,
  clientId: string | undefined,
  parts: AuthParts,
): Promise<BearerToken> {
  if (!URL.canParse(endpoint)) throw new CredentialFault("the managed identity endpoint is not a URL");
  const url = new URL(endpoint);
  url.searchParams.set("api-version", apiVersion);
  url.searchParams.set("resource", parts.cloud.scope.replace(/\.default$/, ""));
  if (clientId) url.searchParams.set("client_id", clientId);
  try {
    const headers = { metadata: "true", accept: "application/json" };
    const answer = await parts.transport({ method: "GET", url: url.href, headers, timeoutMs: patienceMs });
    const token = answer.status === 200 ? readToken(answer.text, parts.clock.now()) : undefined;
    if (token) return token;
    throw new CredentialFault(`the managed identity endpoint answered ${answer.status} without a token`);
  } catch (error) {
    throw error instanceof TransportFault
      ? new CredentialFault("managed identity endpoint unreachable")
      : error;
  }
}
