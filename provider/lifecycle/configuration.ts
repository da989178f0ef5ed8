import type { ClientSettings } from "../client/connect";

const ADDRESS = ["workspaceId", "subscriptionId", "resourceGroupName", "workspaceName", "discoveryUrl"];
const CREDENTIAL = [
  "accessToken",
  "environment",
  "tenantId",
  "clientId",
  "clientSecret",
  "clientCertificatePath",
  "clientCertificatePassword",
  "useOidc",
  "oidcToken",
  "oidcTokenFilePath",
  "oidcRequestToken",
  "oidcRequestUrl",
  "oidcAudience",
  "useMsi",
  "msiEndpoint",
];

/** The host answers by key and does not say which there are. */
const configKeys: readonly string[] = ["azureml", "azure-native"].flatMap((namespace) =>
  [...ADDRESS, ...CREDENTIAL].map((name) => `${namespace}:${name}`),
);

/** What the host offers: one value by its full key. */
export interface HostConfig {
  get(key: string): string | undefined;
}

export interface Configuration {
  readonly settings: () => Promise<ClientSettings>;
  readonly configure: (config: HostConfig) => void;
}

/**
 * The stack's configuration, once the host has handed it over. The host begins to call other
 * methods before its `configure` call has ended, so these wait for the first answer.
 */
export const openConfiguration = (env: NodeJS.ProcessEnv): Configuration => {
  let resolve!: (settings: ClientSettings) => void;
  const configured = new Promise<ClientSettings>((done) => (resolve = done));
  return {
    settings: () => configured,
    configure: (config) => resolve({ config: valuesOf(config), env }),
  };
};

const valuesOf = (config: HostConfig): Record<string, string> =>
  Object.fromEntries(
    configKeys.flatMap((key) => {
      const value = config.get(key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
