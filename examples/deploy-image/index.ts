import * as pulumi from "@pulumi/pulumi";
import * as azureml from "pulumi-azureml";

const config = new pulumi.Config();

// An image that the workspace has already, built with the Python SDK or by a pipeline.
const fraud = new azureml.AksWebservice("fraud", {
  computeTargetName: config.get("computeTargetName") ?? "aks-prod",
  imageId: config.get("imageId") ?? "fraud-image:3",
  cpuCores: 0.5,
  memoryGb: 1,
});

export const scoringUri = fraud.scoringUri;
