/** What the client reads besides its arguments. Nothing of it is ever part of an error, a log or an output. */
export interface ClientSettings {
  /** Pulumi configuration by full key: `azureml:workspaceId`, `azure-native:clientId`. */
  readonly config: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Which workspace. */
export interface WorkspaceAddress {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly workspaceName: string;
}

/** The workspace's ARM id, in the letter case that the service expects. */
export const workspaceScope = (address: WorkspaceAddress): string =>
  `/subscriptions/${address.subscriptionId}/resourceGroups/${address.resourceGroupName}` +
  `/providers/Microsoft.MachineLearningServices/workspaces/${address.workspaceName}`;

const addressKeys = [
  "workspaceId",
  "subscriptionId",
  "resourceGroupName",
  "workspaceName",
  "discoveryUrl",
] as const;

/** The settings of an identity, by azure-native's names. */
export const identityKeys = [
  "clientId",
  "tenantId",
  "clientSecret",
  "clientCertificatePath",
  "clientCertificatePassword",
  "useOidc",
  "oidcToken",
  "oidcTokenFilePath",
  "oidcRequestUrl",
  "oidcRequestToken",
  "useMsi",
  "msiEndpoint",
] as const;

/** All configuration that is read, by full key; `azure-native:*` serves where `azureml:*` is unset. */
export const configKeys: readonly string[] = Object.freeze([
  ...addressKeys.map((key) => `azureml:${key}`),
  "azureml:accessToken",
  ...["environment", ...identityKeys].flatMap((key) => [`azureml:${key}`, `azure-native:${key}`]),
  "azure-native:subscriptionId",
]);
