import * as pulumi from "@pulumi/pulumi";
import * as azureml from "pulumi-azureml";

const config = new pulumi.Config();

// A model registered as Onnx, ScikitLearn or TensorFlow needs no code: the service loads it by itself.
const fraud = new azureml.AksWebservice("fraud", {
  computeTargetName: config.get("computeTargetName") ?? "aks-prod",
  models: [config.get("model") ?? "fraud:7"],
  cpuCores: 0.5,
  memoryGb: 1,
});

export const scoringUri = fraud.scoringUri;
