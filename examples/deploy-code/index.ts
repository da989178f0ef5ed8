import * as pulumi from "@pulumi/pulumi";
import * as azureml from "pulumi-azureml";

const config = new pulumi.Config();

// The workspace builds an image of code and environment. Change a line in src/, and the preview shows the archive's hash.
const fraud = new azureml.AksWebservice("fraud", {
  computeTargetName: config.get("computeTargetName") ?? "aks-prod",
  models: [config.get("model") ?? "fraud:7"],
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

export const scoringUri = fraud.scoringUri;
