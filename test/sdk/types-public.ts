import * as pulumi from "@pulumi/pulumi";
import type { ErrorCode } from "../../provider/azure/errors";
import type { CallErrorCode as ProviderCallErrorCode } from "../../provider/functions/arguments";
import * as azureml from "../../sdk/index";

// What a TypeScript user expects of outputs, functions and errors. The compiler is the test.

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type ValueOf<Value> = Value extends pulumi.Output<infer Inner> ? Inner : never;
type OutputsWhere<Undefined extends boolean> = {
  [Name in keyof azureml.AksWebserviceOutputs]: undefined extends ValueOf<azureml.AksWebserviceOutputs[Name]>
    ? Undefined extends true
      ? Name
      : never
    : Undefined extends true
      ? never
      : Name;
}[keyof azureml.AksWebserviceOutputs];

declare const service: azureml.AksWebservice;
declare const model: azureml.Model;

export const alwaysFilled: Same<
  OutputsWhere<false>,
  | ("workspaceId" | "subscriptionId" | "resourceGroupName" | "workspaceName" | "serviceName")
  | ("computeTargetName" | "autoscaleEnabled" | "collectModelData" | "authEnabled" | "tokenAuthEnabled")
  | ("cpuCores" | "memoryGb" | "gpuCores" | "enableAppInsights" | "tags" | "properties")
  | ("scoringTimeoutMs" | "replicaMaxConcurrentRequests" | "maxRequestWaitTime")
  | ("name" | "state" | "scoringUri" | "swaggerUri" | "deploymentStatus" | "modelDetails")
  | ("computeType" | "createdTime" | "updatedTime")
> = true;

export const outputs = (): void => {
  const cores: pulumi.Output<number> = service.cpuCores;
  const workspace: pulumi.Output<string> = service.workspaceId;
  const tag: pulumi.Output<string | undefined> = service.tags.apply((tags) => tags["release"]);
  const cpu: pulumi.Output<number> = service.containerResourceRequirements.apply((live) => live.cpu);
  // @ts-expect-error a service that scales by itself has no number of its own
  const replicas: pulumi.Output<number> = service.numReplicas;
  // @ts-expect-error an autoscaler that is off has none
  const least: pulumi.Output<number> = service.autoscaler.apply((live) => live.minReplicas);
  // @ts-expect-error a service that nobody needs a key for has none
  const key: pulumi.Output<string> = service.primaryKey;
  // @ts-expect-error the service's own JSON is of no type that this package could know
  const environment: pulumi.Output<string> = service.environment.apply((live) => live?.["name"]);
  // @ts-expect-error nor is its error
  const message: pulumi.Output<string> = service.error.apply((error) => error.message);
  // @ts-expect-error a program reads outputs, and sets inputs
  service.cpuCores = cores;
  void [cores, workspace, tag, cpu, replicas, least, key, environment, message];
};

export const openTexts = (): void => {
  const state: pulumi.Output<azureml.ServiceState> = service.state;
  const text: pulumi.Output<string> = service.state;
  const known: azureml.ServiceState[] = ["Healthy", "a state of next year"];
  const kind: azureml.VersionType = "Treatment";
  const made: pulumi.Output<azureml.Framework | undefined> = model.framework;
  const source = new pulumi.asset.FileAsset("m.pkl");
  new azureml.Model("m", { source, framework: "ScikitLearn" });
  new azureml.Model("m", { source, framework: pulumi.output("PyTorch") });
  // @ts-expect-error a text
  const number: azureml.Framework = 1;
  void [state, text, known, kind, made, number];
};

export const timeouts: readonly azureml.AksWebserviceArgs[] = [
  { computeTargetName: "aks", timeouts: { create: pulumi.output("5m"), delete: Promise.resolve("1h") } },
  { computeTargetName: "aks", timeouts: pulumi.output({ update: "5m" }) },
  // @ts-expect-error a text with its unit
  { computeTargetName: "aks", timeouts: { create: pulumi.output(5) } },
];

export const functions = (): void => {
  const [name, workspaceId] = [service.serviceName, pulumi.output("/subscriptions/1")];
  const read: pulumi.Output<azureml.Service> = azureml.getServiceOutput(service.id);
  const listed: pulumi.Output<azureml.Service[]> = azureml.listServicesOutput(
    { computeType: pulumi.output("AKS"), tags: { owner: name, any: undefined } },
    { workspaceId },
  );
  const keys: pulumi.Output<azureml.Keys> = azureml.getKeysOutput(name, { workspaceId });
  const token: pulumi.Output<azureml.AccessToken> = azureml.getAccessTokenOutput("fraud");
  const log: pulumi.Output<string> = azureml.getLogsOutput(name, { numLines: pulumi.output(5), workspaceId });
  const always: pulumi.Output<string> = read.apply((found) => found.workspaceId);
  // @ts-expect-error what is awaited takes values
  void azureml.getService(service.id);
  // @ts-expect-error not a filter
  azureml.listServicesOutput({ compute: "AKS" });
  // @ts-expect-error not a number
  azureml.getLogsOutput(name, { numLines: "5" });
  // @ts-expect-error only some kinds of service have cores
  read.apply((found): number => found.cpuCores);
  void [listed, keys, token, log, always];
};

export const serviceCodes: Same<azureml.ServiceErrorCode, ErrorCode> = true;
export const callCodes: Same<azureml.CallErrorCode, ProviderCallErrorCode | "NotDuringPreview"> = true;

export const caught = (error: unknown): string | undefined => {
  if (error instanceof azureml.CallError) return error.code === "NoContainers" ? undefined : error.message;
  if (!(error instanceof azureml.ServiceError)) return undefined;
  // @ts-expect-error no such code
  if (error.code === "Overload") return undefined;
  return error.code === "Overloaded" && !error.ambiguous ? error.requestId : error.advice;
};

export const serialized: azureml.SerializedService = azureml.serializeService({ state: "Healthy" });
