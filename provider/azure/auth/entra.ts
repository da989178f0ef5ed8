import { readFile } from "node:fs/promises";
import type { TokenCredential } from "@azure/identity";
import { exemptThisMachine } from "../proxy";
import { CredentialFault, safeReason, type AuthContext } from "./credential";
import type { Principal } from "./principal";
import type { BearerToken } from "./token-chain";

const patienceMs = 60_000;

const load = () => {
  exemptThisMachine(process.env);
  return import("@azure/identity");
};

/** The options of all credentials of the identity library. */
const optionsOf = (context: AuthContext) => ({
  authorityHost: context.cloud.authority,
  disableInstanceDiscovery: context.disableInstanceDiscovery,
  retryOptions: { maxRetries: 2 },
  ...(context.identityAuthority ? { tlsOptions: { ca: context.identityAuthority } } : {}),
});

/** Some credentials ignore the signal (they wait for a program), so that time is watched here too. */
async function inTime<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(patienceMs);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(new CredentialFault("no token within a minute")), {
      once: true,
    });
  });
  return Promise.race([work(signal), late]);
}

async function tokenOf(credential: TokenCredential, context: AuthContext): Promise<BearerToken> {
  const given = await inTime((abortSignal) => credential.getToken(context.cloud.scope, { abortSignal }));
  if (!given) throw new CredentialFault("no token was given");
  return { token: given.token, expiresOn: given.expiresOnTimestamp };
}

/** A token of a credential that is made for it (the chain keeps the token); failures are put in safe words. */
export async function tokenFrom(
  make: () => Promise<TokenCredential>,
  context: AuthContext,
): Promise<BearerToken> {
  try {
    return await tokenOf(await make(), context);
  } catch (error) {
    throw new CredentialFault(safeReason(error));
  }
}

interface Ids {
  readonly tenantId: string;
  readonly clientId: string;
}

function idsOf({ tenantId, clientId }: Principal): Ids {
  if (tenantId && clientId) return { tenantId, clientId };
  throw new CredentialFault(
    `${[!tenantId && "tenantId", !clientId && "clientId"].filter(Boolean).join(" and ")} missing`,
  );
}

/** A service principal with a secret. */
export async function secretCredential(principal: Principal, context: AuthContext): Promise<TokenCredential> {
  const { tenantId, clientId } = idsOf(principal);
  const { ClientSecretCredential } = await load();
  return new ClientSecretCredential(tenantId, clientId, principal.clientSecret ?? "", optionsOf(context));
}

async function readPem(path: string): Promise<string> {
  const content = await readFile(path, "latin1").catch(() => {
    throw new CredentialFault("the certificate file cannot be read");
  });
  if (content.includes("-----BEGIN")) return content;
  throw new CredentialFault(
    "the certificate file is not PEM; `openssl pkcs12 -in file.pfx -out file.pem` converts it",
  );
}

/** A service principal with a certificate: a PEM file with certificate and private key. */
export async function certificateCredential(
  principal: Principal,
  context: AuthContext,
): Promise<TokenCredential> {
  const { tenantId, clientId } = idsOf(principal);
  const certificate = await readPem(principal.clientCertificatePath ?? "");
  const password = principal.clientCertificatePassword;
  const { ClientCertificateCredential } = await load();
  return new ClientCertificateCredential(
    tenantId,
    clientId,
    { certificate, ...(password ? { certificatePassword: password } : {}) },
    optionsOf(context),
  );
}

/** A service principal that trusts the tokens of another issuer. */
export async function assertionCredential(
  principal: Principal,
  assertion: string,
  context: AuthContext,
): Promise<TokenCredential> {
  const { tenantId, clientId } = idsOf(principal);
  const { ClientAssertionCredential } = await load();
  return new ClientAssertionCredential(
    tenantId,
    clientId,
    () => Promise.resolve(assertion),
    optionsOf(context),
  );
}

/** The managed identity of the machine or pod. */
export async function managedIdentityCredential(
  clientId: string | undefined,
  context: AuthContext,
): Promise<TokenCredential> {
  const { ManagedIdentityCredential } = await load();
  const options = optionsOf(context);
  return clientId
    ? new ManagedIdentityCredential({ ...options, clientId })
    : new ManagedIdentityCredential(options);
}

/** Whatever the machine offers: AZURE_* variables, workload and managed identity, `az login` and other tools. */
export async function defaultCredential(
  tenantId: string | undefined,
  context: AuthContext,
): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await load();
  return new DefaultAzureCredential({ ...optionsOf(context), ...(tenantId ? { tenantId } : {}) });
}
