import * as pulumi from "@pulumi/pulumi";
import * as azureml from "pulumi-azureml";

const config = new pulumi.Config();

const service = new azureml.AksWebservice("fraud", {
  computeTargetName: config.get("computeTargetName") ?? "aks-prod",
  models: [config.get("model") ?? "fraud:7"],
  tokenAuthEnabled: true,
});

// Asked at each `pulumi up`, once the service is Healthy; a failure fails the update. A preview asks nothing.
const answer = service.run({ data: [[0.1, 3.2, 1]] });

const token = service.getAccessToken();

export const smokeTest = answer;
export const accessToken = token.accessToken; // a secret
export const tokenExpires = pulumi.unsecret(token.expiryOn); // the time alone is none
export const lastLogLines = service.getLogs({ numLines: 20 });
