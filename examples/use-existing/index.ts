import * as pulumi from "@pulumi/pulumi";
import * as azureml from "pulumi-azureml";

const config = new pulumi.Config();

// In the configured workspace; one in another workspace is named by its id, `<workspace ARM id>/services/<name>`.
const fraud = azureml.AksWebservice.get("fraud", config.get("serviceName") ?? "fraud");

export const scoringUri = fraud.scoringUri;
export const state = fraud.state;
export const models = fraud.modelDetails;

// The resource's methods work too: the end of its log, or `fraud.run(…)` during an update.
export const lastLogLine = fraud.getLogs({ numLines: 1 });
