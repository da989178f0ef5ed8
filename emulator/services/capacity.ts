import type { Outcome } from "../operations/operation";
import type { Service, ServiceSettings } from "./service";
import type { Compute } from "../state/catalogue";
import type { Workspace } from "../state/workspace";

const resources = ["cpu", "memoryInGB", "gpu"] as const;
const kubernetesNames = { cpu: "cpu", memoryInGB: "memory", gpu: "nvidia.com/gpu" } as const;

const demand = (settings: ServiceSettings, resource: (typeof resources)[number]): number =>
  settings.numReplicas * settings.containerResourceRequirements[resource];

/** The first resource of the compute that does not suffice for this service beside the others on it. */
export function missingResource(
  workspace: Workspace,
  compute: Compute,
  name: string,
  settings: ServiceSettings,
): string | undefined {
  const others = Object.values(workspace.state.services).filter(
    (s: Service) => s.computeName === compute.name && s.name !== name && s.state !== "Unschedulable",
  );
  const short = resources.find((resource) => {
    const used = others.reduce((sum, other) => sum + demand(other.settings, resource), 0);
    return used + demand(settings, resource) > (compute[resource] ?? Number.POSITIVE_INFINITY);
  });
  return short && kubernetesNames[short];
}

/** How the deployment ends that finds no room: the scheduler's words, nothing about how much was missing. */
export const unschedulable = (resource: string): Outcome => ({
  result: "failed",
  serviceState: "Unschedulable",
  phase: "DeployService",
  error: {
    code: "KubernetesDeploymentFailed",
    statusCode: 400,
    message: "Kubernetes Deployment failed",
    details: [
      {
        code: "Unschedulable",
        message: `0/3 nodes are available: 3 Insufficient ${resource}.`,
      },
    ],
  },
});
