import * as pulumi from "@pulumi/pulumi";
import * as azureml from "pulumi-azureml";

// The demo changes one configuration value, so that each step shows just the settings that it changes.
const settings = new pulumi.Config().requireObject<Partial<azureml.AksWebserviceArgs>>("settings");

const service = new azureml.AksWebservice("fraud", {
  computeTargetName: "aks-prod",
  models: ["fraud:7"],
  ...settings,
});

export const scoringUri = service.scoringUri;
export const primaryKey = service.primaryKey;
