import { check } from "../../../provider/core/check";
import { least, URN, WORKSPACE } from "./settings";

const bare = { ...least, workspaceId: undefined };
const S = "a-very-secret-value";

/** What is wrong, the change to a valid program, and each failure as `Code path`; `Code` alone where the value must not be shown. */
const bad: readonly (readonly [string, object, readonly string[]])[] = [
  // Where the service lives.
  [
    "a GUID where an ARM id belongs",
    { workspaceId: "6f1b2a3c-0d4e-4f5a-8b6c-7d8e9f0a1b2c" },
    ["BadFormat workspaceId"],
  ],
  ["a workspace's name where its id belongs", { workspaceId: "ws-1" }, ["BadFormat workspaceId"]],
  [
    "an id of something else",
    { workspaceId: "/subscriptions/s/resourceGroups/g" },
    ["BadFormat workspaceId"],
  ],
  ["an id with more behind it", { workspaceId: `${WORKSPACE}/services/x` }, ["BadFormat workspaceId"]],
  ["an id with a newline in it", { workspaceId: `${WORKSPACE}\nx` }, ["BadFormat workspaceId"]],
  ["an empty id", { workspaceId: "" }, ["BadFormat workspaceId"]],
  ["a number as id", { workspaceId: 7 }, ["WrongType workspaceId"]],
  ["no workspace at all", bare, ["Missing workspaceId"]],
  ["null as the workspace", { workspaceId: null }, ["Missing workspaceId"]],
  [
    "a resource group alone",
    { ...bare, resourceGroupName: "g" },
    ["Missing subscriptionId", "Missing workspaceName"],
  ],
  [
    "a workspace's name alone",
    { ...bare, workspaceName: "w" },
    ["Missing subscriptionId", "Missing resourceGroupName"],
  ],
  ["no subscription", { ...bare, resourceGroupName: "g", workspaceName: "w" }, ["Missing subscriptionId"]],
  [
    "a path as workspace name",
    { ...bare, subscriptionId: "s", resourceGroupName: "g", workspaceName: "a/b" },
    ["BadFormat workspaceName"],
  ],
  [
    "an empty resource group",
    { ...bare, subscriptionId: "s", resourceGroupName: "", workspaceName: "w" },
    ["BadFormat resourceGroupName"],
  ],
  [
    "a query in a name",
    { ...bare, subscriptionId: "s?x", resourceGroupName: "g#", workspaceName: "w w" },
    ["BadFormat subscriptionId", "BadFormat resourceGroupName", "BadFormat workspaceName"],
  ],
  [
    "a flag as resource group",
    { ...bare, subscriptionId: "s", resourceGroupName: true, workspaceName: "w" },
    ["WrongType resourceGroupName"],
  ],
  ["an id and a part that disagree", { resourceGroupName: "other" }, ["Exclusive resourceGroupName"]],
  [
    "an id and two parts that disagree",
    { subscriptionId: "other", workspaceName: "x" },
    ["Exclusive subscriptionId", "Exclusive workspaceName"],
  ],
  // Names.
  ["a capital in the name", { serviceName: "Fraud" }, ["BadFormat serviceName"]],
  ["an underscore in the name", { serviceName: "fraud_1" }, ["BadFormat serviceName"]],
  ["a name that begins with a digit", { serviceName: "1fraud" }, ["BadFormat serviceName"]],
  ["a name that ends with a hyphen", { serviceName: "fraud-" }, ["BadFormat serviceName"]],
  ["a name of two", { serviceName: "ab" }, ["BadFormat serviceName"]],
  ["a name of 33", { serviceName: "a".repeat(33) }, ["BadFormat serviceName"]],
  ["a name with a trailing newline", { serviceName: "fraud\n" }, ["BadFormat serviceName"]],
  ["an empty name", { serviceName: "" }, ["BadFormat serviceName"]],
  ["a list as name", { serviceName: ["fraud"] }, ["WrongType serviceName"]],
  ["no compute target", { computeTargetName: undefined }, ["Missing computeTargetName"]],
  ["null as compute target", { computeTargetName: null }, ["Missing computeTargetName"]],
  ["an empty compute target", { computeTargetName: "" }, ["BadFormat computeTargetName"]],
  [
    "the cluster's ARM id as compute target",
    { computeTargetName: "/subscriptions/s/x" },
    ["BadFormat computeTargetName"],
  ],
  ["a compute target with a newline", { computeTargetName: "aks\n" }, ["BadFormat computeTargetName"]],
  [
    "a compute target that is an object",
    { computeTargetName: { name: "aks" } },
    ["WrongType computeTargetName"],
  ],
  ["a namespace in capitals", { namespace: "Default" }, ["BadFormat namespace"]],
  ["a namespace that ends with a hyphen", { namespace: "ml-" }, ["BadFormat namespace"]],
  ["a namespace with a trailing newline", { namespace: "ml\n" }, ["BadFormat namespace"]],
  ["a namespace of 64", { namespace: "a".repeat(64) }, ["BadFormat namespace"]],
  ["an empty namespace", { namespace: "" }, ["BadFormat namespace"]],
  ["a namespace with a dot", { namespace: "a.b" }, ["BadFormat namespace"]],
  // What it runs.
  ["neither models nor an image", { models: undefined }, ["Missing models"]],
  ["models and an image", { imageId: "image:1" }, ["Exclusive imageId"]],
  ["a model without version", { models: ["fraud"] }, ["BadFormat models[0]"]],
  ["a model at version 0", { models: ["fraud:0"] }, ["BadFormat models[0]"]],
  ["a model at its latest version", { models: ["fraud:latest"] }, ["BadFormat models[0]"]],
  [
    "a bad model after a good one",
    { models: ["fraud:1", "fraud:x"] },
    ["BadFormat models[1]", "Exclusive models"],
  ],
  ["a model with a trailing newline", { models: ["fraud:1\n"] }, ["BadFormat models[0]"]],
  ["a number among models", { models: [7] }, ["WrongType models[0]"]],
  ["null among models", { models: [null] }, ["WrongType models[0]"]],
  ["the same model twice", { models: ["fraud:1", "fraud:1"] }, ["Exclusive models[1]", "Exclusive models"]],
  ["no models in the list", { models: [] }, ["Missing models"]],
  ["one model without a list", { models: "fraud:7" }, ["WrongType models"]],
  ["an image without version", { models: undefined, imageId: "image" }, ["BadFormat imageId"]],
  ["an image that is a list", { models: undefined, imageId: ["image:1"] }, ["WrongType imageId"]],
  // Scaling.
  ["a flag in text", { autoscaleEnabled: "true" }, ["WrongType autoscaleEnabled"]],
  ["a flag as a number", { autoscaleEnabled: 1 }, ["WrongType autoscaleEnabled"]],
  ["no replica at least", { autoscaleMinReplicas: 0 }, ["OutOfRange autoscaleMinReplicas"]],
  ["a negative bound", { autoscaleMaxReplicas: -1 }, ["OutOfRange autoscaleMaxReplicas"]],
  ["half a replica", { autoscaleMaxReplicas: 2.5 }, ["WrongType autoscaleMaxReplicas"]],
  [
    "an integer that is too large to be one",
    { autoscaleMaxReplicas: 2 ** 53 },
    ["WrongType autoscaleMaxReplicas"],
  ],
  [
    "min above max",
    { autoscaleMinReplicas: 5, autoscaleMaxReplicas: 4 },
    ["OutOfRange autoscaleMaxReplicas"],
  ],
  ["a refresh of 0 s", { autoscaleRefreshSeconds: 0 }, ["OutOfRange autoscaleRefreshSeconds"]],
  ["a utilization of 0", { autoscaleTargetUtilization: 0 }, ["OutOfRange autoscaleTargetUtilization"]],
  ["a utilization of 101", { autoscaleTargetUtilization: 101 }, ["OutOfRange autoscaleTargetUtilization"]],
  ["replicas that are not a number", { numReplicas: NaN }, ["WrongType numReplicas"]],
  ["no fixed replicas", { numReplicas: 0 }, ["OutOfRange numReplicas"]],
  ["replicas in text", { numReplicas: "3" }, ["WrongType numReplicas"]],
  [
    "autoscaling on and fixed replicas",
    { autoscaleEnabled: true, numReplicas: 2 },
    ["Exclusive numReplicas"],
  ],
  [
    "autoscaling off and a bound",
    { autoscaleEnabled: false, numReplicas: 2, autoscaleMaxReplicas: 4 },
    ["Exclusive autoscaleMaxReplicas"],
  ],
  [
    "fixed replicas and two bounds",
    { numReplicas: 2, autoscaleMinReplicas: 1, autoscaleMaxReplicas: 4 },
    ["Exclusive autoscaleMinReplicas", "Exclusive autoscaleMaxReplicas"],
  ],
  ["autoscaling off and no replicas", { autoscaleEnabled: false }, ["Missing numReplicas"]],
  // Access.
  ["both ways in", { authEnabled: true, tokenAuthEnabled: true }, ["Exclusive tokenAuthEnabled"]],
  ["key authentication in text", { authEnabled: "no" }, ["WrongType authEnabled"]],
  ["token authentication as a number", { tokenAuthEnabled: 0 }, ["WrongType tokenAuthEnabled"]],
  ["a second key alone", { secondaryKey: S }, ["Missing"]],
  ["an empty key", { primaryKey: "" }, ["BadFormat"]],
  ["a key of 1025", { primaryKey: "k".repeat(1025) }, ["BadFormat"]],
  ["a key that is a number", { primaryKey: 1234 }, ["WrongType"]],
  ["a key that is an object", { primaryKey: { value: S } }, ["WrongType"]],
  ["collecting in text", { collectModelData: "yes" }, ["WrongType collectModelData"]],
  // Container.
  ["no CPU", { cpuCores: 0 }, ["OutOfRange cpuCores"]],
  ["negative CPU", { cpuCores: -0.5 }, ["OutOfRange cpuCores"]],
  ["CPU that is not a number", { cpuCores: NaN }, ["WrongType cpuCores"]],
  ["infinite CPU", { cpuCores: Infinity }, ["WrongType cpuCores"]],
  ["CPU in Kubernetes' notation", { cpuCores: "500m" }, ["WrongType cpuCores"]],
  ["a CPU limit of 0", { cpuCoresLimit: 0 }, ["OutOfRange cpuCoresLimit"]],
  ["a CPU limit below the request", { cpuCores: 2, cpuCoresLimit: 1 }, ["OutOfRange cpuCoresLimit"]],
  ["no memory", { memoryGb: 0 }, ["OutOfRange memoryGb"]],
  ["memory with a unit", { memoryGb: "1Gi" }, ["WrongType memoryGb"]],
  ["infinite memory", { memoryGbLimit: -Infinity }, ["WrongType memoryGbLimit"]],
  ["a memory limit below the request", { memoryGb: 4, memoryGbLimit: 3.9 }, ["OutOfRange memoryGbLimit"]],
  ["a negative GPU", { gpuCores: -1 }, ["OutOfRange gpuCores"]],
  ["half a GPU", { gpuCores: 0.5 }, ["WrongType gpuCores"]],
  ["Application Insights in text", { enableAppInsights: "false" }, ["WrongType enableAppInsights"]],
  ["a scoring timeout of 0", { scoringTimeoutMs: 0 }, ["OutOfRange scoringTimeoutMs"]],
  ["no concurrent request", { replicaMaxConcurrentRequests: 0 }, ["OutOfRange replicaMaxConcurrentRequests"]],
  ["a negative wait", { maxRequestWaitTime: -500 }, ["OutOfRange maxRequestWaitTime"]],
  ["blobfuse in text", { blobfuseEnabled: "off" }, ["WrongType blobfuseEnabled"]],
  // Probe.
  ["a period of 0", { periodSeconds: 0 }, ["OutOfRange periodSeconds"]],
  ["a period that is a map", { periodSeconds: {} }, ["WrongType periodSeconds"]],
  ["an initial delay of 0", { initialDelaySeconds: 0 }, ["OutOfRange initialDelaySeconds"]],
  ["a probe timeout of 1.5", { timeoutSeconds: 1.5 }, ["WrongType timeoutSeconds"]],
  ["no success", { successThreshold: 0 }, ["OutOfRange successThreshold"]],
  ["no failure", { failureThreshold: 0 }, ["OutOfRange failureThreshold"]],
  // Labels.
  ["a number as tag", { tags: { build: 7 } }, ["WrongType tags.build"]],
  [
    "a flag and a list as tags",
    { tags: { a: true, "b.c": [] } },
    ["WrongType tags.a", 'WrongType tags["b.c"]'],
  ],
  ["null as tag", { tags: { a: null } }, ["WrongType tags.a"]],
  ["tags as a list", { tags: ["a"] }, ["WrongType tags"]],
  ["tags as text", { tags: "a=b" }, ["WrongType tags"]],
  ["an object as property", { properties: { "a/b": {} } }, ['WrongType properties["a/b"]']],
  ["properties as a number", { properties: 3 }, ["WrongType properties"]],
  ["a description that is a number", { description: 5 }, ["WrongType description"]],
  // The provider's own.
  ["adopt in text", { adopt: "true" }, ["WrongType adopt"]],
  [
    "replaceOnPropertyChange as a number",
    { replaceOnPropertyChange: 1 },
    ["WrongType replaceOnPropertyChange"],
  ],
  ["a timeout without unit", { timeouts: { create: "60" } }, ["BadFormat timeouts.create"]],
  ["a timeout in minutes as a number", { timeouts: { update: 60 } }, ["BadFormat timeouts.update"]],
  ["a timeout of nothing", { timeouts: { delete: "0s" } }, ["BadFormat timeouts.delete"]],
  ["a timeout without end", { timeouts: { create: `${"9".repeat(400)}h` } }, ["BadFormat timeouts.create"]],
  ["a timeout of another operation", { timeouts: { read: "5m" } }, ["UnknownSetting timeouts.read"]],
  ["timeouts as one text", { timeouts: "60m" }, ["WrongType timeouts"]],
  // Unknown names.
  ["the Python name", { cpu_cores: 1 }, ["UnknownSetting cpu_cores"]],
  ["a misspelt name", { memoryGB: 1 }, ["UnknownSetting memoryGB"]],
  ["an output's name", { scoringUri: "x" }, ["UnknownSetting scoringUri"]],
  ["a name like nothing", { zebra: 1 }, ["UnknownSetting zebra"]],
  ["a name that every object has", { toString: "x" }, ["UnknownSetting toString"]],
  ["a misspelt key", { primary_key: S }, ["UnknownSetting"]],
  // Several at once.
  [
    "everything at once",
    {
      computeTargetName: null,
      cpuCores: -1,
      cpuCoresLimit: "2",
      tags: { a: 1, b: 2 },
      autoscaleEnabled: true,
      numReplicas: 2,
      colour: "red",
    },
    [
      "UnknownSetting colour",
      "OutOfRange cpuCores",
      "WrongType cpuCoresLimit",
      "WrongType tags.a",
      "WrongType tags.b",
      "Missing computeTargetName",
      "Exclusive numReplicas",
    ],
  ],
];

/** `Code path` of a failure; a reason always names the path, and the property too unless its value is secret. */
const inShort = ({ property, reason }: { property: string; reason: string }): string => {
  const [, code, path] = /^(\w+): (.+?) must be /s.exec(reason)!;
  return property === ""
    ? code!
    : property === path
      ? `${code} ${path}`
      : `${code} ${path} under ${property}`;
};

describe(`bad input (${bad.length} kinds)`, () => {
  it.each(bad)("%s", (_what, change, expected) => {
    const { failures } = check({}, { ...least, ...change }, { config: {}, env: {} });
    expect(failures.map(inShort).sort()).toEqual([...expected].sort());
    for (const { reason } of failures) {
      expect(reason).toMatch(/^\w+: .+ must be .+; found .+\. \S.+[.?]$/s);
      expect(reason).not.toContain(S);
    }
  });

  it("is a table of at least 80, none twice", () => {
    expect(bad.length).toBeGreaterThanOrEqual(80);
    expect(new Set(bad.map(([what]) => what)).size).toBe(bad.length);
  });

  it.each([
    ["memoryGB", "memoryGb"],
    ["cpu_cores", "cpuCores"],
    ["autoscaleMinReplica", "autoscaleMinReplicas"],
    ["computeTarget", "computeTargetName"],
    ["tag", "tags"],
  ])("suggests for %s the setting %s", (name, meant) => {
    const { failures } = check({}, { ...least, [name]: "x" }, { config: {}, env: {} });
    expect(failures.map(({ reason }) => reason)).toEqual([expect.stringContaining(`Did you mean ${meant}?`)]);
  });

  it.each([
    ["workspaceId", { workspaceId: "6f1b2a3c-0d4e-4f5a-8b6c-7d8e9f0a1b2c" }, "Use the workspace's `id`"],
    ["a number in text", { numReplicas: "3" }, "requireNumber"],
    ["a flag in text", { authEnabled: "True" }, "requireBoolean"],
    ["a fraction", { gpuCores: 1.5 }, "Round it."],
    ["a number for text", { description: 7 }, "Write it in quotes."],
    ["no workspace", { workspaceId: null }, "pulumi config set azureml:workspaceId"],
    ["a limit", { cpuCores: 2, cpuCoresLimit: 1 }, "Raise cpuCoresLimit or lower cpuCores"],
  ])("says what to do about %s", (_what, change, next) => {
    const { failures } = check({}, { ...least, ...change }, { config: {}, env: {} });
    expect(failures.map(({ reason }) => reason)).toEqual([expect.stringContaining(next)]);
  });
});

describe("a stack's configuration that is wrong", () => {
  it.each([
    ["a GUID as id", { "azureml:workspaceId": "6f1b2a3c" }, ["BadFormat azureml:workspaceId"]],
    ["an id with a newline", { "azureml:workspaceId": `${WORKSPACE}\nx` }, ["BadFormat azureml:workspaceId"]],
    [
      "a name without the rest",
      { "azureml:workspaceName": "w" },
      ["Missing resourceGroupName", "Missing subscriptionId"],
    ],
    [
      "a name that is a path",
      { "azureml:workspaceName": "a/b", "azureml:resourceGroupName": "g", "azureml:subscriptionId": "s" },
      ["BadFormat workspaceName"],
    ],
    ["nothing of use", { "azureml:accessToken": "t" }, ["Missing workspaceId"]],
  ])("%s", (_what, config, expected) => {
    const { failures } = check({}, { ...bare }, { config, env: {} });
    expect(failures.map(inShort).sort()).toEqual(expected);
  });
});

describe("bad input in secret settings", () => {
  const secret = (name: string, change: object, old: object = {}) =>
    check({ ...old }, { ...least, __secrets: [name], ...change }, { config: {}, env: {} }).failures;

  it.each([
    ["text of the wrong form", "namespace", { namespace: `${S}!` }],
    ["a tag's number", "tags", { tags: { a: 192837465 } }],
    ["a model", "models", { models: [S] }],
    ["an image beside models", "imageId", { imageId: S }],
    ["a subscription that disagrees", "subscriptionId", { subscriptionId: S }],
    [
      "a part of the address",
      "workspaceName",
      { workspaceId: null, subscriptionId: "s", resourceGroupName: "g", workspaceName: `${S}/x` },
    ],
    ["a limit below a request", "cpuCoresLimit", { cpuCores: 192837466, cpuCoresLimit: 192837465 }],
    ["a request above a limit", "cpuCores", { cpuCores: 192837465, cpuCoresLimit: 1 }],
    ["fixed replicas", "numReplicas", { autoscaleEnabled: true, numReplicas: 192837465 }],
    ["a bound", "autoscaleMaxReplicas", { numReplicas: 1, autoscaleMaxReplicas: 192837465 }],
    ["an unknown setting", "passphrase", { passphrase: S }],
    ["a timeout", "timeouts", { timeouts: { create: S } }],
  ])("%s is never shown", (_what, name, change) => {
    const failures = secret(name, change);
    expect(failures).not.toEqual([]);
    expect(JSON.stringify(failures)).not.toMatch(/a-very-secret-value|192837465/);
    expect(failures.map(({ property }) => property)).not.toContain(name);
  });

  it("is not shown when only the old value was secret", () => {
    const old = { ...least, properties: { token: S }, __secrets: ["properties"] };
    const { failures } = check(old, { ...least, properties: { token: "other" } }, { config: {}, env: {} });
    expect(failures.map(inShort)).toEqual(["Immutable"]);
    expect(JSON.stringify(failures)).not.toContain(S);
  });
});

describe("the name of a resource without one", () => {
  it("is made from the URN", () => {
    const { inputs } = check({}, { ...least }, { config: {}, env: {} });
    expect(inputs).toMatchObject({ serviceName: "fraud", __urn: URN });
  });
});
