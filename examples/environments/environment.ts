import { AksWebservice } from "pulumi-azureml";

/** What differs from stack to stack; checked when the program starts, before anything is deployed. */
const environments = {
  dev: AksWebservice.deployConfiguration({
    numReplicas: 1,
    cpuCores: 0.1,
    memoryGb: 0.5,
  }),
  staging: AksWebservice.deployConfiguration({
    autoscaleMinReplicas: 1,
    autoscaleMaxReplicas: 3,
    cpuCores: 0.5,
    memoryGb: 1,
    enableAppInsights: true,
  }),
  prod: AksWebservice.deployConfiguration({
    autoscaleMinReplicas: 3,
    autoscaleMaxReplicas: 10,
    autoscaleTargetUtilization: 60,
    cpuCores: 1,
    cpuCoresLimit: 2,
    memoryGb: 2,
    memoryGbLimit: 4,
    enableAppInsights: true,
    collectModelData: true,
  }),
};

/** The settings of a stack's environment. A stack that is none of the three gets those of dev, for trying things out. */
export const settingsFor = (stack: string): (typeof environments)[keyof typeof environments] =>
  Object.keys(environments).includes(stack)
    ? environments[stack as keyof typeof environments]
    : environments.dev;
