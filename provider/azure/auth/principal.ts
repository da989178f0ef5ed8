import { identityKeys, type ClientSettings } from "../settings";

type Key = (typeof identityKeys)[number];

/** The identity to use by one source of settings. */
export type Principal = Readonly<Partial<Record<Key, string>>>;

/** Each setting with the environment variables that carry it. */
const variables: Readonly<Record<Key, readonly string[]>> = Object.freeze({
  clientId: ["ARM_CLIENT_ID"],
  tenantId: ["ARM_TENANT_ID"],
  clientSecret: ["ARM_CLIENT_SECRET"],
  clientCertificatePath: ["ARM_CLIENT_CERTIFICATE_PATH"],
  clientCertificatePassword: ["ARM_CLIENT_CERTIFICATE_PASSWORD"],
  useOidc: ["ARM_USE_OIDC"],
  oidcToken: ["ARM_OIDC_TOKEN"],
  oidcTokenFilePath: ["ARM_OIDC_TOKEN_FILE_PATH"],
  oidcRequestUrl: ["ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL"],
  oidcRequestToken: ["ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"],
  useMsi: ["ARM_USE_MSI"],
  msiEndpoint: ["ARM_MSI_ENDPOINT"],
});

/** A source with its name for error texts. */
export interface NamedPrincipal {
  readonly source: string;
  readonly principal: Principal;
}

/** The sources in the order in which they are tried. */
export function principals(settings: ClientSettings): readonly NamedPrincipal[] {
  const environment = fromEnvironment(settings);
  const native = fromConfig(settings, "azure-native");
  const own = fromConfig(settings, "azureml");
  return [
    { source: "azureml:*", principal: complete(own, { ...environment, ...native }) },
    { source: "azure-native:*", principal: complete(native, environment) },
    { source: "ARM_*", principal: environment },
  ];
}

/** The tenant that any source names: azureml:*, then azure-native:*, then ARM_TENANT_ID. */
export const tenantOf = (settings: ClientSettings): string | undefined =>
  fromConfig(settings, "azureml").tenantId ??
  fromConfig(settings, "azure-native").tenantId ??
  fromEnvironment(settings).tenantId;

const proofs: readonly Key[] = [
  "clientSecret",
  "clientCertificatePath",
  "oidcToken",
  "oidcTokenFilePath",
  "useOidc",
  "useMsi",
];

const pick = (read: (key: Key) => string | undefined): Principal =>
  Object.fromEntries(
    identityKeys.flatMap((key) => {
      const value = read(key)?.trim();
      return value ? [[key, value]] : [];
    }),
  );

const fromConfig = ({ config }: ClientSettings, provider: string): Principal =>
  pick((key) => config[`${provider}:${key}`]);

const fromEnvironment = ({ env }: ClientSettings): Principal =>
  pick((key) => variables[key].map((name) => env[name]).find(Boolean));

/** The ids without a proof: what a more specific source may leave to a more general one. */
const identityOf = ({ clientId, tenantId }: Principal): Principal =>
  pick((key) => (key === "clientId" ? clientId : key === "tenantId" ? tenantId : undefined));

/**
 * A source with a proof of its own takes only missing ids from the next one; a source that only names an identity
 * takes the proof from there too; a source with neither offers nothing.
 */
function complete(own: Principal, next: Principal): Principal {
  if (proofs.some((key) => own[key] !== undefined)) return { ...identityOf(next), ...own };
  return own.clientId === undefined ? {} : { ...next, ...own };
}

/** The settings of an identity that are secret. */
const secretKeys: readonly Key[] = [
  "clientSecret",
  "clientCertificatePassword",
  "oidcToken",
  "oidcRequestToken",
];

/** Configuration that should be stored as a secret, by full key. */
export const secretConfigKeys: readonly string[] = Object.freeze([
  "azureml:accessToken",
  ...secretKeys.flatMap((key) => [`azureml:${key}`, `azure-native:${key}`]),
]);

/** What the identity library itself signs in with. */
const libraryVariables = ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD", "AZURE_PASSWORD"];
const endpointVariables = ["IDENTITY_HEADER", "MSI_SECRET"];
const variablesWithSecrets = [
  ...["AZUREML_ACCESS_TOKEN", ...libraryVariables, ...endpointVariables],
  ...secretKeys.flatMap((key) => variables[key]),
];

const proxyVariables = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].flatMap((name) => [
  name,
  name.toLowerCase(),
]);

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
 * The client's own credentials among configuration and environment, and nothing that only has such a name. (What a file
 * holds, a private key or another issuer's token, goes to the identity endpoint alone.)
 */
export const credentialTexts = ({ config, env }: ClientSettings): readonly string[] =>
  [
    ...secretConfigKeys.map((key) => config[key]),
    ...variablesWithSecrets.map((name) => env[name]),
    ...proxyVariables.map((name) => passwordIn(env[name])),
  ].flatMap((text) => text?.trim() || []);
