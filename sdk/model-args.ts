// Generated from provider/schema by `npm run codegen`. Do not edit.
import type * as pulumi from "@pulumi/pulumi";
import type { Timeouts } from "./args";

/**
 * What the model was made with. `Onnx`, `ScikitLearn`, `TensorFlow` and `Multi` can be served without code.
 * The workspace takes any other name, too.
 */
export type Framework = "Custom" | "Multi" | "Onnx" | "ScikitLearn" | "TensorFlow" | (string & {});

/** The settings of a registered model. What is left out is not managed. */
export interface ModelArgs {
  /**
   * The model's files: an asset for one file, an archive for several. One on the network is refused. Another content registers the next version, and the old one is deleted once nothing in the stack uses it.
   * Must be an asset or archive with the model's files.
   * On change: the next version.
   */
  readonly source: pulumi.Input<pulumi.asset.Asset | pulumi.asset.Archive>;
  /**
   * ARM id of the Azure Machine Learning workspace. Default: the stack's `azureml:workspaceId`.
   * Must be the ARM id of a workspace (/subscriptions/…/workspaces/<name>).
   * On change: a new model.
   */
  readonly workspaceId?: pulumi.Input<string> | undefined;
  /**
   * Subscription of the workspace, when its ARM id is not given. Default: the stack's `azureml:subscriptionId`.
   * On change: a new model.
   */
  readonly subscriptionId?: pulumi.Input<string> | undefined;
  /**
   * Resource group of the workspace, when its ARM id is not given. Default: the stack's `azureml:resourceGroupName`.
   * On change: a new model.
   */
  readonly resourceGroupName?: pulumi.Input<string> | undefined;
  /**
   * Name of the workspace, when its ARM id is not given. Default: the stack's `azureml:workspaceName`.
   * On change: a new model.
   */
  readonly workspaceName?: pulumi.Input<string> | undefined;
  /**
   * Name under which versions are registered. Default: the resource's name, kept when the resource is renamed with an alias.
   * Must be 1 to 255 letters, digits, hyphens, dots and underscores, that begin with a letter or digit.
   * On change: a new model.
   */
  readonly modelName?: pulumi.Input<string> | undefined;
  /**
   * What the model was made with. `Onnx`, `ScikitLearn`, `TensorFlow` and `Multi` can be served without code.
   * Must be the name of a framework, such as ScikitLearn, TensorFlow, Onnx, Multi or Custom.
   * On change: the next version.
   * @default Custom (the service's; never sent)
   */
  readonly framework?: pulumi.Input<Framework> | undefined;
  /**
   * Version of the framework.
   * On change: the next version.
   */
  readonly frameworkVersion?: pulumi.Input<string> | undefined;
  /**
   * Tags. The whole map is replaced: `{}` removes all, leaving it out changes nothing.
   * On change: updated in place.
   */
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  /**
   * Properties. Keys can be added; a changed value registers a new version.
   * On change: entries can be added; a changed one registers the next version.
   */
  readonly properties?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  /**
   * What the model is for. `""` clears it.
   * On change: updated in place.
   */
  readonly description?: pulumi.Input<string> | undefined;
  /**
   * Id of a registered dataset with sample input.
   * On change: updated in place.
   */
  readonly sampleInputData?: pulumi.Input<string> | undefined;
  /**
   * Id of a registered dataset with sample output.
   * On change: updated in place.
   */
  readonly sampleOutputData?: pulumi.Input<string> | undefined;
  /**
   * CPU cores that a service without code gives the model.
   * Must be a number greater than 0.
   * On change: updated in place.
   */
  readonly cpuCores?: pulumi.Input<number> | undefined;
  /**
   * Memory in GB that a service without code gives the model.
   * Must be a number greater than 0.
   * On change: updated in place.
   */
  readonly memoryGb?: pulumi.Input<number> | undefined;
  /**
   * GPU cores that a service without code gives the model.
   * Must be an integer of at least 0.
   * On change: updated in place.
   */
  readonly gpuCores?: pulumi.Input<number> | undefined;
  /**
   * How long create, update and delete may take, such as `{ create: "90m" }`. Default: 60 minutes, delete 20. The resource option `customTimeouts` sets it too.
   * On change: remembered; nothing is sent.
   */
  readonly timeouts?: pulumi.Input<Timeouts> | undefined;
}

/** Every setting's live value, and what registration makes. */
export interface ModelOutputs {
  /**
   * `name:version`, as a service's `models` takes it.
   */
  readonly modelId: pulumi.Output<string>;
  /**
   * The registered version.
   */
  readonly version: pulumi.Output<number>;
  /**
   * Where the workspace keeps the files, `aml://asset/…`.
   */
  readonly url: pulumi.Output<string>;
  /**
   * Type of the files.
   */
  readonly mimeType: pulumi.Output<string | undefined>;
  /**
   * When the version was registered, ISO 8601.
   */
  readonly createdTime: pulumi.Output<string>;
  /**
   * Who registered it, as the workspace knows them.
   */
  readonly createdBy: pulumi.Output<unknown>;
  /**
   * The model's files: an asset for one file, an archive for several. One on the network is refused. Another content registers the next version, and the old one is deleted once nothing in the stack uses it.
   */
  readonly source: pulumi.Output<pulumi.asset.Asset | pulumi.asset.Archive>;
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
   * Name under which versions are registered. Default: the resource's name, kept when the resource is renamed with an alias.
   */
  readonly modelName: pulumi.Output<string>;
  /**
   * What the model was made with. `Onnx`, `ScikitLearn`, `TensorFlow` and `Multi` can be served without code.
   */
  readonly framework: pulumi.Output<Framework | undefined>;
  /**
   * Version of the framework.
   */
  readonly frameworkVersion: pulumi.Output<string | undefined>;
  /**
   * Tags. The whole map is replaced: `{}` removes all, leaving it out changes nothing.
   */
  readonly tags: pulumi.Output<Record<string, string>>;
  /**
   * Properties. Keys can be added; a changed value registers a new version.
   */
  readonly properties: pulumi.Output<Record<string, string>>;
  /**
   * What the model is for. `""` clears it.
   */
  readonly description: pulumi.Output<string | undefined>;
  /**
   * Id of a registered dataset with sample input.
   */
  readonly sampleInputData: pulumi.Output<string | undefined>;
  /**
   * Id of a registered dataset with sample output.
   */
  readonly sampleOutputData: pulumi.Output<string | undefined>;
  /**
   * CPU cores that a service without code gives the model.
   */
  readonly cpuCores: pulumi.Output<number | undefined>;
  /**
   * Memory in GB that a service without code gives the model.
   */
  readonly memoryGb: pulumi.Output<number | undefined>;
  /**
   * GPU cores that a service without code gives the model.
   */
  readonly gpuCores: pulumi.Output<number | undefined>;
  /**
   * How long create, update and delete may take, such as `{ create: "90m" }`. Default: 60 minutes, delete 20. The resource option `customTimeouts` sets it too.
   */
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
