/** What an output's value looks like; "json" is the service's own, passed on as it is. */
export type OutputType =
  "text" | "number" | "flag" | "json" | "jsonMap" | "deploymentStatus" | "modelDetails";

/** What the service makes and a program can read; never an input. */
export interface MadeByService {
  readonly output: string;
  /** Dotted path in the service's JSON. */
  readonly wire: string;
  readonly type: OutputType;
  /** The service may leave it out, or makes it of some services only. */
  readonly optional?: true;
  /** Texts that the service usually tells; it may tell others, too. */
  readonly usual?: readonly string[];
  readonly doc: string;
  /** What takes the place of the last segment of the URI at `wire`; the service tells only that one. */
  readonly beside?: string;
  /** A service that has this was deployed in this way, also when it does not tell the setting. */
  readonly source?: "environment";
}

export const made = (
  output: string,
  wire: string,
  type: OutputType,
  doc: string,
  more: Pick<MadeByService, "source" | "beside" | "optional" | "usual"> = {},
): MadeByService => Object.freeze({ output, wire, type, doc, ...more });

export const madeByService: readonly MadeByService[] = Object.freeze([
  made("name", "name", "text", "Name of the web service."),
  made("state", "state", "text", "Transitioning, Healthy, Unhealthy, Failed or Unschedulable.", {
    usual: ["Transitioning", "Healthy", "Unhealthy", "Failed", "Unschedulable", "Migrating", "Migrated"],
  }),
  made("scoringUri", "scoringUri", "text", "Where to POST scoring requests."),
  made("swaggerUri", "scoringUri", "text", "Where the service describes its interface.", {
    beside: "swagger.json",
  }),
  made(
    "deploymentStatus",
    "deploymentStatus",
    "deploymentStatus",
    "Replicas desired, updated and available.",
  ),
  made("modelDetails", "models", "modelDetails", "The registered models that the service loads."),
  made(
    "environment",
    "environmentImageRequest.environment",
    "jsonMap",
    "The environment that the service runs in.",
    { source: "environment", optional: true },
  ),
  made("imageDigest", "imageDigest", "text", "Digest of the image that runs.", { optional: true }),
  made("isDefault", "isDefault", "flag", "Whether this version is the endpoint's default.", {
    optional: true,
  }),
  made("trafficPercentile", "trafficPercentile", "number", "Share of the endpoint's traffic, in percent.", {
    optional: true,
  }),
  made("versionType", "type", "text", "Control or Treatment.", {
    optional: true,
    usual: ["Control", "Treatment"],
  }),
  made("computeType", "computeType", "text", "AKS."),
  made("createdTime", "createdTime", "text", "When the service was made, ISO 8601."),
  made("updatedTime", "updatedTime", "text", "When the service was last changed, ISO 8601."),
  made("createdBy", "createdBy", "json", "Who made the service, as the workspace knows them."),
  made("error", "error", "json", "The service's last error."),
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
