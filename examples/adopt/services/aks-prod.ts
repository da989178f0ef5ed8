import * as azureml from "pulumi-azureml";

// Runs code (score.py, in churn-env:4), which stays as it is: give inferenceConfig to deploy your own.
export const churn = new azureml.AksWebservice(
  "churn",
  {
    adopt: true,
    serviceName: "churn",
    computeTargetName: "aks-prod",
    models: ["churn:2"],
    autoscaleEnabled: false,
    numReplicas: 2,
    authEnabled: false,
    tokenAuthEnabled: true,
    namespace: "ml",
    tags: {
      team: "crm",
    },
  },
  { protect: true, retainOnDelete: true },
);

// Runs registered models without code.
export const fraud = new azureml.AksWebservice(
  "fraud",
  {
    adopt: true,
    serviceName: "fraud",
    computeTargetName: "aks-prod",
    models: ["fraud:7"],
    autoscaleEnabled: true,
    autoscaleMinReplicas: 2,
    autoscaleMaxReplicas: 5,
    authEnabled: true,
    tokenAuthEnabled: false,
    cpuCores: 0.5,
    memoryGb: 1,
    namespace: "ml",
    tags: {
      release: "2024.05",
      team: "risk",
    },
    description: "Scores card payments",
  },
  { protect: true, retainOnDelete: true },
);
