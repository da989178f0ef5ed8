import * as pulumi from "@pulumi/pulumi";
import * as azureml from "pulumi-azureml";

const config = new pulumi.Config();

// Each content of the file is a version of its own: the next one is registered first, the service moves on to it in place,
// and then the old one is deleted (keep it with the resource option `retainOnDelete`).
const model = new azureml.Model("fraud", {
  source: new pulumi.asset.FileAsset("model/fraud.json"),
  framework: "Custom",
  tags: { trained: config.get("trained") ?? "2026-11-01" },
});

const service = new azureml.AksWebservice("fraud-scoring", {
  computeTargetName: config.get("computeTargetName") ?? "aks-prod",
  models: [model],
  inferenceConfig: {
    entryScript: "score.py",
    source: new pulumi.asset.FileArchive("src"),
    environment: {
      baseImage: "mcr.microsoft.com/azureml/minimal-ubuntu20.04-py38-cpu-inference:latest",
      condaDependencies: {
        channels: ["conda-forge"],
        dependencies: ["python=3.10", { pip: ["azureml-defaults"] }],
      },
      environmentVariables: { LOG_LEVEL: config.get("logLevel") ?? "info" },
    },
  },
});

export const modelId = model.modelId;
export const scoringUri = service.scoringUri;
