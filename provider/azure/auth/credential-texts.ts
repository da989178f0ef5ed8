import type { ClientSettings, identityKeys } from "../settings";
import { variables } from "./principal";

/** The settings of an identity that prove it. */
const proofs: readonly (typeof identityKeys)[number][] = [
  "clientSecret",
  "clientCertificatePassword",
  "oidcToken",
  "oidcRequestToken",
];

/** Configuration that should be stored as a secret, by full key. */
export const secretConfigKeys: readonly string[] = Object.freeze([
  "azureml:accessToken",
  ...proofs.flatMap((key) => [`azureml:${key}`, `azure-native:${key}`]),
]);

/** By what the identity library itself signs in. */
const machines = ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD", "AZURE_PASSWORD"];
const endpoints = ["IDENTITY_HEADER", "MSI_SECRET"];
const variablesWithSecrets = [
  ...["AZUREML_ACCESS_TOKEN", ...machines, ...endpoints],
  ...proofs.flatMap((key) => variables[key]),
];

const proxies = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].flatMap((name) => [name, name.toLowerCase()]);

const passwordIn = (url: string | undefined): string | undefined =>
  url && URL.canParse(url) ? decoded(new URL(url).password) : undefined;

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/**
 * The client's own credentials among configuration and environment, and nothing that is merely called one. (What a file
 * holds, a private key or another issuer's token, goes to the identity endpoint alone.)
 */
export const credentialTexts = ({ config, env }: ClientSettings): readonly string[] =>
  [
    ...secretConfigKeys.map((key) => config[key]),
    ...variablesWithSecrets.map((name) => env[name]),
    ...proxies.map((name) => passwordIn(env[name])),
  ].flatMap((text) => text?.trim() || []);
