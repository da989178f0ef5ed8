import { isObject, isSet, type Settings } from "../provider/core/values";
import {
  NOT_SET,
  blocked,
  callers,
  carried,
  changedDefault,
  hasGpu,
  isAutoscaled,
  needsDecision,
  type Judgement,
  type MapContext,
} from "./row";

// Settings whose value decides whether they can be carried. Each finding names the way round.

/** The state of a service that is not simply Healthy. */
export const judgeState = (state: string): Judgement => {
  if (/^healthy$/i.test(state)) return carried("The service is Healthy.");
  if (/^migrat/i.test(state))
    return blocked(
      `The service is ${state}: it is, or is becoming, a Kubernetes online endpoint already.`,
      "Import the endpoint with azure-native's OnlineEndpoint, and take the web service out of the stack with `pulumi state delete`.",
    );
  if (state === "")
    return needsDecision(
      "The service's state is not known.",
      "Check that it is Healthy: the endpoint's answers have to be compared with its own.",
    );
  if (/^transitioning$/i.test(state))
    return blocked("The service is Transitioning.", "Wait until it is Healthy, then look again.");
  return blocked(
    `The service is ${state}: it gives no answers to compare an endpoint's with.`,
    "Repair it first (`pulumi up` deploys it again), or deploy the endpoint without a comparison.",
  );
};

export const judgeCompute = (_: unknown, { destination }: MapContext): Judgement | undefined =>
  destination.compute === undefined
    ? needsDecision(
        "An endpoint runs on a Kubernetes compute, not on the AKS compute target of a web service.",
        "Attach a second cluster as a Kubernetes compute, and name it.",
      )
    : undefined;

export const judgeReplicas = (replicas: unknown, context: MapContext): Judgement | undefined => {
  if (isAutoscaled(context))
    return carried(
      isSet(replicas) ? "It is what the autoscaler has made of it, and is not carried." : NOT_SET,
    );
  return isSet(replicas)
    ? undefined
    : needsDecision("Autoscaling is off and numReplicas is not set.", "Set numReplicas.");
};

export const judgeAutoscaler = (_: unknown, context: MapContext): Judgement | undefined =>
  isAutoscaled(context) ? undefined : carried("Not used while the number of replicas is fixed.");

export const authMode = (context: MapContext): string =>
  callers(context) === "token" ? "AMLToken" : anyonesMode(context);

const anyonesMode = (context: MapContext): string =>
  (callers(context) === "anyone" ? context.destination.authMode : undefined) ?? "Key";

export const judgeAuth = (_: unknown, context: MapContext): Judgement | undefined => {
  if (callers(context) === "token") return carried("Not used with access tokens.");
  if (callers(context) === "key") return undefined;
  const chosen = context.destination.authMode;
  if (chosen !== undefined)
    return changedDefault(`Anyone can call the web service; the endpoint asks for ${chosen}, as decided.`);
  return needsDecision(
    "Anyone can call the web service, and an endpoint without authentication does not exist. Until decided, it is written with keys.",
    "Decide on Key, AMLToken or AADToken and change the callers, or put a proxy that adds the key before the endpoint.",
  );
};

export const judgeKey = (key: unknown, context: MapContext): Judgement | undefined => {
  if (callers(context) === "token") return carried("Not used with access tokens.");
  return isSet(key) || callers(context) === "anyone"
    ? undefined
    : changedDefault(
        "The endpoint makes a key of its own, which its callers do not have.",
        "Give it the web service's key (`getKeys`) when it is made: later it is not taken any more.",
      );
};

export const judgeTokens = (_: unknown, context: MapContext): Judgement | undefined =>
  callers(context) === "token" ? undefined : carried("Callers do not need an access token.");

const LARGEST = { cpuCores: 2, memoryGb: 2, gpuCores: 0 };

/** What the instance type allows; undefined for one of which nothing is known. */
const limitsOf = ({ destination }: MapContext) =>
  destination.instanceTypeLimits ?? (destination.instanceType === undefined ? LARGEST : undefined);

/** Of a request, which may be as large as the instance type, or of a limit, which must be smaller. */
export const judgeSize =
  (of: "cpuCores" | "memoryGb" | "gpuCores", isLimit: boolean) =>
  (value: unknown, context: MapContext): Judgement | undefined => {
    const largest = limitsOf(context)?.[of];
    if (!isSet(value) && isLimit)
      return changedDefault(
        "Nothing limits a replica of the web service; there the instance type's limit does.",
        of === "memoryGb"
          ? "See what replicas use (kubectl top pod): one that needs more than the instance type's memory is killed."
          : undefined,
      );
    if (!isSet(value) || largest === undefined) return undefined;
    const fits = isLimit ? Number(value) < largest : Number(value) <= largest;
    if (fits) return undefined;
    const type = context.destination.instanceType ?? "defaultinstancetype";
    return needsDecision(
      `${String(value)} is ${isLimit ? "not less" : "more"} than the ${largest} of the instance type ${type}.`,
      "Make a larger InstanceType on the cluster, and name it.",
    );
  };

export const judgeGpu = (gpus: unknown, context: MapContext): Judgement | undefined => {
  if (!hasGpu(context)) return undefined;
  const { settings } = context;
  const size = judgeSize("gpuCores", false)(gpus, context);
  if (isSet(settings["cpuCoresLimit"]) && isSet(settings["memoryGbLimit"])) return size;
  return needsDecision(
    `GPUs are a limit, and limits of CPU and memory are required beside them. Until they are set, the requests are written as limits. ${size?.says ?? ""}`.trim(),
    `Set cpuCoresLimit and memoryGbLimit, both less than the instance type's. ${size?.wayRound ?? ""}`.trim(),
  );
};

/** A limit that is not said is the request, where GPUs make one necessary. */
export const limitOr =
  (limit: string, request: string, least: number) =>
  (context: MapContext): unknown =>
    context.settings[limit] ?? (hasGpu(context) ? (context.settings[request] ?? least) : undefined);

const LONGEST_MS = 150_000;

export const judgeTimeout = (milliseconds: unknown): Judgement | undefined =>
  Number(milliseconds) > LONGEST_MS
    ? blocked(
        `The service refuses a timeout above 150 s, and this one is ${Number(milliseconds) / 1000} s.`,
        "Set a scoringTimeoutMs of at most 150000, or let long calls answer at once and let callers ask for the result.",
      )
    : undefined;

export const judgeConcurrency = (count: unknown): Judgement | undefined =>
  Number(count) === 1
    ? undefined
    : needsDecision(
        `Microsoft advises against more than 1 request at a time in a replica; ${String(count)} is written.`,
        "Keep it only where the script is made for it; otherwise set 1, and scale by replicas.",
      );

export const judgeNamespace = (
  namespace: unknown,
  { destination, workspace }: MapContext,
): Judgement | undefined => {
  const there = destination.namespace;
  // A live service tells its workspace's namespace when its program says none.
  if (!isSet(namespace) || namespace === "" || namespace === `azureml-${workspace.workspaceName}`)
    return changedDefault(
      "A web service without one runs in the workspace's namespace, an endpoint in its compute's.",
    );
  if (namespace === there) return undefined;
  return needsDecision(
    `The namespace is the compute's${there === undefined ? "" : `, ${there}`}, and not the deployment's.`,
    `Attach the cluster with the namespace ${String(namespace)} as a compute, and name that one.`,
  );
};

const FORBIDDEN = /[<>%&\\?/]/;
const RESERVED = /^(microsoft|azure|windows)/i;

/** Why ARM refuses a tag; undefined for one that it takes. */
const refusalOfTag = (name: string, value: string, before: readonly string[]): string | undefined => {
  if (FORBIDDEN.test(name)) return "has one of < > % & \\ ? /";
  if (RESERVED.test(name)) return "begins with a reserved word";
  if (name === "" || name.length > 512) return "is empty or longer than 512 characters";
  if (value.length > 256) return "has a value longer than 256 characters";
  if (before.some((other) => other.toLowerCase() === name.toLowerCase()))
    return "differs from another in case only";
  return before.length >= 50 ? "is more than the 50 that there may be" : undefined;
};

const sorted = (tags: unknown) => {
  const taken: [string, string][] = [];
  const refused: string[] = [];
  for (const [name, value] of Object.entries(isObject(tags) ? tags : {})) {
    const why = refusalOfTag(
      name,
      String(value),
      taken.map(([other]) => other),
    );
    if (why === undefined) taken.push([name, String(value)]);
    else refused.push(`${JSON.stringify(name.slice(0, 60))} ${why}`);
  }
  return { taken, refused };
};

export const armTags = (tags: unknown): Settings | undefined => {
  const { taken } = sorted(tags);
  return taken.length === 0 ? undefined : Object.fromEntries(taken);
};

export const judgeTags = (tags: unknown): Judgement | undefined => {
  const { refused } = sorted(tags);
  return refused.length === 0
    ? undefined
    : needsDecision(
        `Azure Resource Manager refuses tags of the web service, which are left out: ${refused.join("; ")}.`,
        "Rename them, or keep them as properties.",
      );
};

/** Whose the web service is stays with the web service. */
const STAMP = /^pulumi-(created-by$|claim-)/;

export const ownProperties = (properties: unknown): Settings | undefined => {
  const entries = Object.entries(isObject(properties) ? properties : {}).filter(
    ([name]) => !STAMP.test(name),
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
};

/** Where collected data goes, in collections of the names that Microsoft's examples use. */
export const dataCollections = (collect: unknown, context: MapContext): Settings | undefined => {
  if (collect !== true) return undefined;
  const { destination, settings, deploymentName } = context;
  return Object.fromEntries(
    ["model_inputs", "model_outputs"].map((name) => {
      const asset = `${String(settings["serviceName"])}-${deploymentName}-${name}`;
      const dataId = `${destination.workspaceId}/data/${asset}/versions/1`;
      return [name, { dataCollectionMode: "enabled", dataId }];
    }),
  );
};

export const judgeCollection = (collect: unknown): Judgement | undefined =>
  collect === true
    ? needsDecision(
        "Data is collected into data assets with a layout of their own, and by another module in the script.",
        "Register the data assets that the deployment names, replace azureml.monitoring by azureml.ai.monitoring in the script, and change what reads the data.",
      )
    : undefined;
