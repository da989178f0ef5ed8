/** A service with code, as somebody made it: what a workspace describes it by. */
export const FRAUD = {
  name: "fraud",
  computeType: "AKS",
  computeName: "aks-prod",
  environmentImageRequest: {
    driverProgram: "score.py",
    modelIds: ["fraud:7"],
    assets: [{ id: "score.py", url: "aml://artifact/LocalUpload/fraud/score.py" }],
    environment: {
      name: "fraud-env",
      version: "3",
      environmentVariables: { AZUREML_ENTRY_SCRIPT: "score.py" },
    },
  },
  numReplicas: 2,
  autoScaler: { autoscaleEnabled: false },
  containerResourceRequirements: { cpu: 0.5, memoryInGB: 1 },
};
