import { field, type Field } from "../field";

/** Where the service lives. */
export const address: readonly Field[] = [
  field("workspaceId", "text", {
    role: "workspaceId",
    mutability: "replace",
    unset: "nothing",
    rule: {
      says: "the ARM id of a workspace (/subscriptions/…/workspaces/<name>)",
      pattern:
        /^\/subscriptions\/[^/?#\s]+\/resourceGroups\/[^/?#\s]+\/providers\/Microsoft\.MachineLearningServices\/workspaces\/[^/?#\s]+$/i,
      next: "Use the workspace's `id` output; azure-native's `workspaceId` is a GUID, not the ARM id.",
    },
    doc: "ARM id of the Azure Machine Learning workspace. Default: the stack's `azureml:workspaceId`.",
  }),
  field("subscriptionId", "text", {
    role: "subscription",
    mutability: "replace",
    unset: "nothing",
    doc: "Subscription of the workspace, when its ARM id is not given. Default: the stack's `azureml:subscriptionId`.",
  }),
  field("resourceGroupName", "text", {
    role: "resourceGroup",
    mutability: "replace",
    unset: "nothing",
    doc: "Resource group of the workspace, when its ARM id is not given. Default: the stack's `azureml:resourceGroupName`.",
  }),
  field("workspaceName", "text", {
    role: "workspace",
    mutability: "replace",
    unset: "nothing",
    doc: "Name of the workspace, when its ARM id is not given. Default: the stack's `azureml:workspaceName`.",
  }),
  field("serviceName", "text", {
    role: "serviceName",
    wire: "name",
    mutability: "replace",
    rule: {
      says: "3 to 32 lower-case letters, digits and hyphens, that begin with a letter and do not end with a hyphen",
      pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
      length: [3, 32],
      next: 'Choose a name such as "fraud-scoring", or leave it out to get one made from the resource\'s name.',
    },
    doc: "Name of the web service. Default: made from the resource's name, and kept when the resource is renamed with an alias.",
  }),
  field("computeTargetName", "text", {
    role: "compute",
    wire: "computeName",
    mutability: "replace",
    required: true,
    rule: {
      says: "the name of an AKS compute target of the workspace",
      pattern: /^[^/\s]+$/,
      next: "Give the name that the workspace lists under Compute, not the cluster's ARM id.",
    },
    doc: "Name of the AKS compute target, attached to the workspace, that runs the service.",
  }),
];
