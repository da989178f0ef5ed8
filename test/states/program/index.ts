import * as pulumi from "@pulumi/pulumi";
import * as azureml from "pulumi-azureml";

const config = new pulumi.Config();
const cpuCores = config.getNumber("cpuCores") ?? 0.5;
const computeTargetName = "aks-prod";

const model = new azureml.Model("model", {
  source: new pulumi.asset.StringAsset('{ "amount": 0.7 }'),
  modelName: "fraud",
  framework: "Custom",
  tags: { trained: "2026-11-01" },
});

export const made = new azureml.AksWebservice("made", {
  computeTargetName,
  serviceName: "made",
  models: ["sklearn:7"],
  cpuCores,
  cpuCoresLimit: 2,
  memoryGb: 1,
  autoscaleMinReplicas: 2,
  autoscaleMaxReplicas: 5,
  primaryKey: pulumi.secret("a-primary-key-of-the-program"),
  secondaryKey: pulumi.secret("a-secondary-key-of-the-program"),
  tags: { release: "2026.11" },
  properties: { team: "risk" },
  description: "made by a program",
  timeouts: { create: "30m" },
}).scoringUri;

export const coded = new azureml.AksWebservice("coded", {
  computeTargetName,
  serviceName: "coded",
  models: [model],
  cpuCores,
  numReplicas: 2,
  tokenAuthEnabled: true,
  inferenceConfig: {
    entryScript: "score.py",
    source: new pulumi.asset.FileArchive("src"),
    environment: {
      baseImage: "mcr.microsoft.com/azureml/minimal-ubuntu20.04-py38-cpu-inference:latest",
      condaDependencies: {
        channels: ["conda-forge"],
        dependencies: ["python=3.10", { pip: ["azureml-defaults"] }],
      },
      environmentVariables: { TOKEN: pulumi.secret("a-secret-of-the-environment") },
    },
  },
}).name;

export const adopted = new azureml.AksWebservice("adopted", {
  computeTargetName,
  serviceName: "of-somebody",
  adopt: true,
  description: "",
}).primaryKey;
