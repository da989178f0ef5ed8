import type * as pulumi from "@pulumi/pulumi";
import type { AksWebserviceArgs } from "../../sdk/args";
import type { AksWebservice } from "../../sdk/aks-webservice";

/** Code in the workspace's storage, of which a code version is made. */
export interface CodeAsset {
  /** Address of the uploaded folder, such as `https://account.blob.core.windows.net/container/score-1`. Another script is another folder. */
  readonly uri: pulumi.Input<string>;
  /** Name of the asset. Default: the endpoint's and the deployment's names, joined by a hyphen. */
  readonly name?: pulumi.Input<string> | undefined;
  /** Version of the asset. Default: a hash of `uri`, so that another folder is another version. */
  readonly version?: pulumi.Input<string> | undefined;
}

/** A model in the workspace's storage, of which a model version is made. */
export interface ModelAsset {
  /** Address of the folder or file, such as `azureml://datastores/workspaceblobstore/paths/fraud`. */
  readonly uri: pulumi.Input<string>;
  /** `custom_model`, `mlflow_model` or `triton_model`. Default: `custom_model`. */
  readonly type?: pulumi.Input<string> | undefined;
  /** Name of the asset. Default: the endpoint's and the deployment's names, joined by a hyphen. */
  readonly name?: pulumi.Input<string> | undefined;
  /** Version of the asset. Default: a hash of the other members. */
  readonly version?: pulumi.Input<string> | undefined;
}

/** Where a container answers. */
export interface Route {
  readonly port: pulumi.Input<number>;
  readonly path: pulumi.Input<string>;
}

/** An image, with or without conda packages, of which an environment version is made. */
export interface EnvironmentAsset {
  /** The image, such as `mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20240304.v1`. */
  readonly image: pulumi.Input<string>;
  /** Text of a conda file. Default: nothing is installed on top of the image. */
  readonly condaFile?: pulumi.Input<string> | undefined;
  /** Where an image that brings its own server answers. Needed for what was an `imageId`. */
  readonly inferenceConfig?:
    | {
        readonly livenessRoute: Route;
        readonly readinessRoute: Route;
        readonly scoringRoute: Route;
      }
    | undefined;
  /** Name of the asset. Default: the endpoint's and the deployment's names, joined by a hyphen. */
  readonly name?: pulumi.Input<string> | undefined;
  /** Version of the asset. Default: a hash of the other members. */
  readonly version?: pulumi.Input<string> | undefined;
}

/** What an InstanceType resource of the cluster has as limits. */
export interface InstanceTypeLimits {
  readonly cpuCores: number;
  readonly memoryGb: number;
  /** Default: 0. */
  readonly gpuCores?: number | undefined;
}

/**
 * One deployment of the endpoint. `code`, `instanceType` and the entry script cannot be changed in one that exists: a change makes
 * Azure delete it and make another of the same name. Write a second deployment beside it instead, and move the traffic.
 */
export interface KubernetesDeploymentArgs {
  /**
   * ARM id of a code version, or an uploaded folder of which one is made. Needed where the web service has an entry script.
   * On change: a new deployment of the same name; refused while it has traffic.
   */
  readonly code?: pulumi.Input<string> | CodeAsset | undefined;
  /**
   * Path of the entry script in `code`, with slashes. Default: the web service's entry script; needed where that is not known, as of a
   * service that was adopted.
   * On change: a new deployment of the same name; refused while it has traffic.
   * @throws NoEntryScript
   */
  readonly scoringScript?: pulumi.Input<string> | undefined;
  /**
   * ARM id of an environment version, or an image of which one is made. Default: the web service's registered environment; where the
   * web service defines one by a base image, an environment version is made of that definition.
   * On change: updated in place.
   */
  readonly environment?: pulumi.Input<string> | EnvironmentAsset | undefined;
  /**
   * ARM id of a model version, or a stored folder of which one is made. Default: the web service's one registered model. Needed where
   * it has several: a deployment has one.
   * On change: updated in place.
   */
  readonly model?: pulumi.Input<string> | ModelAsset | undefined;
  /**
   * Name of an InstanceType resource on the cluster. Default: `defaultinstancetype`, of 2 CPU cores and 2 GB without GPUs.
   * On change: a new deployment of the same name; refused while it has traffic.
   */
  readonly instanceType?: pulumi.Input<string> | undefined;
  /**
   * What that instance type allows, which is compared with what the web service asks for. Without it nothing is compared for a named
   * instance type. A request may be as large as the limit; a limit must be smaller.
   * @throws InstanceTypeTooSmall
   */
  readonly instanceTypeLimits?: InstanceTypeLimits | undefined;
  /**
   * Settings in which this deployment differs from the web service, by the web service's names, such as `cpuCores`. The address, the
   * compute and who may call belong to the endpoint and are ignored here.
   * On change: updated in place, but for an entry script: a new deployment of the same name.
   */
  readonly settings?: Partial<AksWebserviceArgs> | undefined;
}

/** Keys with which callers call. */
export interface EndpointKeys {
  /** 32 characters, as a web service's own have, or 84. */
  readonly primaryKey: pulumi.Input<string>;
  /** 32 characters, or 84. */
  readonly secondaryKey?: pulumi.Input<string> | undefined;
}

/** A web service on AKS, and where it goes as a Kubernetes online endpoint. */
export interface KubernetesOnlineServiceArgs {
  /**
   * The web service: the arguments that it is deployed with, or a resource of this program, whose live settings count. It is only read.
   */
  readonly service: AksWebservice | AksWebserviceArgs;
  /**
   * Name of the endpoint. Default: the web service's name, or else this resource's. On the web service's own cluster it must be another.
   * Must be 3 to 32 lower-case letters, digits and hyphens, that begin with a letter and do not end with a hyphen.
   * On change: a new endpoint; refused while it has traffic.
   */
  readonly endpointName?: pulumi.Input<string> | undefined;
  /**
   * ARM id of the workspace. Default: the web service's workspace, or else the stack's `azureml:workspaceId`.
   * On change: a new endpoint; refused while it has traffic.
   * @throws NoWorkspace
   */
  readonly workspaceId?: pulumi.Input<string> | undefined;
  /**
   * Azure region of the workspace, such as `westeurope`.
   * On change: a new endpoint; refused while it has traffic.
   */
  readonly location: pulumi.Input<string>;
  /**
   * Name of a Kubernetes compute of the workspace. Not the AKS compute target of the web service.
   * On change: a new endpoint; refused while it has traffic.
   * @throws NotKubernetes
   */
  readonly compute: pulumi.Input<string>;
  /**
   * Kubernetes namespace that the compute was attached with. Only compared with the web service's. Default: not compared.
   */
  readonly namespace?: pulumi.Input<string> | undefined;
  /**
   * The deployments that shall exist, side by side, by their names. The names are plain text, so that a preview always shows them.
   * Removing one removes the deployment; refused while it has traffic.
   * @throws BadDeploymentName
   */
  readonly deployments: { readonly [name: string]: KubernetesDeploymentArgs };
  /**
   * Percentage of the calls for each deployment, whole numbers whose sum is 100, or 0 for none. A deployment that is not named gets
   * none. Only deployments that exist already can get calls: `{}` until the first one is made, then a second `pulumi up` with its
   * weight. Plain numbers, such as from the stack's configuration. A deployment with calls is protected, and with it the endpoint:
   * what would delete or replace either is refused until its weight is 0.
   * On change: updated in place.
   * @throws BadTraffic
   * @throws TrafficBeforeDeployment
   */
  readonly traffic: { readonly [deployment: string]: number };
  /**
   * Keys that callers keep; always secret. `"generated"`: the endpoint makes keys of its own, and callers change theirs. Default: the
   * web service's keys, where they are known; else as `"generated"`, with a warning.
   * On change: nothing; Azure takes keys only when it makes the endpoint.
   * @throws BadKey
   */
  readonly keys?: EndpointKeys | "generated" | undefined;
  /**
   * Who may call, where anyone may call the web service: an endpoint without authentication does not exist.
   * Default: `Key`, with a warning.
   * On change: updated in place.
   */
  readonly authMode?: "Key" | "AMLToken" | "AADToken" | undefined;
  /**
   * ARM ids of user-assigned identities for the endpoint. Default: a system-assigned identity.
   * On change: updated in place.
   */
  readonly userAssignedIdentities?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /**
   * Whether the endpoint can be reached from public networks. Set `Disabled` for a private workspace. Always written, since azure-native
   * fills in `Enabled`.
   * On change: updated in place.
   * @default "Enabled"
   */
  readonly publicNetworkAccess?: pulumi.Input<"Enabled" | "Disabled"> | undefined;
  /**
   * Settings of the web service whose findings have been dealt with: nothing is said of them any more.
   */
  readonly decided?: readonly string[] | undefined;
}

/** What becomes of one setting of the web service. */
export interface MigrationFinding {
  readonly deployment: string;
  /** The setting's name, as an argument of AksWebservice. */
  readonly setting: string;
  readonly kind: "carried" | "changedDefault" | "needsDecision" | "blocked" | "dropped";
  readonly says: string;
  readonly wayRound?: string | undefined;
  readonly source: string;
}
