/** What the service makes and a program can read; never an input. */
export interface MadeByService {
  readonly output: string;
  /** Dotted path in the service's JSON. */
  readonly wire: string;
  /** TypeScript type of the SDK class's property. */
  readonly type: string;
  readonly doc: string;
  /** What takes the place of the last segment of the URI at `wire`; the service tells only that one. */
  readonly beside?: string;
  /** A service that has this was deployed in this way, also when it does not tell the setting. */
  readonly source?: "environment";
}

const made = (
  output: string,
  wire: string,
  type: string,
  doc: string,
  more: Pick<MadeByService, "source" | "beside"> = {},
): MadeByService => Object.freeze({ output, wire, type, doc, ...more });

export const madeByService: readonly MadeByService[] = Object.freeze([
  made("name", "name", "string", "Name of the web service."),
  made("state", "state", "string", "Transitioning, Healthy, Unhealthy, Failed or Unschedulable."),
  made("scoringUri", "scoringUri", "string", "Where to POST scoring requests."),
  made("swaggerUri", "scoringUri", "string", "Where the service describes its interface.", {
    beside: "swagger.json",
  }),
  made("deploymentStatus", "deploymentStatus", "DeploymentStatus", "Replicas wanted, updated and available."),
  made("modelDetails", "models", "ModelDetails[]", "The registered models that the service loads."),
  made(
    "environment",
    "environmentImageRequest.environment",
    "Record<string, unknown>",
    "The environment that the service runs in.",
    { source: "environment" },
  ),
  made("imageDigest", "imageDigest", "string", "Digest of the image that runs."),
  made("isDefault", "isDefault", "boolean", "Whether this version is the endpoint's default."),
  made("trafficPercentile", "trafficPercentile", "number", "Share of the endpoint's traffic, in percent."),
  made("versionType", "type", "string", "Control or Treatment."),
  made("computeType", "computeType", "string", "AKS."),
  made("createdTime", "createdTime", "string", "When the service was made, ISO 8601."),
  made("updatedTime", "updatedTime", "string", "When the service was last changed, ISO 8601."),
  made("createdBy", "createdBy", "unknown", "Who made the service, as the workspace knows them."),
  made("error", "error", "unknown", "The service's last error."),
]);

/** A variable of the Python class that groups settings: each row below this object in the service's JSON. */
export interface NestedOutput {
  readonly output: string;
  readonly wire: string;
  readonly doc: string;
}

export const nestedOutputs: readonly NestedOutput[] = Object.freeze([
  { output: "autoscaler", wire: "autoScaler", doc: "The live autoscaling settings." },
  {
    output: "containerResourceRequirements",
    wire: "containerResourceRequirements",
    doc: "What each replica gets, live.",
  },
  { output: "livenessProbeRequirements", wire: "livenessProbeRequirements", doc: "The live probe settings." },
  { output: "dataCollection", wire: "dataCollection", doc: "What is collected, live." },
]);

/** A variable of the Python class under another name than its setting. */
export const renamedOutputs: readonly { readonly output: string; readonly input: string }[] = Object.freeze([
  { output: "computeName", input: "computeTargetName" },
  { output: "maxConcurrentRequestsPerContainer", input: "replicaMaxConcurrentRequests" },
]);
