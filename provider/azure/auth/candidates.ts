import type { ClientSettings } from "../settings";
import type { BearerToken } from "../token";
import type { Candidate } from "../token-chain";
import {
  assertionCredential,
  certificateCredential,
  defaultCredential,
  tokenFrom,
  managedIdentityCredential,
  secretCredential,
} from "./entra";
import { federatedToken } from "./federated-token";
import { askManagedIdentity } from "./managed-identity-endpoint";
import type { AuthParts } from "./parts";
import { CredentialFault } from "./reason";
import { principals, tenantOf, type NamedPrincipal, type Principal } from "./principal";

const isOn = (flag: string | undefined): boolean => /^(true|1|yes)$/i.test(flag ?? "");

/** A token as it is given. What cannot be sent in a header is refused here, where its name can be told. */
function checkedToken(token: string): BearerToken {
  if (/^[\x21-\x7e]+$/.test(token)) return { token, expiresOn: Infinity };
  throw new CredentialFault("is no bearer token: it holds spaces, line breaks or other characters");
}

const readyMade = (name: string, token: string | undefined): Candidate[] =>
  token?.trim() ? [{ name, get: async () => checkedToken(token.trim()) }] : [];

type Way = (principal: Principal, parts: AuthParts) => Candidate["get"] | undefined;

const bySecret: Way = (principal, parts) =>
  principal.clientSecret ? () => tokenFrom(() => secretCredential(principal, parts), parts) : undefined;

const byCertificate: Way = (principal, parts) =>
  principal.clientCertificatePath
    ? () => tokenFrom(() => certificateCredential(principal, parts), parts)
    : undefined;

const byOidc: Way = (principal, parts) => {
  if (!isOn(principal.useOidc) && !principal.oidcToken && !principal.oidcTokenFilePath) return undefined;
  return async () => {
    const assertion = await federatedToken(principal, parts);
    return tokenFrom(() => assertionCredential(principal, assertion, parts), parts);
  };
};

const byManagedIdentity: Way = (principal, parts) => {
  if (!isOn(principal.useMsi)) return undefined;
  const { msiEndpoint, clientId } = principal;
  if (msiEndpoint) return () => askManagedIdentity(msiEndpoint, clientId, parts);
  return () => tokenFrom(() => managedIdentityCredential(clientId, parts), parts);
};

const ways: readonly (readonly [string, Way])[] = [
  ["client secret", bySecret],
  ["client certificate", byCertificate],
  ["OIDC token", byOidc],
  ["managed identity", byManagedIdentity],
];

const candidatesOf = ({ source, principal }: NamedPrincipal, parts: AuthParts): Candidate[] =>
  ways.flatMap(([name, way]) => {
    const get = way(principal, parts);
    return get ? [{ name: `${source} ${name}`, get }] : [];
  });

/**
 * All ways to a token that the settings offer, in the order in which they are tried: AZUREML_ACCESS_TOKEN, azureml:*,
 * azure-native:*, ARM_*, then whatever the machine offers. Nothing is asked or loaded until a candidate is used.
 */
export function credentialCandidates(settings: ClientSettings, parts: AuthParts): Candidate[] {
  const machine = () => tokenFrom(() => defaultCredential(tenantOf(settings), parts), parts);
  return [
    ...readyMade("AZUREML_ACCESS_TOKEN", settings.env["AZUREML_ACCESS_TOKEN"]),
    ...readyMade("azureml:accessToken", settings.config["azureml:accessToken"]),
    ...principals(settings).flatMap((named) => candidatesOf(named, parts)),
    { name: "DefaultAzureCredential with az login", get: machine },
  ];
}
