import { ServiceError } from "./errors";
import { isSafe } from "./http";

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

/** Whether previews may look at the live workspace: the environment decides before the stack's configuration. */
export const configuredLivePreview = ({ config, env }: ClientSettings): boolean =>
  /^(1|true)$/i.test(env["AZUREML_LIVE_PREVIEW"] || config["azureml:livePreview"] || "");

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
  "azureml:livePreview",
  "azureml:changesPerCluster",
  ...["environment", ...identityKeys].flatMap((key) => [`azureml:${key}`, `azure-native:${key}`]),
  "azure-native:subscriptionId",
]);

/** The addresses that differ from cloud to cloud. */
export interface Cloud {
  /** Where tokens are issued. */
  readonly authority: string;
  /** The Resource Manager. */
  readonly arm: string;
  /** The scope that a token is requested for; the same token serves ARM and Azure ML. */
  readonly scope: string;
  /** What a federated (OIDC) token has to be issued for. */
  readonly exchangeAudience: string;
  /** The authority is not one that Microsoft lists. */
  readonly isPrivate: boolean;
}

/**
 * The cloud that the settings name. `AZURE_AUTHORITY_HOST` and, for tests, `AZUREML_ARM_ENDPOINT` move its two hosts.
 *
 * @throws ServiceError BadSettings for a name that no cloud has, or an address that must not get a token
 */
export function cloudOf(settings: ClientSettings): Cloud {
  const name = nameOf(settings);
  const key = name.trim().toLowerCase();
  // An object also has members that it inherits, `constructor` among them.
  const found = Object.hasOwn(byName, key) ? byName[key] : undefined;
  if (!found) {
    throw new ServiceError({
      action: "choose the cloud",
      code: "BadSettings",
      detail: `Expected public, usgovernment or china as environment, found "${name}".`,
    });
  }
  const authority = settings.env["AZURE_AUTHORITY_HOST"]?.replace(/\/+$/, "") || found.authority;
  const arm = settings.env["AZUREML_ARM_ENDPOINT"];
  if (arm) assertSafe(arm);
  return Object.freeze({
    ...found,
    authority,
    isPrivate: !Object.values(byName).some((known) => known.authority === authority),
    ...(arm ? { arm: arm.replace(/\/+$/, "") } : {}),
  });
}

const cloud = (authority: string, arm: string, exchange: string): Cloud =>
  Object.freeze({ authority, arm, scope: `${arm}/.default`, exchangeAudience: exchange, isPrivate: false });

const publicCloud = cloud(
  "https://login.microsoftonline.com",
  "https://management.azure.com",
  "api://AzureADTokenExchange",
);
const governmentCloud = cloud(
  "https://login.microsoftonline.us",
  "https://management.usgovcloudapi.net",
  "api://AzureADTokenExchangeUSGov",
);
const chinaCloud = cloud(
  "https://login.chinacloudapi.cn",
  "https://management.chinacloudapi.cn",
  "api://AzureADTokenExchangeChina",
);

/** The names that Terraform, azure-native and the SDKs use for each cloud, in lower case. */
const byName: Readonly<Record<string, Cloud>> = Object.freeze({
  public: publicCloud,
  azurecloud: publicCloud,
  azurepubliccloud: publicCloud,
  usgovernment: governmentCloud,
  usgov: governmentCloud,
  azureusgovernment: governmentCloud,
  azureusgovernmentcloud: governmentCloud,
  china: chinaCloud,
  azurechina: chinaCloud,
  azurechinacloud: chinaCloud,
});

/** The name of the cloud: `azureml:environment`, `azure-native:environment`, `ARM_ENVIRONMENT`; default `public`. */
const nameOf = ({ config, env }: ClientSettings): string =>
  config["azureml:environment"] || config["azure-native:environment"] || env["ARM_ENVIRONMENT"] || "public";

function assertSafe(address: string): void {
  if (URL.canParse(address) && isSafe(new URL(address))) return;
  throw new ServiceError({
    action: "choose the cloud",
    code: "BadSettings",
    detail:
      "Expected an https URL in AZUREML_ARM_ENDPOINT (http is accepted on loopback only, since a token goes there), found another.",
    advice: "Correct or unset AZUREML_ARM_ENDPOINT, then run again. Nothing was sent.",
  });
}
