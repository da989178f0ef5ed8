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
