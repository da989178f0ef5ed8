import { createRequire } from "node:module";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { refused } from "./checks";

/** A resource of azure-native, as far as the component knows it. Its own declarations are 16 MB, which no program shall read for this. */
type ResourceClass = new (
  name: string,
  args: Readonly<Record<string, unknown>>,
  opts?: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

type EndpointClass = new (...given: ConstructorParameters<ResourceClass>) => pulumi.CustomResource & {
  readonly properties: pulumi.Output<{ readonly scoringUri: string; readonly swaggerUri: string }>;
};

export interface AzureNative {
  readonly OnlineEndpoint: EndpointClass;
  readonly OnlineDeployment: ResourceClass;
  readonly CodeVersion: ResourceClass;
  readonly EnvironmentVersion: ResourceClass;
  readonly ModelVersion: ResourceClass;
}

/**
 * azure-native's machine learning resources: beside this package, or else in the program's folder. Nothing loads them but a component.
 *
 * @throws AzureNativeMissing
 */
export const azureNative = (folder: string = process.cwd()): AzureNative => {
  for (const from of [__filename, join(folder, "package.json")])
    try {
      return createRequire(from)("@pulumi/azure-native/machinelearningservices") as AzureNative;
    } catch (error) {
      if ((error as { readonly code?: unknown }).code !== "MODULE_NOT_FOUND") throw error;
    }
  throw refused(
    "AzureNativeMissing",
    "KubernetesOnlineService needs @pulumi/azure-native, which is not installed here. " +
      "Run `npm install @pulumi/azure-native` in the folder of Pulumi.yaml.",
  );
};
