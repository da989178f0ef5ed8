import type { AksWebserviceOutputs, ModelDetails } from "../args";
import { nested } from "../args";
import { serializeEnvironment } from "./serialize-environment";
import type { Service } from "./values";

type Values = Readonly<Record<string, unknown>>;

/** What the Python class's `serialize` gives: JSON with the class's own names. */
export type SerializedService = Readonly<Record<string, unknown>>;

const PROBE_WHEN_UNTOLD = {
  periodSeconds: 10,
  initialDelaySeconds: 310,
  timeoutSeconds: 1,
  successThreshold: 1,
  failureThreshold: 3,
};

const orNull = (value: unknown): unknown => value ?? null;

/** Members in the class's letter case, null where the service tells nothing. */
const group = (values: Values, name: string): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(nested[name] ?? {}).map(([member, output]) => [member, orNull(values[output])]),
  );

/** Outputs leave out what is null, the class does not. */
const members = (value: unknown, names: readonly string[]): Values | null =>
  typeof value === "object" && value !== null
    ? Object.fromEntries(names.map((name) => [name, orNull((value as Values)[name])]))
    : null;

const probe = (values: Values): Values => {
  const told = group(values, "livenessProbeRequirements");
  return Object.values(told).every((value) => value === null) ? PROBE_WHEN_UNTOLD : told;
};

/** As Python writes a time: microseconds, only where there are any, and the offset in place of `Z`. */
const isoTime = (text: unknown): string | null => {
  if (typeof text !== "string" || text === "") return null;
  const [, whole, fraction = "", zone = ""] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)?$/i.exec(text) ?? [];
  if (whole === undefined) return text;
  const micros = fraction.slice(0, 6).padEnd(6, "0");
  const offset = /^z$/i.test(zone) ? "+00:00" : zone.replace(/^([+-]\d\d)(\d\d)$/, "$1:$2");
  return `${whole}${/[1-9]/.test(micros) ? `.${micros}` : ""}${offset}`;
};

const model = (details: ModelDetails): Values => ({
  createdTime: isoTime(details["createdTime"]),
  createdBy: orNull(details["createdBy"]),
  description: orNull(details["description"]),
  id: details.id,
  mimeType: orNull(details["mimeType"]),
  name: details.name,
  framework: orNull(details["framework"]),
  frameworkVersion: orNull(details["frameworkVersion"]),
  tags: orNull(details["tags"]),
  properties: orNull(details["properties"]),
  unpack: orNull(details["unpack"]),
  url: orNull(details["url"]),
  version: details.version,
  experimentName: orNull(details["experimentName"]),
  runId: orNull(details["runId"]),
  // The class prints its missing run as Python does.
  runDetails: "None",
  datasets: details["datasets"] ?? [],
  resourceConfiguration: members(details["resourceRequirements"], ["cpu", "memoryInGB", "gpu"]),
  sampleInputDatasetId: orNull((details["sampleInputData"] as Values | undefined)?.["id"]),
  sampleOutputDatasetId: orNull((details["sampleOutputData"] as Values | undefined)?.["id"]),
});

const models = (details: unknown): readonly Values[] | null =>
  Array.isArray(details) && details.length > 0 ? details.map(model) : null;

type Outputs = Service | Partial<{ [Name in keyof AksWebserviceOutputs]: unknown }>;

/**
 * The form in which the Python class serializes a service, from the values of the resource's outputs or from getService.
 * Keys are no part of it, and neither are nulls inside `createdBy` and `error`, which outputs do not hold.
 */
export const serializeService = (outputs: Outputs): SerializedService => {
  const values = outputs as Values;
  return Object.freeze({ ...general(values), ...ofAks(values) });
};

const general = (values: Values): Values => ({
  name: orNull(values["name"]),
  description: orNull(values["description"]),
  tags: orNull(values["tags"]),
  properties: orNull(values["properties"]),
  state: orNull(values["state"]),
  createdTime: isoTime(values["createdTime"]),
  updatedTime: isoTime(values["updatedTime"]),
  error: orNull(values["error"]),
  computeType: orNull(values["computeType"]),
  workspaceName: orNull(values["workspaceName"]),
  imageId: orNull(values["imageId"]),
  imageDigest: orNull(values["imageDigest"]),
  imageDetails: null,
  scoringUri: orNull(values["scoringUri"]),
  createdBy: orNull(values["createdBy"]),
});

const ofAks = (values: Values): Values => ({
  appInsightsEnabled: orNull(values["enableAppInsights"]),
  authEnabled: orNull(values["authEnabled"]),
  autoScaler: group(values, "autoscaler"),
  computeName: orNull(values["computeTargetName"]),
  containerResourceRequirements: group(values, "containerResourceRequirements"),
  dataCollection: { eventHubEnabled: false, ...group(values, "dataCollection") },
  maxConcurrentRequestsPerContainer: orNull(values["replicaMaxConcurrentRequests"]),
  maxQueueWaitMs: orNull(values["maxRequestWaitTime"]),
  livenessProbeRequirements: probe(values),
  numReplicas: orNull(values["numReplicas"]),
  deploymentStatus: members(values["deploymentStatus"], [
    "desiredReplicas",
    "updatedReplicas",
    "availableReplicas",
    "error",
  ]),
  scoringTimeoutMs: orNull(values["scoringTimeoutMs"]),
  aadAuthEnabled: orNull(values["tokenAuthEnabled"]),
  environmentDetails: serializeEnvironment(values["environment"]),
  modelDetails: models(values["modelDetails"]),
  isDefault: orNull(values["isDefault"]),
  trafficPercentile: orNull(values["trafficPercentile"]),
  versionType: orNull(values["versionType"]),
});
