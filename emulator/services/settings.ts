import { objectAt, textAt, textsAt, type JsonObject } from "../server/json";
import type { ServiceSettings } from "./service";

/** A member of a request where null and absent both mean "the default". The rules judge its type afterwards. */
const given = <T>(request: JsonObject, member: string, fallback: T): T => (request[member] ?? fallback) as T;

function autoScaler(request: JsonObject): ServiceSettings["autoScaler"] {
  const wanted = objectAt(request["autoScaler"], "autoScaler");
  const least: unknown = wanted["minReplicas"];
  return {
    autoscaleEnabled: given(wanted, "autoscaleEnabled", (request["numReplicas"] ?? null) === null),
    minReplicas: given(wanted, "minReplicas", 1),
    maxReplicas: given(wanted, "maxReplicas", typeof least === "number" ? Math.max(10, least) : 10),
    refreshPeriodInSeconds: given(wanted, "refreshPeriodInSeconds", 1),
    targetUtilization: given(wanted, "targetUtilization", 70),
  };
}

function resources(request: JsonObject): ServiceSettings["containerResourceRequirements"] {
  const wanted = objectAt(request["containerResourceRequirements"], "containerResourceRequirements");
  return {
    cpu: given(wanted, "cpu", 0.1),
    cpuLimit: given(wanted, "cpuLimit", null),
    memoryInGB: given(wanted, "memoryInGB", 0.5),
    memoryInGBLimit: given(wanted, "memoryInGBLimit", null),
    gpu: given(wanted, "gpu", 0),
  };
}

function livenessProbe(request: JsonObject): ServiceSettings["livenessProbeRequirements"] {
  const wanted = objectAt(request["livenessProbeRequirements"], "livenessProbeRequirements");
  return {
    periodSeconds: given(wanted, "periodSeconds", 10),
    initialDelaySeconds: given(wanted, "initialDelaySeconds", 310),
    timeoutSeconds: given(wanted, "timeoutSeconds", 2),
    failureThreshold: given(wanted, "failureThreshold", 3),
    successThreshold: given(wanted, "successThreshold", 1),
  };
}

function dataCollection(request: JsonObject): ServiceSettings["dataCollection"] {
  const wanted = objectAt(request["dataCollection"], "dataCollection");
  return {
    eventHubEnabled: given(wanted, "eventHubEnabled", false),
    storageEnabled: given(wanted, "storageEnabled", false),
  };
}

/** The settings that a create request asks for, with the server's defaults for the rest. */
export function settingsOf(request: JsonObject, workspaceName: string): ServiceSettings {
  const scaler = autoScaler(request);
  const tokenAuth = given(request, "aadAuthEnabled", false);
  const environment = request["environmentImageRequest"] ?? null;
  return {
    description: textAt(request["description"], "description"),
    kvTags: textsAt(request["kvTags"], "kvTags"),
    properties: textsAt(request["properties"], "properties"),
    namespace: given(request, "namespace", "") || `azureml-${workspaceName.toLowerCase()}`,
    authEnabled: given(request, "authEnabled", !tokenAuth),
    aadAuthEnabled: tokenAuth,
    appInsightsEnabled: given(request, "appInsightsEnabled", false),
    autoScaler: scaler,
    containerResourceRequirements: resources(request),
    dataCollection: dataCollection(request),
    livenessProbeRequirements: livenessProbe(request),
    maxConcurrentRequestsPerContainer: given(request, "maxConcurrentRequestsPerContainer", 1),
    maxQueueWaitMs: given(request, "maxQueueWaitMs", 500),
    numReplicas: given(request, "numReplicas", scaler.minReplicas),
    scoringTimeoutMs: given(request, "scoringTimeoutMs", 60000),
    imageId: textAt(request["imageId"], "imageId"),
    environmentImageRequest: environment === null ? null : objectAt(environment, "environmentImageRequest"),
  };
}
