// Generated from provider/schema by `npm run codegen`. Do not edit.
import type * as pulumi from "@pulumi/pulumi";
import type { InferenceConfig } from "./inference-config";
import type { Model } from "./model";

/** How long each operation may take, such as "90s", "60m" or "1h30m". */
export interface Timeouts {
  readonly create?: pulumi.Input<string> | undefined;
  readonly update?: pulumi.Input<string> | undefined;
  readonly delete?: pulumi.Input<string> | undefined;
}

/** How a service is; one that has moved to a Kubernetes online endpoint is Migrated. */
export type ServiceState =
  | "Transitioning"
  | "Healthy"
  | "Unhealthy"
  | "Failed"
  | "Unschedulable"
  | "Migrating"
  | "Migrated"
  | (string & {});

/** Of a version of an endpoint: whether it is the one that others are compared with. */
export type VersionType = "Control" | "Treatment" | (string & {});

/** Where a service is moved to, once and for good. */
export interface Migration {
  /** Name of a Kubernetes compute target of the workspace. */
  readonly computeTargetName: pulumi.Input<string>;
  /** That the migration cannot be undone. */
  readonly acknowledgeIrreversible: true;
}

/** Replicas desired, updated and available. */
export interface DeploymentStatus {
  readonly desiredReplicas?: number;
  readonly updatedReplicas?: number;
  readonly availableReplicas?: number;
  readonly error?: unknown;
}

/** A registered model, as the service describes it. */
export interface ModelDetails {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly [detail: string]: unknown;
}

/** The settings of a web service on AKS. What is left out is not managed: the service's default, or whatever is live, stays. */
export interface AksWebserviceArgs {
  /**
   * ARM id of the Azure Machine Learning workspace. Default: the stack's `azureml:workspaceId`.
   * Must be the ARM id of a workspace (/subscriptions/…/workspaces/<name>).
   * On change: a new service.
   */
  readonly workspaceId?: pulumi.Input<string> | undefined;
  /**
   * Subscription of the workspace, when its ARM id is not given. Default: the stack's `azureml:subscriptionId`.
   * On change: a new service.
   */
  readonly subscriptionId?: pulumi.Input<string> | undefined;
  /**
   * Resource group of the workspace, when its ARM id is not given. Default: the stack's `azureml:resourceGroupName`.
   * On change: a new service.
   */
  readonly resourceGroupName?: pulumi.Input<string> | undefined;
  /**
   * Name of the workspace, when its ARM id is not given. Default: the stack's `azureml:workspaceName`.
   * On change: a new service.
   */
  readonly workspaceName?: pulumi.Input<string> | undefined;
  /**
   * Name of the web service. Default: made from the resource's name, and kept when the resource is renamed with an alias.
   * Must be 3 to 32 lower-case letters, digits and hyphens, that begin with a letter and do not end with a hyphen.
   * On change: a new service.
   */
  readonly serviceName?: pulumi.Input<string> | undefined;
  /**
   * Name of the AKS compute target, attached to the workspace, that runs the service.
   * Must be the name of an AKS compute target of the workspace.
   * On change: a new service.
   */
  readonly computeTargetName: pulumi.Input<string>;
  /**
   * Code that serves the models: `entryScript`, the file of `source` (an asset or archive) with `init` and `run`, in `environment`, a registered one as `name:version` or a definition. Compared by content: the files are uploaded only when they changed.
   * On change: updated in place; a new service when it changes between models and image.
   */
  readonly inferenceConfig?: pulumi.Input<InferenceConfig> | undefined;
  /**
   * Registered models that the service loads, each as `name:version`. Without `inferenceConfig` exactly one, of a framework that is served without code.
   * Must be registered models as "name:version".
   * On change: updated in place; a new service when it changes between models and image.
   */
  readonly models?: pulumi.Input<(pulumi.Input<string> | Model)[]> | undefined;
  /**
   * Registered image that the service runs, as `name:version`, in place of models and code. A service made from those cannot become one made from an image, or the reverse: that replaces it.
   * Must be a registered image as "name:version".
   * On change: updated in place; a new service when it changes between models and image.
   */
  readonly imageId?: pulumi.Input<string> | undefined;
  /**
   * Whether replicas follow the load. On by default when `numReplicas` is not set; any other autoscale setting turns it on.
   * On change: updated in place.
   */
  readonly autoscaleEnabled?: pulumi.Input<boolean> | undefined;
  /**
   * Fewest replicas while autoscaling.
   * Must be an integer of at least 1.
   * On change: updated in place.
   * @default 1 (the service's; never sent)
   */
  readonly autoscaleMinReplicas?: pulumi.Input<number> | undefined;
  /**
   * Most replicas while autoscaling.
   * Must be an integer of at least 1.
   * On change: updated in place.
   * @default 10 (the service's; never sent)
   */
  readonly autoscaleMaxReplicas?: pulumi.Input<number> | undefined;
  /**
   * How often the autoscaler looks, in seconds.
   * Must be an integer of at least 1.
   * On change: updated in place.
   * @default 1 (the service's; never sent)
   */
  readonly autoscaleRefreshSeconds?: pulumi.Input<number> | undefined;
  /**
   * Utilization, in percent, that the autoscaler aims for.
   * Must be an integer from 1 to 100.
   * On change: updated in place.
   * @default 70 (the service's; never sent)
   */
  readonly autoscaleTargetUtilization?: pulumi.Input<number> | undefined;
  /**
   * Fixed number of replicas, each a pod of the cluster. Ends autoscaling.
   * Must be an integer of at least 1.
   * On change: updated in place.
   */
  readonly numReplicas?: pulumi.Input<number> | undefined;
  /**
   * Whether inputs and predictions are stored in the workspace's storage.
   * On change: updated in place.
   * @default false (the service's; never sent)
   */
  readonly collectModelData?: pulumi.Input<boolean> | undefined;
  /**
   * Whether callers need a key. `false` without token authentication leaves the endpoint open to anyone.
   * On change: updated in place.
   * @default true (the service's; never sent)
   */
  readonly authEnabled?: pulumi.Input<boolean> | undefined;
  /**
   * Whether callers need an access token. Excludes key authentication.
   * On change: updated in place.
   * @default false (the service's; never sent)
   */
  readonly tokenAuthEnabled?: pulumi.Input<boolean> | undefined;
  /**
   * Primary authentication key. Generated by the service when not given; always a secret.
   * Must be text that is not empty.
   * On change: set in place through the service's key call.
   */
  readonly primaryKey?: pulumi.Input<string> | undefined;
  /**
   * Secondary authentication key. Generated by the service when not given; always a secret. At creation it needs `primaryKey`.
   * Must be text that is not empty.
   * On change: set in place through the service's key call.
   */
  readonly secondaryKey?: pulumi.Input<string> | undefined;
  /**
   * CPU cores requested for each replica; 0.1 is a tenth of a core. The pod's request, not its limit.
   * Must be a number greater than 0.
   * On change: updated in place.
   * @default 0.1 (the service's; never sent)
   */
  readonly cpuCores?: pulumi.Input<number> | undefined;
  /**
   * Most CPU cores a replica may use. Not below `cpuCores`.
   * Must be a number greater than 0.
   * On change: updated in place.
   */
  readonly cpuCoresLimit?: pulumi.Input<number> | undefined;
  /**
   * Memory requested for each replica, in GB. The pod's request, not its limit.
   * Must be a number greater than 0.
   * On change: updated in place.
   * @default 0.5 (the service's; never sent)
   */
  readonly memoryGb?: pulumi.Input<number> | undefined;
  /**
   * Most memory a replica may use, in GB. Not below `memoryGb`.
   * Must be a number greater than 0.
   * On change: updated in place.
   */
  readonly memoryGbLimit?: pulumi.Input<number> | undefined;
  /**
   * GPUs for each replica.
   * Must be an integer of at least 0.
   * On change: updated in place.
   * @default 0 (the service's; never sent)
   */
  readonly gpuCores?: pulumi.Input<number> | undefined;
  /**
   * Whether the service logs to Application Insights.
   * On change: updated in place.
   * @default false (the service's; never sent)
   */
  readonly enableAppInsights?: pulumi.Input<boolean> | undefined;
  /**
   * How long one scoring call may take, in milliseconds.
   * Must be an integer of at least 1.
   * On change: updated in place.
   * @default 60000 (the service's; never sent)
   */
  readonly scoringTimeoutMs?: pulumi.Input<number> | undefined;
  /**
   * Requests that one replica serves at the same time. The class's documentation asks to leave it at 1, unless Microsoft's support says otherwise.
   * Must be an integer of at least 1.
   * On change: updated in place.
   * @default 1 (the service's; never sent)
   */
  readonly replicaMaxConcurrentRequests?: pulumi.Input<number> | undefined;
  /**
   * How long a request may wait in the queue before it is answered with 503, in milliseconds.
   * Must be an integer of at least 1.
   * On change: updated in place.
   * @default 500 (the service's; never sent)
   */
  readonly maxRequestWaitTime?: pulumi.Input<number> | undefined;
  /**
   * Whether models are mounted with blobfuse. The service never tells the live value.
   * On change: a new service.
   * @default true (the service's; never sent)
   */
  readonly blobfuseEnabled?: pulumi.Input<boolean> | undefined;
  /**
   * How often the liveness probe runs, in seconds.
   * Must be an integer of at least 1.
   * On change: updated in place.
   * @default 10 (the service's; never sent)
   */
  readonly periodSeconds?: pulumi.Input<number> | undefined;
  /**
   * Seconds after the container's start before the first liveness probe.
   * Must be an integer of at least 1.
   * On change: updated in place.
   * @default 310 (the service's; never sent)
   */
  readonly initialDelaySeconds?: pulumi.Input<number> | undefined;
  /**
   * Seconds after which a liveness probe counts as failed. The class documents a default of 2 at creation and, contradicting itself, of 1 at an update.
   * Must be an integer of at least 1.
   * On change: updated in place.
   * @default 2 (the service's; never sent)
   */
  readonly timeoutSeconds?: pulumi.Input<number> | undefined;
  /**
   * Successful probes in a row after which a failed replica counts as alive again.
   * Must be an integer of at least 1.
   * On change: updated in place.
   * @default 1 (the service's; never sent)
   */
  readonly successThreshold?: pulumi.Input<number> | undefined;
  /**
   * Failed probes in a row after which a replica is restarted.
   * Must be an integer of at least 1.
   * On change: updated in place.
   * @default 3 (the service's; never sent)
   */
  readonly failureThreshold?: pulumi.Input<number> | undefined;
  /**
   * Kubernetes namespace of the service. Default: the cluster's.
   * Must be 1 to 63 lower-case letters, digits and hyphens, that begin and end with a letter or digit.
   * On change: updated in place.
   */
  readonly namespace?: pulumi.Input<string> | undefined;
  /**
   * Tags. The whole map is replaced: `{}` removes all, leaving it out changes nothing.
   * On change: updated in place.
   */
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  /**
   * Properties. Keys can be added; the service never changes or removes one.
   * On change: entries can be added; a changed one is refused, a removed one stays.
   */
  readonly properties?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  /**
   * What the service is for. `""` clears it.
   * On change: updated in place.
   */
  readonly description?: pulumi.Input<string> | undefined;
  /**
   * Take over a service of this name that already exists, changing only what differs.
   * On change: remembered; nothing is sent.
   * @default false (the service's; never sent)
   */
  readonly adopt?: pulumi.Input<boolean> | undefined;
  /**
   * Delete a service with its resource also where no Pulumi program made or claimed it. Otherwise it stays, and only the state forgets it.
   * On change: remembered; nothing is sent.
   * @default false (the service's; never sent)
   */
  readonly deleteAdopted?: pulumi.Input<boolean> | undefined;
  /**
   * Make a new service when the value of an entry of `properties` changes, since the service cannot change it.
   * On change: remembered; nothing is sent.
   * @default false (the service's; never sent)
   */
  readonly replaceOnPropertyChange?: pulumi.Input<boolean> | undefined;
  /**
   * How long create, update and delete may take, such as `{ create: "90m" }`. Default: 60 minutes, delete 20. The resource option `customTimeouts` sets it too.
   * On change: remembered; nothing is sent.
   */
  readonly timeouts?: pulumi.Input<Timeouts> | undefined;
  /**
   * Move the deployed service in place, once and for good, to a Kubernetes online endpoint: `{ computeTargetName, acknowledgeIrreversible: true }`. It keeps its name and scoring URI and leaves this API. See docs/migration.md.
   * On change: the service is migrated in place, which cannot be undone.
   */
  readonly migrateTo?: pulumi.Input<Migration> | undefined;
}

/** The live value of every setting under the setting's own name, and what the service makes. */
export interface AksWebserviceOutputs {
  /**
   * ARM id of the Azure Machine Learning workspace. Default: the stack's `azureml:workspaceId`.
   */
  readonly workspaceId: pulumi.Output<string>;
  /**
   * Subscription of the workspace, when its ARM id is not given. Default: the stack's `azureml:subscriptionId`.
   */
  readonly subscriptionId: pulumi.Output<string>;
  /**
   * Resource group of the workspace, when its ARM id is not given. Default: the stack's `azureml:resourceGroupName`.
   */
  readonly resourceGroupName: pulumi.Output<string>;
  /**
   * Name of the workspace, when its ARM id is not given. Default: the stack's `azureml:workspaceName`.
   */
  readonly workspaceName: pulumi.Output<string>;
  /**
   * Name of the web service. Default: made from the resource's name, and kept when the resource is renamed with an alias.
   */
  readonly serviceName: pulumi.Output<string>;
  /**
   * Name of the AKS compute target, attached to the workspace, that runs the service.
   */
  readonly computeTargetName: pulumi.Output<string>;
  /**
   * Code that serves the models: `entryScript`, the file of `source` (an asset or archive) with `init` and `run`, in `environment`, a registered one as `name:version` or a definition. Compared by content: the files are uploaded only when they changed.
   */
  readonly inferenceConfig: pulumi.Output<pulumi.Unwrap<InferenceConfig> | undefined>;
  /**
   * Registered models that the service loads, each as `name:version`. Without `inferenceConfig` exactly one, of a framework that is served without code.
   */
  readonly models: pulumi.Output<string[] | undefined>;
  /**
   * Registered image that the service runs, as `name:version`, in place of models and code. A service made from those cannot become one made from an image, or the reverse: that replaces it.
   */
  readonly imageId: pulumi.Output<string | undefined>;
  /**
   * Whether replicas follow the load. On by default when `numReplicas` is not set; any other autoscale setting turns it on.
   */
  readonly autoscaleEnabled: pulumi.Output<boolean>;
  /**
   * Fewest replicas while autoscaling.
   */
  readonly autoscaleMinReplicas: pulumi.Output<number | undefined>;
  /**
   * Most replicas while autoscaling.
   */
  readonly autoscaleMaxReplicas: pulumi.Output<number | undefined>;
  /**
   * How often the autoscaler looks, in seconds.
   */
  readonly autoscaleRefreshSeconds: pulumi.Output<number | undefined>;
  /**
   * Utilization, in percent, that the autoscaler aims for.
   */
  readonly autoscaleTargetUtilization: pulumi.Output<number | undefined>;
  /**
   * Fixed number of replicas, each a pod of the cluster. Ends autoscaling.
   */
  readonly numReplicas: pulumi.Output<number | undefined>;
  /**
   * Whether inputs and predictions are stored in the workspace's storage.
   */
  readonly collectModelData: pulumi.Output<boolean>;
  /**
   * Whether callers need a key. `false` without token authentication leaves the endpoint open to anyone.
   */
  readonly authEnabled: pulumi.Output<boolean>;
  /**
   * Whether callers need an access token. Excludes key authentication.
   */
  readonly tokenAuthEnabled: pulumi.Output<boolean>;
  /**
   * Primary authentication key. Generated by the service when not given; always a secret.
   */
  readonly primaryKey: pulumi.Output<string | undefined>;
  /**
   * Secondary authentication key. Generated by the service when not given; always a secret. At creation it needs `primaryKey`.
   */
  readonly secondaryKey: pulumi.Output<string | undefined>;
  /**
   * CPU cores requested for each replica; 0.1 is a tenth of a core. The pod's request, not its limit.
   */
  readonly cpuCores: pulumi.Output<number>;
  /**
   * Most CPU cores a replica may use. Not below `cpuCores`.
   */
  readonly cpuCoresLimit: pulumi.Output<number | undefined>;
  /**
   * Memory requested for each replica, in GB. The pod's request, not its limit.
   */
  readonly memoryGb: pulumi.Output<number>;
  /**
   * Most memory a replica may use, in GB. Not below `memoryGb`.
   */
  readonly memoryGbLimit: pulumi.Output<number | undefined>;
  /**
   * GPUs for each replica.
   */
  readonly gpuCores: pulumi.Output<number>;
  /**
   * Whether the service logs to Application Insights.
   */
  readonly enableAppInsights: pulumi.Output<boolean>;
  /**
   * How long one scoring call may take, in milliseconds.
   */
  readonly scoringTimeoutMs: pulumi.Output<number>;
  /**
   * Requests that one replica serves at the same time. The class's documentation asks to leave it at 1, unless Microsoft's support says otherwise.
   */
  readonly replicaMaxConcurrentRequests: pulumi.Output<number>;
  /**
   * How long a request may wait in the queue before it is answered with 503, in milliseconds.
   */
  readonly maxRequestWaitTime: pulumi.Output<number>;
  /**
   * Whether models are mounted with blobfuse. The service never tells the live value.
   */
  readonly blobfuseEnabled: pulumi.Output<boolean | undefined>;
  /**
   * How often the liveness probe runs, in seconds.
   */
  readonly periodSeconds: pulumi.Output<number | undefined>;
  /**
   * Seconds after the container's start before the first liveness probe.
   */
  readonly initialDelaySeconds: pulumi.Output<number | undefined>;
  /**
   * Seconds after which a liveness probe counts as failed. The class documents a default of 2 at creation and, contradicting itself, of 1 at an update.
   */
  readonly timeoutSeconds: pulumi.Output<number | undefined>;
  /**
   * Successful probes in a row after which a failed replica counts as alive again.
   */
  readonly successThreshold: pulumi.Output<number | undefined>;
  /**
   * Failed probes in a row after which a replica is restarted.
   */
  readonly failureThreshold: pulumi.Output<number | undefined>;
  /**
   * Kubernetes namespace of the service. Default: the cluster's.
   */
  readonly namespace: pulumi.Output<string | undefined>;
  /**
   * Tags. The whole map is replaced: `{}` removes all, leaving it out changes nothing.
   */
  readonly tags: pulumi.Output<Record<string, string>>;
  /**
   * Properties. Keys can be added; the service never changes or removes one.
   */
  readonly properties: pulumi.Output<Record<string, string>>;
  /**
   * What the service is for. `""` clears it.
   */
  readonly description: pulumi.Output<string | undefined>;
  /**
   * Take over a service of this name that already exists, changing only what differs.
   */
  readonly adopt: pulumi.Output<boolean | undefined>;
  /**
   * Delete a service with its resource also where no Pulumi program made or claimed it. Otherwise it stays, and only the state forgets it.
   */
  readonly deleteAdopted: pulumi.Output<boolean | undefined>;
  /**
   * Make a new service when the value of an entry of `properties` changes, since the service cannot change it.
   */
  readonly replaceOnPropertyChange: pulumi.Output<boolean | undefined>;
  /**
   * How long create, update and delete may take, such as `{ create: "90m" }`. Default: 60 minutes, delete 20. The resource option `customTimeouts` sets it too.
   */
  readonly timeouts: pulumi.Output<pulumi.Unwrap<Timeouts> | undefined>;
  /**
   * Move the deployed service in place, once and for good, to a Kubernetes online endpoint: `{ computeTargetName, acknowledgeIrreversible: true }`. It keeps its name and scoring URI and leaves this API. See docs/migration.md.
   */
  readonly migrateTo: pulumi.Output<pulumi.Unwrap<Migration> | undefined>;
  /**
   * Name of the web service.
   */
  readonly name: pulumi.Output<string>;
  /**
   * Transitioning, Healthy, Unhealthy, Failed or Unschedulable.
   */
  readonly state: pulumi.Output<ServiceState>;
  /**
   * Where to POST scoring requests.
   */
  readonly scoringUri: pulumi.Output<string>;
  /**
   * Where the service describes its interface.
   */
  readonly swaggerUri: pulumi.Output<string>;
  /**
   * Replicas desired, updated and available.
   */
  readonly deploymentStatus: pulumi.Output<DeploymentStatus>;
  /**
   * The registered models that the service loads.
   */
  readonly modelDetails: pulumi.Output<ModelDetails[]>;
  /**
   * The environment that the service runs in.
   */
  readonly environment: pulumi.Output<Record<string, unknown> | undefined>;
  /**
   * Digest of the image that runs.
   */
  readonly imageDigest: pulumi.Output<string | undefined>;
  /**
   * Whether this version is the endpoint's default.
   */
  readonly isDefault: pulumi.Output<boolean | undefined>;
  /**
   * Share of the endpoint's traffic, in percent.
   */
  readonly trafficPercentile: pulumi.Output<number | undefined>;
  /**
   * Control or Treatment.
   */
  readonly versionType: pulumi.Output<VersionType | undefined>;
  /**
   * AKS.
   */
  readonly computeType: pulumi.Output<string>;
  /**
   * When the service was made, ISO 8601.
   */
  readonly createdTime: pulumi.Output<string>;
  /**
   * When the service was last changed, ISO 8601.
   */
  readonly updatedTime: pulumi.Output<string>;
  /**
   * Who made the service, as the workspace knows them.
   */
  readonly createdBy: pulumi.Output<unknown>;
  /**
   * The service's last error.
   */
  readonly error: pulumi.Output<unknown>;
}

/** Variables of the Python class that group or rename settings. */
export interface AksWebserviceDerived {
  /**
   * The live autoscaling settings.
   */
  readonly autoscaler: pulumi.Output<{ readonly autoscaleEnabled: boolean; readonly minReplicas?: number; readonly maxReplicas?: number; readonly refreshPeriodInSeconds?: number; readonly targetUtilization?: number }>;
  /**
   * What each replica gets, live.
   */
  readonly containerResourceRequirements: pulumi.Output<{ readonly cpu: number; readonly cpuLimit?: number; readonly memoryInGB: number; readonly memoryInGBLimit?: number; readonly gpu: number }>;
  /**
   * The live probe settings.
   */
  readonly livenessProbeRequirements: pulumi.Output<{ readonly periodSeconds?: number; readonly initialDelaySeconds?: number; readonly timeoutSeconds?: number; readonly successThreshold?: number; readonly failureThreshold?: number }>;
  /**
   * What is collected, live.
   */
  readonly dataCollection: pulumi.Output<{ readonly storageEnabled: boolean }>;
  /**
   * The live value of `computeTargetName`.
   */
  readonly computeName: pulumi.Output<string>;
  /**
   * The live value of `replicaMaxConcurrentRequests`.
   */
  readonly maxConcurrentRequestsPerContainer: pulumi.Output<number>;
}

export const outputNames = [
  "workspaceId",
  "subscriptionId",
  "resourceGroupName",
  "workspaceName",
  "serviceName",
  "computeTargetName",
  "inferenceConfig",
  "models",
  "imageId",
  "autoscaleEnabled",
  "autoscaleMinReplicas",
  "autoscaleMaxReplicas",
  "autoscaleRefreshSeconds",
  "autoscaleTargetUtilization",
  "numReplicas",
  "collectModelData",
  "authEnabled",
  "tokenAuthEnabled",
  "primaryKey",
  "secondaryKey",
  "cpuCores",
  "cpuCoresLimit",
  "memoryGb",
  "memoryGbLimit",
  "gpuCores",
  "enableAppInsights",
  "scoringTimeoutMs",
  "replicaMaxConcurrentRequests",
  "maxRequestWaitTime",
  "blobfuseEnabled",
  "periodSeconds",
  "initialDelaySeconds",
  "timeoutSeconds",
  "successThreshold",
  "failureThreshold",
  "namespace",
  "tags",
  "properties",
  "description",
  "adopt",
  "deleteAdopted",
  "replaceOnPropertyChange",
  "timeouts",
  "migrateTo",
  "name",
  "state",
  "scoringUri",
  "swaggerUri",
  "deploymentStatus",
  "modelDetails",
  "environment",
  "imageDigest",
  "isDefault",
  "trafficPercentile",
  "versionType",
  "computeType",
  "createdTime",
  "updatedTime",
  "createdBy",
  "error",
] as const;

export const secretNames = [
  "primaryKey",
  "secondaryKey",
] as const;

/** What deployConfiguration takes: what is sent of a service but its name and what it runs. */
export type DeploymentSetting =
  | "computeTargetName"
  | "autoscaleEnabled"
  | "autoscaleMinReplicas"
  | "autoscaleMaxReplicas"
  | "autoscaleRefreshSeconds"
  | "autoscaleTargetUtilization"
  | "numReplicas"
  | "collectModelData"
  | "authEnabled"
  | "tokenAuthEnabled"
  | "primaryKey"
  | "secondaryKey"
  | "cpuCores"
  | "cpuCoresLimit"
  | "memoryGb"
  | "memoryGbLimit"
  | "gpuCores"
  | "enableAppInsights"
  | "scoringTimeoutMs"
  | "replicaMaxConcurrentRequests"
  | "maxRequestWaitTime"
  | "blobfuseEnabled"
  | "periodSeconds"
  | "initialDelaySeconds"
  | "timeoutSeconds"
  | "successThreshold"
  | "failureThreshold"
  | "namespace"
  | "tags"
  | "properties"
  | "description";

export const modelsName = "models";

export const inferenceConfigName = "inferenceConfig";

export const timeoutsName = "timeouts";

/** Members of each grouping variable, and the settings that they show. */
export const nested: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  autoscaler: { autoscaleEnabled: "autoscaleEnabled", minReplicas: "autoscaleMinReplicas", maxReplicas: "autoscaleMaxReplicas", refreshPeriodInSeconds: "autoscaleRefreshSeconds", targetUtilization: "autoscaleTargetUtilization" },
  containerResourceRequirements: { cpu: "cpuCores", cpuLimit: "cpuCoresLimit", memoryInGB: "memoryGb", memoryInGBLimit: "memoryGbLimit", gpu: "gpuCores" },
  livenessProbeRequirements: { periodSeconds: "periodSeconds", initialDelaySeconds: "initialDelaySeconds", timeoutSeconds: "timeoutSeconds", successThreshold: "successThreshold", failureThreshold: "failureThreshold" },
  dataCollection: { storageEnabled: "collectModelData" },
};

export const renamed: Readonly<Record<string, string>> = {
  computeName: "computeTargetName",
  maxConcurrentRequestsPerContainer: "replicaMaxConcurrentRequests",
};
