import * as pulumi from "@pulumi/pulumi";
// Submodules: the whole package takes a long time to load.
import * as applicationinsights from "@pulumi/azure-native/applicationinsights";
import * as containerservice from "@pulumi/azure-native/containerservice";
import * as keyvault from "@pulumi/azure-native/keyvault";
import * as machinelearningservices from "@pulumi/azure-native/machinelearningservices";
import * as resources from "@pulumi/azure-native/resources";
import * as storage from "@pulumi/azure-native/storage";
import * as azureml from "pulumi-azureml";

const config = new pulumi.Config();
const tenantId = config.require("tenantId");

const group = new resources.ResourceGroup("ml", {
  resourceGroupName: config.get("resourceGroupName") ?? "ml",
});
const inGroup = { resourceGroupName: group.name };

const account = new storage.StorageAccount("mlstorage", {
  ...inGroup,
  sku: { name: storage.SkuName.Standard_LRS },
  kind: storage.Kind.StorageV2,
});
const vault = new keyvault.Vault("mlvault", {
  ...inGroup,
  properties: {
    tenantId,
    sku: { family: "A", name: keyvault.SkuName.Standard },
    enableRbacAuthorization: true,
  },
});
const insights = new applicationinsights.Component("mlinsights", {
  ...inGroup,
  kind: "web",
  applicationType: applicationinsights.ApplicationType.Web,
});

const workspace = new machinelearningservices.Workspace("workspace", {
  ...inGroup,
  workspaceName: config.get("workspaceName") ?? "ml-workspace",
  identity: { type: machinelearningservices.ManagedServiceIdentityType.SystemAssigned },
  storageAccount: account.id,
  keyVault: vault.id,
  applicationInsights: insights.id,
});

const cluster = new containerservice.ManagedCluster("cluster", {
  ...inGroup,
  dnsPrefix: "ml",
  identity: { type: containerservice.ResourceIdentityType.SystemAssigned },
  agentPoolProfiles: [{ name: "scoring", mode: "System", count: 3, vmSize: "Standard_D4s_v5" }],
});

// Attached under this name; web services name it as their compute target.
const compute = new machinelearningservices.Compute("compute", {
  ...inGroup,
  workspaceName: workspace.name,
  computeName: "aks-prod",
  properties: { computeType: "AKS", resourceId: cluster.id },
});

const service = new azureml.AksWebservice("fraud", {
  workspaceId: workspace.id, // the ARM id; the workspace's `workspaceId` is a GUID
  computeTargetName: compute.name,
  models: [config.get("model") ?? "fraud:7"],
  cpuCores: 0.5,
  memoryGb: 1,
  autoscaleMaxReplicas: 5,
});

export const workspaceId = workspace.id;
export const computeTargetName = compute.name;
export const scoringUri = service.scoringUri;
