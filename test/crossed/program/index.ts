import * as pulumi from "@pulumi/pulumi";
import * as azureml from "pulumi-azureml";

const { AssetArchive, StringAsset } = pulumi.asset;

/** Settings as configuration can hold them: a file is given as its text, an archive as its files. */
type Given = Omit<azureml.AksWebserviceArgs, "inferenceConfig"> & {
  readonly inferenceConfig?: {
    readonly entryScript: string;
    readonly source: string | Readonly<Record<string, string>>;
  };
};

const sourceOf = (files: string | Readonly<Record<string, string>>) =>
  typeof files === "string"
    ? new StringAsset(files)
    : new AssetArchive(
        Object.fromEntries(Object.entries(files).map(([name, text]) => [name, new StringAsset(text)])),
      );

const withFiles = ({ inferenceConfig, ...settings }: Given): azureml.AksWebserviceArgs =>
  inferenceConfig === undefined
    ? settings
    : { ...settings, inferenceConfig: { ...inferenceConfig, source: sourceOf(inferenceConfig.source) } };

const services = new pulumi.Config().requireObject<Record<string, Given>>("services");

for (const [name, settings] of Object.entries(services)) new azureml.AksWebservice(name, withFiles(settings));
