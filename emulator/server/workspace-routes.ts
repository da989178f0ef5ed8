import { param, type Call } from "./call";
import type { Compute } from "../state/catalogue";
import { notFound } from "./errors";
import { ok, type Reply } from "./reply";
import type { Workspace } from "../state/workspace";

export const discoveryUrl = (url: string): string => `${url}/discovery`;

const hosts = ["api", "experimentation", "history", "hyperdrive", "modelmanagement", "studio"];

/** GET discovery: unauthenticated; every host is this server. */
export const discovery = ({ workspace }: Call): Reply =>
  ok(Object.fromEntries(hosts.map((name) => [name, workspace.url])));

/** GET {workspace} as Azure Resource Manager answers it. */
export function armWorkspace({ workspace }: Call): Reply {
  const { id, name } = workspace.id;
  return ok({
    id,
    name,
    type: "Microsoft.MachineLearningServices/workspaces",
    location: "westeurope",
    tags: {},
    identity: { type: "SystemAssigned" },
    sku: { name: "Basic", tier: "Basic" },
    properties: {
      friendlyName: name,
      description: "",
      provisioningState: "Succeeded",
      workspaceId: workspace.guid,
      discoveryUrl: discoveryUrl(workspace.url),
    },
  });
}

const computeDocument = (workspace: Workspace, compute: Compute) => ({
  id: `${workspace.id.id}/computes/${compute.name}`,
  name: compute.name,
  type: "Microsoft.MachineLearningServices/workspaces/computes",
  location: "westeurope",
  tags: null,
  properties: {
    computeType: "AKS",
    isAttachedCompute: true,
    description: null,
    resourceId: `/subscriptions/${workspace.id.subscription}/resourceGroups/${workspace.id.resourceGroup}/providers/Microsoft.ContainerService/managedClusters/${compute.name}`,
    provisioningState: "Succeeded",
    provisioningErrors: null,
    createdOn: "2024-01-02T00:00:00.0000000+00:00",
    modifiedOn: "2024-01-02T00:00:00.0000000+00:00",
    properties: {
      agentCount: 3,
      agentVmSize: "Standard_D3_v2",
      clusterPurpose: "FastProd",
      clusterFqdn: null,
      loadBalancerType: "PublicIp",
      loadBalancerSubnet: null,
      systemServices: null,
      sslConfiguration: null,
    },
  },
});

/** GET computes/{name} */
export function getCompute(call: Call): Reply {
  const name = param(call, "name");
  const compute = call.workspace.catalogue.compute(name);
  if (compute === undefined) throw notFound("ComputeNotFound", `The compute ${name} was not found.`, name);
  return ok(computeDocument(call.workspace, compute));
}
