import { fields } from "../provider/schema/fields";
import { cores, gibibytes, milliseconds, seconds } from "./forms";
import * as contents from "./contents";
import * as judgements from "./judgements";
import {
  callers,
  createOnly,
  deployment,
  endpoint,
  hasGpu,
  isAutoscaled,
  onBoth,
  sources,
  type FindingKind,
  type Form,
  type MapRow,
} from "./row";

const row = (setting: string, details: Omit<MapRow, "setting" | "kind"> & { kind?: FindingKind }): MapRow =>
  Object.freeze({ kind: "carried", ...details, setting });

/** Written only while replicas follow the load. */
const whileScaling =
  (form: Form): Form =>
  (value, context) =>
    isAutoscaled(context) ? form(value, context) : undefined;

const number: Form = (value) => value;

/** Where the endpoint is, and on what it runs. */
const address: readonly MapRow[] = [
  row("workspaceId", {
    to: [],
    value: ({ destination }) => destination.workspaceId,
    says: "Resource group and name of the same workspace: an endpoint refers to its models and environments.",
    source: sources.leaving,
  }),
  row("subscriptionId", {
    to: [],
    value: ({ workspace }) => workspace.subscriptionId,
    says: "The subscription is azure-native's `azure-native:subscriptionId`, not an argument.",
    source: sources.api,
  }),
  row("resourceGroupName", {
    to: onBoth("resourceGroupName"),
    value: ({ workspace }) => workspace.resourceGroupName,
    says: "",
    source: sources.api,
  }),
  row("workspaceName", {
    to: onBoth("workspaceName"),
    value: ({ workspace }) => workspace.workspaceName,
    says: "",
    source: sources.api,
  }),
  row("serviceName", {
    to: onBoth("endpointName").map(createOnly),
    says: "The same rule holds for the name. On the same cluster never use the web service's own name.",
    source: sources.client,
  }),
  row("computeTargetName", {
    to: [
      createOnly(
        endpoint(
          "properties.compute",
          (compute, { destination }) => `${destination.workspaceId}/computes/${String(compute)}`,
        ),
      ),
    ],
    value: ({ destination }) => destination.compute,
    says: "The ARM id of a Kubernetes compute. The extension refuses a cluster that runs web services (E45004, E45005): take a second one.",
    source: sources.extension,
    judge: judgements.judgeCompute,
  }),
];

/** What the endpoint runs. */
const running: readonly MapRow[] = [
  row("inferenceConfig", {
    to: [
      deployment("properties.environmentId", contents.environmentId),
      createOnly(
        deployment("properties.codeConfiguration.codeId", (_, { destination }) => destination.codeId),
      ),
      createOnly(
        deployment("properties.codeConfiguration.scoringScript", (config, { destination }) =>
          destination.codeId === undefined ? undefined : contents.scoringScript(config),
        ),
      ),
      deployment("properties.environmentVariables", contents.environmentVariables),
    ],
    says: "Registered environments keep their name and version; code is uploaded again, as a folder.",
    source: sources.leaving,
    judge: contents.judgeInferenceConfig,
  }),
  row("models", {
    to: [deployment("properties.model", contents.modelId)],
    value: ({ settings, destination }) => settings["models"] ?? (destination.model && []),
    says: "One model there. Registered models of the workspace keep their name and version.",
    source: sources.leaving,
    judge: contents.judgeModels,
  }),
  row("imageId", {
    to: [deployment("properties.environmentId", (_, { destination }) => destination.environmentId)],
    says: "An environment with that image, its ports and its routes.",
    source: sources.inferred,
    judge: contents.judgeImage,
  }),
];

/** How many replicas run. */
const scaling: readonly MapRow[] = [
  row("autoscaleEnabled", {
    to: [deployment("properties.scaleSettings.scaleType")],
    value: (context) => (isAutoscaled(context) ? "TargetUtilization" : "Default"),
    says: "Replicas follow the load by default in both.",
    source: sources.api,
  }),
  row("autoscaleMinReplicas", {
    to: [deployment("properties.scaleSettings.minInstances", whileScaling(number))],
    defaultThere: 1,
    says: "",
    source: sources.api,
    judge: judgements.judgeAutoscaler,
  }),
  row("autoscaleMaxReplicas", {
    to: [deployment("properties.scaleSettings.maxInstances", whileScaling(number))],
    defaultThere: 1,
    says: "With the default there, nothing would be scaled.",
    source: sources.api,
    judge: judgements.judgeAutoscaler,
  }),
  row("autoscaleRefreshSeconds", {
    to: [deployment("properties.scaleSettings.pollingInterval", whileScaling(seconds))],
    defaultThere: 1,
    says: "Whole seconds only.",
    source: sources.api,
    judge: judgements.judgeAutoscaler,
  }),
  row("autoscaleTargetUtilization", {
    to: [deployment("properties.scaleSettings.targetUtilizationPercentage", whileScaling(number))],
    defaultThere: 70,
    says: "",
    source: sources.api,
    judge: judgements.judgeAutoscaler,
  }),
  row("numReplicas", {
    to: [deployment("sku.capacity", (count, context) => (isAutoscaled(context) ? undefined : count))],
    says: "Beside `scaleType: Default`; it is not under `properties`.",
    source: sources.client,
    judge: judgements.judgeReplicas,
  }),
];

/** What is collected, and who may call. */
const access: readonly MapRow[] = [
  row("collectModelData", {
    to: [deployment("properties.dataCollector.collections", judgements.dataCollections)],
    defaultThere: false,
    says: "Another layout of the data, and another module in the script.",
    source: sources.collection,
    judge: judgements.judgeCollection,
  }),
  row("authEnabled", {
    to: [
      endpoint("properties.authMode", (_, context) =>
        callers(context) === "token" ? undefined : judgements.authMode(context),
      ),
    ],
    says: "`Key`. There is no endpoint that anyone may call.",
    source: sources.api,
    judge: judgements.judgeAuth,
  }),
  row("tokenAuthEnabled", {
    to: [
      endpoint("properties.authMode", (_, context) =>
        callers(context) === "token" ? judgements.authMode(context) : undefined,
      ),
    ],
    says: "`AMLToken`. Callers get their tokens from the endpoint.",
    source: sources.api,
    judge: judgements.judgeTokens,
  }),
  row("primaryKey", {
    to: [createOnly(endpoint("properties.keys.primaryKey", keyOnly))],
    says: "Taken when the endpoint is made, and never told again. A secret here hides all `properties` in a preview.",
    source: sources.api,
    judge: judgements.judgeKey,
  }),
  row("secondaryKey", {
    to: [createOnly(endpoint("properties.keys.secondaryKey", keyOnly))],
    says: "As `primaryKey`.",
    source: sources.api,
    judge: judgements.judgeKey,
  }),
];

/** Keys are taken by an endpoint with keys. */
function keyOnly(key: unknown, context: Parameters<Form>[1]): unknown {
  return judgements.authMode(context) === "Key" ? key : undefined;
}

const requests = "properties.containerResourceRequirements.containerResourceRequests";
const limits = "properties.containerResourceRequirements.containerResourceLimits";

/** What each replica gets, and what it lets in. */
const container: readonly MapRow[] = [
  row("cpuCores", {
    to: [deployment(`${requests}.cpu`, cores)],
    says: 'Text there, such as "500m", and always required.',
    source: sources.yaml,
    judge: judgements.judgeSize("cpuCores", false),
  }),
  row("cpuCoresLimit", {
    to: [deployment(`${limits}.cpu`, cores)],
    value: judgements.limitOr("cpuCoresLimit", "cpuCores", 0.1),
    says: "Less than the instance type's; required beside GPUs.",
    source: sources.instanceTypes,
    judge: judgements.judgeSize("cpuCores", true),
  }),
  row("memoryGb", {
    to: [deployment(`${requests}.memory`, gibibytes)],
    says: "A GB is written as a Gi, which never shrinks it: whether they are the same is stated nowhere. Always required.",
    source: sources.inferred,
    judge: judgements.judgeSize("memoryGb", false),
  }),
  row("memoryGbLimit", {
    to: [deployment(`${limits}.memory`, gibibytes)],
    value: judgements.limitOr("memoryGbLimit", "memoryGb", 0.5),
    says: "Less than the instance type's; required beside GPUs.",
    source: sources.instanceTypes,
    judge: judgements.judgeSize("memoryGb", true),
  }),
  row("gpuCores", {
    to: [deployment(`${limits}.gpu`, (count, context) => (hasGpu(context) ? String(count) : undefined))],
    says: "A limit only, with limits of CPU and memory beside it; 0 is left out.",
    source: sources.yaml,
    judge: judgements.judgeGpu,
  }),
  row("enableAppInsights", {
    to: [deployment("properties.appInsightsEnabled")],
    defaultThere: false,
    says: "",
    source: sources.api,
  }),
  row("scoringTimeoutMs", {
    to: [deployment("properties.requestSettings.requestTimeout", milliseconds)],
    defaultThere: 5000,
    says: "More than 150 s is refused.",
    source: sources.timeout,
    judge: judgements.judgeTimeout,
  }),
  row("replicaMaxConcurrentRequests", {
    to: [deployment("properties.requestSettings.maxConcurrentRequestsPerInstance")],
    defaultThere: 1,
    says: "Microsoft advises against another number.",
    source: sources.yaml,
    judge: judgements.judgeConcurrency,
  }),
  row("maxRequestWaitTime", {
    to: [deployment("properties.requestSettings.maxQueueWait", milliseconds)],
    defaultThere: 500,
    says: "`PT0.5S` for 500.",
    source: sources.api,
  }),
  row("blobfuseEnabled", {
    to: [],
    kind: "dropped",
    says: "How models get into the container is the endpoint's affair.",
    source: sources.api,
  }),
];

/** When a replica counts as alive. */
const probe: readonly MapRow[] = [
  row("periodSeconds", {
    to: [deployment("properties.livenessProbe.period", seconds)],
    defaultThere: 10,
    says: "",
    source: sources.api,
  }),
  row("initialDelaySeconds", {
    to: [deployment("properties.livenessProbe.initialDelay", seconds)],
    defaultThere: 10,
    says: "With the default there, a model that loads slowly is killed.",
    source: sources.client,
  }),
  row("timeoutSeconds", {
    to: [deployment("properties.livenessProbe.timeout", seconds)],
    defaultThere: 2,
    says: "",
    source: sources.client,
  }),
  row("successThreshold", {
    to: [deployment("properties.livenessProbe.successThreshold")],
    defaultThere: 1,
    says: "",
    source: sources.client,
  }),
  row("failureThreshold", {
    to: [deployment("properties.livenessProbe.failureThreshold")],
    defaultThere: 30,
    says: "",
    source: sources.client,
  }),
];

/** Where it sits in the cluster, and what is written on it. */
const labels: readonly MapRow[] = [
  row("namespace", {
    to: [],
    says: "The namespace that the Kubernetes compute was attached with, `default` unless said otherwise.",
    source: sources.attach,
    judge: judgements.judgeNamespace,
  }),
  row("tags", {
    to: onBoth("tags", judgements.armTags),
    says: "Azure Resource Manager has rules of its own: at most 50, and none of `< > % & \\ ? /` in a name.",
    source: sources.tags,
    judge: judgements.judgeTags,
  }),
  row("properties", {
    to: [deployment("properties.properties", judgements.ownProperties)],
    says: "Additive in both. Those that say whose the web service is stay behind.",
    source: sources.api,
  }),
  row("description", {
    to: onBoth("properties.description"),
    says: "",
    source: sources.api,
  }),
];

const ofLocal: Readonly<Record<string, string>> = {
  timeouts: "Set it with the resource option `customTimeouts`. A deployment has 20 minutes in all.",
  migrateTo: "The other way there: it moves the service in place.",
};

/** What steers this provider and is never sent. */
const local: readonly MapRow[] = fields
  .filter(({ mutability }) => mutability === "providerOnly")
  .map(({ input }) =>
    row(input, {
      to: [],
      kind: "dropped",
      says: ofLocal[input] ?? "It steers this provider, and is never sent.",
      source: "this package",
    }),
  );

/** Every setting of a web service, and what it becomes in a Kubernetes online endpoint and its deployment. */
export const map: readonly MapRow[] = Object.freeze([
  ...address,
  ...running,
  ...scaling,
  ...access,
  ...container,
  ...probe,
  ...labels,
  ...local,
]);
