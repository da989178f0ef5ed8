import type * as pulumi from "@pulumi/pulumi";
import type { Timeouts } from "./args";

/** What a model was made with. The workspace takes any other name, too. */
export type Framework = "Custom" | "Multi" | "Onnx" | "ScikitLearn" | "TensorFlow" | (string & {});

/** The settings of a registered model. What is left out is not managed. */
export interface ModelArgs {
  /**
   * The model's files: an asset for one file, an archive for several. One on the network is refused.
   * On change of the content: the next version is registered, and the old one deleted once nothing in the stack uses it.
   */
  readonly source: pulumi.Input<pulumi.asset.Asset | pulumi.asset.Archive>;
  /** ARM id of the Azure Machine Learning workspace. Default: the stack's `azureml:workspaceId`. On change: a new model. */
  readonly workspaceId?: pulumi.Input<string> | undefined;
  /** Subscription of the workspace, when its ARM id is not given. Default: the stack's `azureml:subscriptionId`. */
  readonly subscriptionId?: pulumi.Input<string> | undefined;
  /** Resource group of the workspace, when its ARM id is not given. Default: the stack's `azureml:resourceGroupName`. */
  readonly resourceGroupName?: pulumi.Input<string> | undefined;
  /** Name of the workspace, when its ARM id is not given. Default: the stack's `azureml:workspaceName`. */
  readonly workspaceName?: pulumi.Input<string> | undefined;
  /** Name under which versions are registered. Default: the resource's name, kept when it is renamed with an alias. */
  readonly modelName?: pulumi.Input<string> | undefined;
  /**
   * What the model was made with: `Onnx`, `ScikitLearn`, `TensorFlow` and `Multi` can be served without code.
   * On change: the next version.
   * @default Custom (the service's; never sent)
   */
  readonly framework?: pulumi.Input<Framework> | undefined;
  /** Version of the framework. On change: the next version. */
  readonly frameworkVersion?: pulumi.Input<string> | undefined;
  /** Tags. The whole map is replaced: `{}` removes all, leaving it out changes nothing. On change: updated in place. */
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  /** Properties. Keys are added in place; a changed value registers the next version. */
  readonly properties?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  /** What the model is for. `""` clears it. On change: updated in place. */
  readonly description?: pulumi.Input<string> | undefined;
  /** Id of a registered dataset with sample input. On change: updated in place. */
  readonly sampleInputData?: pulumi.Input<string> | undefined;
  /** Id of a registered dataset with sample output. On change: updated in place. */
  readonly sampleOutputData?: pulumi.Input<string> | undefined;
  /** CPU cores that a service without code gives the model; above 0. On change: updated in place. */
  readonly cpuCores?: pulumi.Input<number> | undefined;
  /** Memory in GB that a service without code gives the model; above 0. On change: updated in place. */
  readonly memoryGb?: pulumi.Input<number> | undefined;
  /** GPU cores that a service without code gives the model. On change: updated in place. */
  readonly gpuCores?: pulumi.Input<number> | undefined;
  /** How long create (with its uploads), update and delete may take. Default: 60 minutes, delete 20. */
  readonly timeouts?: pulumi.Input<Timeouts> | undefined;
}

/** Every setting's live value, and what registration makes. */
export interface ModelOutputs {
  /** `name:version`, as a service's `models` takes it. */
  readonly modelId: pulumi.Output<string>;
  /** The registered version. */
  readonly version: pulumi.Output<number>;
  /** Where the workspace keeps the files, `aml://asset/…`. */
  readonly url: pulumi.Output<string>;
  readonly mimeType: pulumi.Output<string | undefined>;
  /** When the version was registered, ISO 8601. */
  readonly createdTime: pulumi.Output<string>;
  /** Who registered it, as the workspace knows them. */
  readonly createdBy: pulumi.Output<unknown>;
  /** The files' identity; their content is not kept. */
  readonly source: pulumi.Output<pulumi.asset.Asset | pulumi.asset.Archive>;
  readonly workspaceId: pulumi.Output<string>;
  readonly subscriptionId: pulumi.Output<string>;
  readonly resourceGroupName: pulumi.Output<string>;
  readonly workspaceName: pulumi.Output<string>;
  readonly modelName: pulumi.Output<string>;
  readonly framework: pulumi.Output<Framework | undefined>;
  readonly frameworkVersion: pulumi.Output<string | undefined>;
  readonly tags: pulumi.Output<Record<string, string>>;
  readonly properties: pulumi.Output<Record<string, string>>;
  readonly description: pulumi.Output<string | undefined>;
  readonly sampleInputData: pulumi.Output<string | undefined>;
  readonly sampleOutputData: pulumi.Output<string | undefined>;
  readonly cpuCores: pulumi.Output<number | undefined>;
  readonly memoryGb: pulumi.Output<number | undefined>;
  readonly gpuCores: pulumi.Output<number | undefined>;
  readonly timeouts: pulumi.Output<pulumi.Unwrap<Timeouts> | undefined>;
}

export const modelOutputNames = [
  "modelId",
  "version",
  "url",
  "mimeType",
  "createdTime",
  "createdBy",
  "source",
  "workspaceId",
  "subscriptionId",
  "resourceGroupName",
  "workspaceName",
  "modelName",
  "framework",
  "frameworkVersion",
  "tags",
  "properties",
  "description",
  "sampleInputData",
  "sampleOutputData",
  "cpuCores",
  "memoryGb",
  "gpuCores",
  "timeouts",
] as const satisfies readonly (keyof ModelOutputs)[];
