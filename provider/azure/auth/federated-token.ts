import { readFile } from "node:fs/promises";
import { TransportFault } from "../fault";
import type { AuthParts } from "./parts";
import type { Principal } from "./principal";
import { CredentialFault } from "./reason";

const patienceMs = 30_000;

function memberOf(text: string, name: string): string | undefined {
  try {
    const value: unknown = (JSON.parse(text) as Record<string, unknown> | null)?.[name];
    return typeof value === "string" && value ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Asks the pipeline's own identity service for a token (GitHub Actions and what speaks its protocol). */
async function request(url: string, requestToken: string, parts: AuthParts): Promise<string> {
  if (!URL.canParse(url)) throw new CredentialFault("the OIDC request URL is not a URL");
  const target = new URL(url);
  if (!target.searchParams.has("audience")) target.searchParams.set("audience", parts.cloud.exchangeAudience);
  const headers = { authorization: `Bearer ${requestToken}`, accept: "application/json" };
  try {
    const answer = await parts.transport({ method: "GET", url: target.href, headers, timeoutMs: patienceMs });
    const token = answer.status === 200 ? memberOf(answer.text, "value") : undefined;
    if (token) return token;
    throw new CredentialFault(`the OIDC request URL answered ${answer.status} without a token`);
  } catch (error) {
    throw error instanceof TransportFault
      ? new CredentialFault("the OIDC request URL is unreachable")
      : error;
  }
}

async function fromFile(path: string): Promise<string> {
  const token = await readFile(path, "utf8").catch(() => {
    throw new CredentialFault("the OIDC token file cannot be read");
  });
  return token.trim();
}

/** The token of another issuer that proves who the pipeline is; read anew each time, since such tokens live minutes. */
export async function federatedToken(principal: Principal, parts: AuthParts): Promise<string> {
  const { oidcToken, oidcTokenFilePath, oidcRequestUrl, oidcRequestToken } = principal;
  if (oidcToken) return oidcToken;
  if (oidcTokenFilePath) return fromFile(oidcTokenFilePath);
  if (oidcRequestUrl && oidcRequestToken) return request(oidcRequestUrl, oidcRequestToken, parts);
  throw new CredentialFault("neither an OIDC token nor a request URL with its request token is set");
}
