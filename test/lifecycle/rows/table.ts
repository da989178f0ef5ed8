import type { Values } from "../host";

/** One operation of a JSON Patch. */
export interface Operation {
  readonly op: "add" | "replace";
  readonly path: string;
  readonly value: unknown;
}

/**
 * What another value of a setting leads to:
 * - `patch`: one PATCH with exactly these operations
 * - `keys`: no PATCH; these bodies go to regenerateKeys
 * - `replace`: nothing is sent; the engine is told these fields, and whether the old service goes first
 * - `record`: nothing is sent; the outputs hold the new value
 */
export type Effect =
  | { readonly patch: readonly Operation[] }
  | { readonly keys: readonly Values[] }
  | { readonly replace: readonly string[]; readonly deleteBeforeReplace: boolean }
  | { readonly record: true };

/** A setting's proof, written by hand from the recorded wire and never derived from the model. */
export interface Proof {
  readonly value: unknown;
  readonly another: unknown;
  /** What a create sends beside, or in place of, what it always sends. */
  readonly created: Values;
  readonly effect: Effect;
  readonly bad: { readonly value: unknown; readonly code: string; readonly path: string };
  /** Settings that this one needs; null takes one away. */
  readonly beside?: Values;
}

const replace = (path: string, value: unknown): Effect => ({ patch: [{ op: "replace", path, value }] });
const outOfRange = (path: string, value: unknown) => ({ value, code: "OutOfRange", path });
const wrongType = (path: string, value: unknown) => ({ value, code: "WrongType", path });
const badFormat = (path: string, value: unknown) => ({ value, code: "BadFormat", path });

const scaler = {
  autoscaleEnabled: true,
  minReplicas: null,
  maxReplicas: null,
  refreshPeriodInSeconds: null,
  targetUtilization: null,
};
const resources = { cpu: null, cpuLimit: null, memoryInGB: null, memoryInGBLimit: null, gpu: null };
const probe = {
  periodSeconds: null,
  initialDelaySeconds: null,
  timeoutSeconds: null,
  successThreshold: null,
  failureThreshold: null,
};

const SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";
export const WORKSPACE_ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-a/providers/Microsoft.MachineLearningServices/workspaces/ws-a`;
const parts = { subscriptionId: SUBSCRIPTION, resourceGroupName: "rg-a", workspaceName: "ws-a" };
const otherWorkspace: Effect = { replace: ["workspaceId"], deleteBeforeReplace: false };

/** What every create sends, without any setting beyond the least. */
export const leastBody = (name: string): Values => ({
  name,
  computeType: "AKS",
  computeName: "aks-a",
  environmentImageRequest: { modelIds: ["fraud:1"] },
  location: null,
  numReplicas: null,
  containerResourceRequirements: resources,
  maxConcurrentRequestsPerContainer: null,
  maxQueueWaitMs: null,
  namespace: null,
  scoringTimeoutMs: null,
  livenessProbeRequirements: probe,
  keys: { primaryKey: null, secondaryKey: null },
  kvTags: null,
  properties: {},
  description: null,
});

/** What a create from an image sends in its place. */
export const imageBody = (name: string): Values => ({ name, computeType: "AKS", computeName: "aks-a" });

/** A file as the engine hands it over. */
const script = (hash: string, text: string) => ({
  "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17",
  hash,
  text,
});

const served = (environment: string) => ({
  driverProgram: expect.stringMatching(/^driver_[0-9a-f]{8}\.py$/) as unknown,
  assets: expect.any(Array) as unknown,
  modelIds: ["fraud:1"],
  environmentReference: { name: "sklearn", version: environment },
});

export const proofs: Readonly<Record<string, Proof>> = {
  workspaceId: {
    value: WORKSPACE_ID,
    another: `${WORKSPACE_ID}-2`,
    created: {},
    effect: otherWorkspace,
    bad: badFormat("workspaceId", "6f1b2a3c-0d4e-4f5a-8b6c-7d8e9f0a1b2c"),
  },
  subscriptionId: {
    value: SUBSCRIPTION,
    another: "00000000-0000-0000-0000-000000000002",
    beside: parts,
    created: {},
    effect: otherWorkspace,
    bad: badFormat("subscriptionId", "/subscriptions/1"),
  },
  resourceGroupName: {
    value: "rg-a",
    another: "rg-b",
    beside: parts,
    created: {},
    effect: otherWorkspace,
    bad: badFormat("resourceGroupName", "a/b"),
  },
  workspaceName: {
    value: "ws-a",
    another: "ws-b",
    beside: parts,
    created: {},
    effect: otherWorkspace,
    bad: wrongType("workspaceName", 7),
  },
  serviceName: {
    value: "its-own-name",
    another: "another-name",
    created: { name: "its-own-name" },
    effect: { replace: ["serviceName"], deleteBeforeReplace: false },
    bad: badFormat("serviceName", "Capital"),
  },
  computeTargetName: {
    value: "aks-b",
    another: "aks-c",
    created: { computeName: "aks-b" },
    effect: { replace: ["computeTargetName"], deleteBeforeReplace: true },
    bad: { value: null, code: "Missing", path: "computeTargetName" },
  },
  inferenceConfig: {
    value: { entryScript: "score.py", source: script("a".repeat(64), "print(1)"), environment: "sklearn:1" },
    another: {
      entryScript: "score.py",
      source: script("a".repeat(64), "print(1)"),
      environment: "sklearn:2",
    },
    created: { environmentImageRequest: served("1") },
    effect: replace("/environmentImageRequest", served("2")),
    bad: { value: { entryScript: "score.py" }, code: "Missing", path: "inferenceConfig.source" },
  },
  models: {
    value: ["fraud:2"],
    another: ["fraud:3"],
    created: { environmentImageRequest: { modelIds: ["fraud:2"] } },
    effect: replace("/environmentImageRequest", { modelIds: ["fraud:3"] }),
    bad: badFormat("models[0]", ["fraud"]),
  },
  imageId: {
    value: "image:1",
    another: "image:2",
    beside: { models: null },
    created: { imageId: "image:1" },
    effect: replace("/imageId", "image:2"),
    bad: badFormat("imageId", "image"),
  },
  autoscaleEnabled: {
    value: true,
    another: false,
    created: { autoScaler: scaler },
    effect: replace("/autoScaler/autoscaleEnabled", false),
    bad: wrongType("autoscaleEnabled", "yes"),
  },
  autoscaleMinReplicas: {
    value: 2,
    another: 3,
    created: { autoScaler: { ...scaler, minReplicas: 2 } },
    effect: replace("/autoScaler/minReplicas", 3),
    bad: outOfRange("autoscaleMinReplicas", 0),
  },
  autoscaleMaxReplicas: {
    value: 12,
    another: 5,
    created: { autoScaler: { ...scaler, maxReplicas: 12 } },
    effect: replace("/autoScaler/maxReplicas", 5),
    bad: outOfRange("autoscaleMaxReplicas", -1),
  },
  autoscaleRefreshSeconds: {
    value: 5,
    another: 6,
    created: { autoScaler: { ...scaler, refreshPeriodInSeconds: 5 } },
    effect: replace("/autoScaler/refreshPeriodInSeconds", 6),
    bad: wrongType("autoscaleRefreshSeconds", 1.5),
  },
  autoscaleTargetUtilization: {
    value: 50,
    another: 60,
    created: { autoScaler: { ...scaler, targetUtilization: 50 } },
    effect: replace("/autoScaler/targetUtilization", 60),
    bad: outOfRange("autoscaleTargetUtilization", 101),
  },
  numReplicas: {
    value: 2,
    another: 3,
    created: { numReplicas: 2 },
    effect: replace("/numReplicas", 3),
    bad: wrongType("numReplicas", "2"),
  },
  collectModelData: {
    value: true,
    another: false,
    created: { dataCollection: { storageEnabled: true, eventHubEnabled: false } },
    effect: replace("/dataCollection/storageEnabled", false),
    bad: wrongType("collectModelData", 1),
  },
  authEnabled: {
    value: true,
    another: false,
    created: { authEnabled: true },
    effect: replace("/authEnabled", false),
    bad: wrongType("authEnabled", "true"),
  },
  tokenAuthEnabled: {
    value: false,
    another: true,
    created: { aadAuthEnabled: false },
    effect: {
      patch: [
        { op: "replace", path: "/authEnabled", value: false },
        { op: "replace", path: "/aadAuthEnabled", value: true },
      ],
    },
    bad: wrongType("tokenAuthEnabled", []),
  },
  primaryKey: {
    value: "first-primary-key",
    another: "next-primary-key",
    created: { keys: { primaryKey: "first-primary-key", secondaryKey: null } },
    effect: { keys: [{ keyType: "Primary", keyValue: "next-primary-key" }] },
    // The engine prints the value of the property that a failure names.
    bad: { value: 7, code: "WrongType", path: "" },
  },
  secondaryKey: {
    value: "first-secondary-key",
    another: "next-secondary-key",
    beside: { primaryKey: "a-primary-key" },
    created: { keys: { primaryKey: "a-primary-key", secondaryKey: "first-secondary-key" } },
    effect: { keys: [{ keyType: "Secondary", keyValue: "next-secondary-key" }] },
    bad: { value: "", code: "BadFormat", path: "" },
  },
  cpuCores: {
    value: 0.5,
    another: 1.25,
    created: { containerResourceRequirements: { ...resources, cpu: 0.5 } },
    effect: replace("/containerResourceRequirements/cpu", 1.25),
    bad: outOfRange("cpuCores", 0),
  },
  cpuCoresLimit: {
    value: 2,
    another: 3,
    created: { containerResourceRequirements: { ...resources, cpuLimit: 2 } },
    effect: replace("/containerResourceRequirements/cpuLimit", 3),
    bad: outOfRange("cpuCoresLimit", 0),
  },
  memoryGb: {
    value: 1,
    another: 1.5,
    created: { containerResourceRequirements: { ...resources, memoryInGB: 1 } },
    effect: replace("/containerResourceRequirements/memoryInGB", 1.5),
    bad: wrongType("memoryGb", "1Gi"),
  },
  memoryGbLimit: {
    value: 2,
    another: 4,
    created: { containerResourceRequirements: { ...resources, memoryInGBLimit: 2 } },
    effect: replace("/containerResourceRequirements/memoryInGBLimit", 4),
    bad: outOfRange("memoryGbLimit", -2),
  },
  gpuCores: {
    value: 1,
    another: 0,
    created: { containerResourceRequirements: { ...resources, gpu: 1 } },
    effect: replace("/containerResourceRequirements/gpu", 0),
    bad: outOfRange("gpuCores", -1),
  },
  enableAppInsights: {
    value: true,
    another: false,
    created: { appInsightsEnabled: true },
    effect: replace("/appInsightsEnabled", false),
    bad: wrongType("enableAppInsights", "on"),
  },
  scoringTimeoutMs: {
    value: 5000,
    another: 6000,
    created: { scoringTimeoutMs: 5000 },
    effect: replace("/scoringTimeoutMs", 6000),
    bad: outOfRange("scoringTimeoutMs", 0),
  },
  replicaMaxConcurrentRequests: {
    value: 4,
    another: 8,
    created: { maxConcurrentRequestsPerContainer: 4 },
    effect: replace("/maxConcurrentRequestsPerContainer", 8),
    bad: outOfRange("replicaMaxConcurrentRequests", 0),
  },
  maxRequestWaitTime: {
    value: 700,
    another: 900,
    created: { maxQueueWaitMs: 700 },
    effect: replace("/maxQueueWaitMs", 900),
    bad: outOfRange("maxRequestWaitTime", 0),
  },
  blobfuseEnabled: {
    value: true,
    another: false,
    created: { storageInitEnabled: false },
    effect: { replace: ["blobfuseEnabled"], deleteBeforeReplace: true },
    bad: wrongType("blobfuseEnabled", 0),
  },
  periodSeconds: {
    value: 11,
    another: 12,
    created: { livenessProbeRequirements: { ...probe, periodSeconds: 11 } },
    effect: replace("/livenessProbeRequirements/periodSeconds", 12),
    bad: outOfRange("periodSeconds", 0),
  },
  initialDelaySeconds: {
    value: 20,
    another: 30,
    created: { livenessProbeRequirements: { ...probe, initialDelaySeconds: 20 } },
    effect: replace("/livenessProbeRequirements/initialDelaySeconds", 30),
    bad: outOfRange("initialDelaySeconds", -1),
  },
  timeoutSeconds: {
    value: 3,
    another: 4,
    created: { livenessProbeRequirements: { ...probe, timeoutSeconds: 3 } },
    effect: replace("/livenessProbeRequirements/timeoutSeconds", 4),
    bad: outOfRange("timeoutSeconds", 0),
  },
  successThreshold: {
    value: 2,
    another: 3,
    created: { livenessProbeRequirements: { ...probe, successThreshold: 2 } },
    effect: replace("/livenessProbeRequirements/successThreshold", 3),
    bad: wrongType("successThreshold", true),
  },
  failureThreshold: {
    value: 5,
    another: 6,
    created: { livenessProbeRequirements: { ...probe, failureThreshold: 5 } },
    effect: replace("/livenessProbeRequirements/failureThreshold", 6),
    bad: outOfRange("failureThreshold", 0),
  },
  namespace: {
    value: "team-a",
    another: "team-b",
    created: { namespace: "team-a" },
    effect: replace("/namespace", "team-b"),
    bad: badFormat("namespace", "team-a\n"),
  },
  tags: {
    value: { a: "1", b: "2" },
    another: {},
    created: { kvTags: { a: "1", b: "2" } },
    effect: replace("/kvTags", {}),
    bad: wrongType("tags.build", { build: 7 }),
  },
  properties: {
    value: { team: "risk" },
    another: { team: "risk", "a/b~c": "1" },
    created: { properties: { team: "risk" } },
    effect: { patch: [{ op: "add", path: "/properties/a~1b~0c", value: "1" }] },
    bad: wrongType('properties["a.b"]', { "a.b": 7 }),
  },
  description: {
    value: "what it is for",
    another: "",
    created: { description: "what it is for" },
    effect: replace("/description", ""),
    bad: wrongType("description", 7),
  },
  adopt: {
    value: false,
    another: true,
    created: {},
    effect: { record: true },
    bad: wrongType("adopt", "true"),
  },
  deleteAdopted: {
    value: true,
    another: false,
    created: {},
    effect: { record: true },
    bad: wrongType("deleteAdopted", "true"),
  },
  replaceOnPropertyChange: {
    value: true,
    another: false,
    created: {},
    effect: { record: true },
    bad: wrongType("replaceOnPropertyChange", 1),
  },
  timeouts: {
    value: { create: "5m" },
    another: { create: "6m", delete: "90s" },
    created: {},
    effect: { record: true },
    bad: badFormat("timeouts.create", { create: "5" }),
  },
};
