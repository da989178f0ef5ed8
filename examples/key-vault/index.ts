import * as pulumi from "@pulumi/pulumi";
// A submodule: the whole package takes a long time to load.
import * as keyvault from "@pulumi/azure-native/keyvault";
import * as azureml from "pulumi-azureml";

const config = new pulumi.Config();
const vault = {
  resourceGroupName: config.require("vaultResourceGroup"),
  vaultName: config.require("vaultName"),
};

const service = new azureml.AksWebservice("fraud", {
  computeTargetName: "aks-prod",
  models: ["fraud:7"],
  // Left out, the service makes its keys itself. Given, they are changed in place: first the one that no caller uses.
  primaryKey: config.getSecret("primaryKey"),
  secondaryKey: config.getSecret("secondaryKey"),
});

const keys = { primary: service.primaryKey, secondary: service.secondaryKey };
for (const [name, key] of Object.entries(keys))
  new keyvault.Secret(`fraud-${name}-key`, {
    ...vault,
    secretName: `fraud-${name}-key`,
    properties: { value: key.apply((value) => value ?? "") },
  });

export const scoringUri = service.scoringUri;
