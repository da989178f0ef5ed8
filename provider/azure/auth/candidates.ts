import type { ClientSettings } from "../settings";
import { CredentialFault, type AuthContext } from "./credential";
import {
  assertionCredential,
  certificateCredential,
  defaultCredential,
  tokenFrom,
  managedIdentityCredential,
  secretCredential,
} from "./entra";
import { principals, tenantOf, type NamedPrincipal, type Principal } from "./principal";
import type { BearerToken, Candidate } from "./token-chain";
import { federatedToken, managedIdentityToken } from "./token-endpoints";

/**
 * All credentials that the settings offer, in the order in which they are tried: AZUREML_ACCESS_TOKEN, azureml:*,
 * azure-native:*, ARM_*, then whatever the machine offers. Nothing is requested or loaded until a candidate is used.
 */
export function credentialCandidates(settings: ClientSettings, context: AuthContext): Candidate[] {
  const machine = () => tokenFrom(() => defaultCredential(tenantOf(settings), context), context);
  return [
    ...readyMade("AZUREML_ACCESS_TOKEN", settings.env["AZUREML_ACCESS_TOKEN"]),
    ...readyMade("azureml:accessToken", settings.config["azureml:accessToken"]),
    ...principals(settings).flatMap((named) => candidatesOf(named, context)),
    { name: "DefaultAzureCredential with az login", get: machine },
  ];
}

const isOn = (flag: string | undefined): boolean => /^(true|1|yes)$/i.test(flag ?? "");

/** A token as it is given. What cannot be sent in a header is refused here, where its name is known. */
function checkedToken(token: string): BearerToken {
  if (/^[\x21-\x7e]+$/.test(token)) return { token, expiresOn: Infinity };
  throw new CredentialFault("is no bearer token: it holds spaces, line breaks or other characters");
}

const readyMade = (name: string, token: string | undefined): Candidate[] =>
  token?.trim() ? [{ name, get: async () => checkedToken(token.trim()) }] : [];

/** How a principal proves itself; undefined when it has no such proof. */
type Proof = (principal: Principal, context: AuthContext) => Candidate["get"] | undefined;

const bySecret: Proof = (principal, context) =>
  principal.clientSecret ? () => tokenFrom(() => secretCredential(principal, context), context) : undefined;

const byCertificate: Proof = (principal, context) =>
  principal.clientCertificatePath
    ? () => tokenFrom(() => certificateCredential(principal, context), context)
    : undefined;

const byOidc: Proof = (principal, context) => {
  if (!isOn(principal.useOidc) && !principal.oidcToken && !principal.oidcTokenFilePath) return undefined;
  return async () => {
    const assertion = await federatedToken(principal, context);
    return tokenFrom(() => assertionCredential(principal, assertion, context), context);
  };
};

const byManagedIdentity: Proof = (principal, context) => {
  if (!isOn(principal.useMsi)) return undefined;
  const { msiEndpoint, clientId } = principal;
  if (msiEndpoint) return () => managedIdentityToken(msiEndpoint, clientId, context);
  return () => tokenFrom(() => managedIdentityCredential(clientId, context), context);
};

const proofs: readonly (readonly [string, Proof])[] = [
  ["client secret", bySecret],
  ["client certificate", byCertificate],
  ["OIDC token", byOidc],
  ["managed identity", byManagedIdentity],
];

const candidatesOf = ({ source, principal }: NamedPrincipal, context: AuthContext): Candidate[] =>
  proofs.flatMap(([name, proof]) => {
    const get = proof(principal, context);
    return get ? [{ name: `${source} ${name}`, get }] : [];
  });
