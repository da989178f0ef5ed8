import * as pulumi from "@pulumi/pulumi";
import * as azureml from "pulumi-azureml";

const config = new pulumi.Config();

// Exists already, made with the Python SDK. Taking it over sends only what differs from the live service; what the program
// does not name stays as it is. `protect` keeps it in the stack until you say otherwise; `retainOnDelete` keeps the service.
const fraud = new azureml.AksWebservice(
  "fraud",
  {
    adopt: true,
    serviceName: config.get("serviceName") ?? "fraud",
    computeTargetName: config.get("computeTargetName") ?? "aks-prod",
    tags: { managedBy: "pulumi" },
    description: "Scores card payments",
  },
  { protect: true, retainOnDelete: true },
);

export const scoringUri = fraud.scoringUri;
export const autoscaler = fraud.autoscaler;
