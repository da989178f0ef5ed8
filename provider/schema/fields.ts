import { above, field, integerBetween, integerFrom, providerOnlyField, type Field, type Role } from "./field";

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

/** What the service runs. */
const deployment: readonly Field[] = [
  field("inferenceConfig", "inferenceConfig", {
    role: "inferenceConfig",
    wire: "environmentImageRequest",
    patchedWith: "environmentImageRequest",
    unset: "nothing",
    source: "environment",
    doc: "Code that serves the models: `entryScript`, the file of `source` (an asset or archive) with `init` and `run`, in `environment`, a registered one as `name:version` or a definition. Compared by content: the files are uploaded only when they changed.",
  }),
  field("models", "textList", {
    role: "models",
    wire: "environmentImageRequest.modelIds",
    patchedWith: "environmentImageRequest",
    unset: "nothing",
    unordered: true,
    source: "environment",
    rule: {
      says: 'registered models as "name:version"',
      pattern: /^[^\s:/]+:[1-9]\d*$/,
      next: 'Write the id with its version, such as "fraud:7".',
    },
    doc: "Registered models that the service loads, each as `name:version`. Without `inferenceConfig` exactly one, of a framework that is served without code.",
  }),
  field("imageId", "text", {
    wire: "imageId",
    unset: "nothing",
    source: "image",
    rule: {
      says: 'a registered image as "name:version"',
      pattern: /^[^\s:/]+:[1-9]\d*$/,
      next: 'Write the id with its version, such as "fraud-image:3".',
    },
    doc: "Registered image that the service runs, as `name:version`, in place of models and code. A service made from those cannot become one made from an image, or the reverse: that replaces it.",
  }),
];

/** How many replicas run. */
const scaling: readonly Field[] = [
  field("autoscaleEnabled", "flag", {
    wire: "autoScaler.autoscaleEnabled",
    unset: "nullBesideOthers",
    doc: "Whether replicas follow the load. On by default when `numReplicas` is not set; any other autoscale setting turns it on.",
  }),
  field("autoscaleMinReplicas", "integer", {
    wire: "autoScaler.minReplicas",
    unset: "nullBesideOthers",
    default: 1,
    rule: integerFrom(1),
    doc: "Fewest replicas while autoscaling.",
  }),
  field("autoscaleMaxReplicas", "integer", {
    wire: "autoScaler.maxReplicas",
    unset: "nullBesideOthers",
    default: 10,
    rule: integerFrom(1),
    doc: "Most replicas while autoscaling.",
  }),
  field("autoscaleRefreshSeconds", "integer", {
    wire: "autoScaler.refreshPeriodInSeconds",
    unset: "nullBesideOthers",
    default: 1,
    rule: integerFrom(1),
    doc: "How often the autoscaler looks, in seconds.",
  }),
  field("autoscaleTargetUtilization", "integer", {
    wire: "autoScaler.targetUtilization",
    unset: "nullBesideOthers",
    default: 70,
    rule: integerBetween(1, 100),
    doc: "Utilization, in percent, that the autoscaler aims for.",
  }),
  field("numReplicas", "integer", {
    wire: "numReplicas",
    rule: integerFrom(1),
    doc: "Fixed number of replicas, each a pod of the cluster. Ends autoscaling.",
  }),
];

/** What is collected, and who may call. */
const access: readonly Field[] = [
  field("collectModelData", "flag", {
    wire: "dataCollection.storageEnabled",
    unset: "nothing",
    default: false,
    doc: "Whether inputs and predictions are stored in the workspace's storage.",
  }),
  field("authEnabled", "flag", {
    wire: "authEnabled",
    unset: "nothing",
    default: true,
    doc: "Whether callers need a key. `false` without token authentication leaves the endpoint open to anyone.",
  }),
  field("tokenAuthEnabled", "flag", {
    wire: "aadAuthEnabled",
    unset: "nothing",
    default: false,
    doc: "Whether callers need an access token. Excludes key authentication.",
  }),
  field("primaryKey", "text", {
    role: "primaryKey",
    wire: "keys.primaryKey",
    mutability: "regenerate",
    secret: true,
    writeOnly: true,
    rule: { says: "text that is not empty", length: [1, 1024] },
    doc: "Primary authentication key. Generated by the service when not given; always a secret.",
  }),
  field("secondaryKey", "text", {
    role: "secondaryKey",
    wire: "keys.secondaryKey",
    mutability: "regenerate",
    secret: true,
    writeOnly: true,
    rule: { says: "text that is not empty", length: [1, 1024] },
    doc: "Secondary authentication key. Generated by the service when not given; always a secret. At creation it needs `primaryKey`.",
  }),
];

/** What each replica gets, and what it lets in. */
const container: readonly Field[] = [
  field("cpuCores", "number", {
    wire: "containerResourceRequirements.cpu",
    default: 0.1,
    rule: above(0),
    doc: "CPU cores requested for each replica; 0.1 is a tenth of a core. The pod's request, not its limit.",
  }),
  field("cpuCoresLimit", "number", {
    wire: "containerResourceRequirements.cpuLimit",
    rule: above(0),
    doc: "Most CPU cores a replica may use. Not below `cpuCores`.",
  }),
  field("memoryGb", "number", {
    wire: "containerResourceRequirements.memoryInGB",
    default: 0.5,
    rule: above(0),
    doc: "Memory requested for each replica, in GB. The pod's request, not its limit.",
  }),
  field("memoryGbLimit", "number", {
    wire: "containerResourceRequirements.memoryInGBLimit",
    rule: above(0),
    doc: "Most memory a replica may use, in GB. Not below `memoryGb`.",
  }),
  field("gpuCores", "integer", {
    wire: "containerResourceRequirements.gpu",
    default: 0,
    rule: integerFrom(0),
    doc: "GPUs for each replica.",
  }),
  field("enableAppInsights", "flag", {
    wire: "appInsightsEnabled",
    unset: "nothing",
    default: false,
    doc: "Whether the service logs to Application Insights.",
  }),
  field("scoringTimeoutMs", "integer", {
    wire: "scoringTimeoutMs",
    default: 60000,
    rule: integerFrom(1),
    doc: "How long one scoring call may take, in milliseconds.",
  }),
  field("replicaMaxConcurrentRequests", "integer", {
    wire: "maxConcurrentRequestsPerContainer",
    default: 1,
    rule: integerFrom(1),
    doc: "Requests that one replica serves at the same time. The class's documentation asks to leave it at 1, unless Microsoft's support says otherwise.",
  }),
  field("maxRequestWaitTime", "integer", {
    wire: "maxQueueWaitMs",
    default: 500,
    rule: integerFrom(1),
    doc: "How long a request may wait in the queue before it is answered with 503, in milliseconds.",
  }),
  field("blobfuseEnabled", "flag", {
    wire: "storageInitEnabled",
    mutability: "replace",
    unset: "nothing",
    default: true,
    inverted: true,
    writeOnly: true,
    doc: "Whether models are mounted with blobfuse. The service never tells the live value.",
  }),
];

/** When a replica counts as alive. */
const probe: readonly Field[] = [
  field("periodSeconds", "integer", {
    wire: "livenessProbeRequirements.periodSeconds",
    default: 10,
    rule: integerFrom(1),
    doc: "How often the liveness probe runs, in seconds.",
  }),
  field("initialDelaySeconds", "integer", {
    wire: "livenessProbeRequirements.initialDelaySeconds",
    default: 310,
    rule: integerFrom(1),
    doc: "Seconds after the container's start before the first liveness probe.",
  }),
  field("timeoutSeconds", "integer", {
    wire: "livenessProbeRequirements.timeoutSeconds",
    default: 2,
    rule: integerFrom(1),
    doc: "Seconds after which a liveness probe counts as failed. The class documents a default of 2 at creation and, contradicting itself, of 1 at an update.",
  }),
  field("successThreshold", "integer", {
    wire: "livenessProbeRequirements.successThreshold",
    default: 1,
    rule: integerFrom(1),
    doc: "Successful probes in a row after which a failed replica counts as alive again.",
  }),
  field("failureThreshold", "integer", {
    wire: "livenessProbeRequirements.failureThreshold",
    default: 3,
    rule: integerFrom(1),
    doc: "Failed probes in a row after which a replica is restarted.",
  }),
];

/** Where the service sits in the cluster, and what is written on it. */
const labels: readonly Field[] = [
  field("namespace", "text", {
    wire: "namespace",
    rule: {
      says: "1 to 63 lower-case letters, digits and hyphens, that begin and end with a letter or digit",
      pattern: /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
      length: [1, 63],
      next: "Give the name of a Kubernetes namespace.",
    },
    doc: "Kubernetes namespace of the service. Default: the cluster's.",
  }),
  field("tags", "textMap", {
    wire: "kvTags",
    doc: "Tags. The whole map is replaced: `{}` removes all, leaving it out changes nothing.",
  }),
  field("properties", "textMap", {
    wire: "properties",
    mutability: "additive",
    unset: "empty",
    doc: "Properties. Keys can be added; the service never changes or removes one.",
  }),
  field("description", "text", {
    wire: "description",
    doc: 'What the service is for. `""` clears it.',
  }),
];

/** What steers the provider and is never sent. */
export const local: readonly Field[] = [
  providerOnlyField("adopt", "flag", {
    role: "adopt",
    default: false,
    doc: "Take over a service of this name that already exists, changing only what differs.",
  }),
  providerOnlyField("deleteAdopted", "flag", {
    role: "deleteAdopted",
    default: false,
    doc: "Delete a service with its resource also where no Pulumi program made or claimed it. Otherwise it stays, and only the state forgets it.",
  }),
  providerOnlyField("replaceOnPropertyChange", "flag", {
    role: "replaceOnPropertyChange",
    default: false,
    doc: "Make a new service when the value of an entry of `properties` changes, since the service cannot change it.",
  }),
  providerOnlyField("timeouts", "durations", {
    role: "timeouts",
    doc: 'How long create, update and delete may take, such as `{ create: "90m" }`. Default: 60 minutes, delete 20. The resource option `customTimeouts` sets it too.',
  }),
];

/** The way out: what moves a service to the workspace's newer kind of endpoint. */
const migration: readonly Field[] = [
  providerOnlyField("migrateTo", "migration", {
    role: "migrateTo",
    doc: "Move the deployed service in place, once and for good, to a Kubernetes online endpoint: `{ computeTargetName, acknowledgeIrreversible: true }`. It keeps its name and scoring URI and leaves this API. See docs/migration.md.",
  }),
];

/** The table: every setting of a web service on AKS, one row each. */
export const fields: readonly Field[] = Object.freeze([
  ...address,
  ...deployment,
  ...scaling,
  ...access,
  ...container,
  ...probe,
  ...labels,
  ...local,
  ...migration,
]);

const byInput = new Map(fields.map((row) => [row.input, row]));
const byRole = new Map(fields.flatMap((row) => (row.role ? [[row.role, row] as const] : [])));

export const fieldOf = (input: string): Field | undefined => byInput.get(input);

/** The input's name of the row with this role. */
export const inputOf = (role: Role): string => byRole.get(role)!.input;
