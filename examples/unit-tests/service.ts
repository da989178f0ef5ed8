import * as azureml from "pulumi-azureml";

/** What differs between stacks. */
export interface Sizes {
  readonly replicas: number;
  readonly release: string;
}

/** The service of one stack. Tests make it without a stack. */
export const scoringService = ({ replicas, release }: Sizes): azureml.AksWebservice =>
  new azureml.AksWebservice("fraud", {
    computeTargetName: "aks-prod",
    models: ["fraud:7"],
    numReplicas: replicas,
    cpuCores: 0.5,
    cpuCoresLimit: 1,
    tags: { release },
  });
