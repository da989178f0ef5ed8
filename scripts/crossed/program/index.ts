import * as pulumi from "@pulumi/pulumi";
import * as azureml from "pulumi-azureml";

const services = new pulumi.Config().requireObject<Record<string, azureml.AksWebserviceArgs>>("services");

for (const [name, settings] of Object.entries(services)) new azureml.AksWebservice(name, settings);
