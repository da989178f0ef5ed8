import * as pulumi from "@pulumi/pulumi";
import * as azureml from "pulumi-azureml";

const config = new pulumi.Config();

const service = new azureml.AksWebservice("fraud", {
  computeTargetName: config.get("computeTargetName") ?? "aks-prod",
  models: [config.get("model") ?? "fraud:7"],
  cpuCores: config.getNumber("cpuCores") ?? 0.5,
  memoryGb: 1,
  autoscaleMaxReplicas: 5,
  tags: config.getObject<Record<string, string>>("tags") ?? { release: "2026.11" },
  properties: config.getObject<Record<string, string>>("properties") ?? { team: "risk" },
});

export const scoringUri = service.scoringUri;
export const primaryKey = service.primaryKey;
