import * as pulumi from "@pulumi/pulumi";

type Code =
  | "AzureNativeMissing"
  | "BadAsset"
  | "BadDeploymentName"
  | "BadEndpointName"
  | "BadKey"
  | "BadTraffic"
  | "Blocked"
  | "InstanceTypeTooSmall"
  | "NoEntryScript"
  | "NoWorkspace"
  | "NotKubernetes"
  | "TrafficBeforeDeployment";

/** Why a program cannot go on; the engine prints it without a stack. */
export const refused = (code: Code, says: string): pulumi.RunError => new pulumi.RunError(`${code}: ${says}`);
