import * as pulumi from "@pulumi/pulumi";
import * as azureml from "pulumi-azureml";

/** Settings as configuration can hold them: a script is given as its text. */
type Given = Omit<azureml.AksWebserviceArgs, "inferenceConfig"> & {
  readonly inferenceConfig?: { readonly entryScript: string; readonly source: string };
};

const withAsset = ({ inferenceConfig, ...settings }: Given): azureml.AksWebserviceArgs => {
  if (inferenceConfig === undefined) return settings;
  const source = new pulumi.asset.StringAsset(inferenceConfig.source);
  return { ...settings, inferenceConfig: { ...inferenceConfig, source } };
};

const services = new pulumi.Config().requireObject<Record<string, Given>>("services");

for (const [name, settings] of Object.entries(services)) new azureml.AksWebservice(name, withAsset(settings));
