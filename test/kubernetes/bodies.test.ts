import { readinessOf, toKubernetes } from "../../kubernetes/bodies";
import type { Destination } from "../../kubernetes/row";
import { valueAt, type Settings } from "../../provider/core/values";
import { fields } from "../../provider/schema/fields";

const workspaceId =
  "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws";
const destination: Destination = {
  workspaceId,
  location: "westeurope",
  compute: "k8s-prod",
  codeId: `${workspaceId}/codes/score/versions/1`,
};
const usual: Settings = {
  serviceName: "fraud",
  computeTargetName: "aks-prod",
  models: ["fraud:7"],
  inferenceConfig: { entryScript: "score.py", environment: "fraud-env:3" },
};

const translate = (settings: Settings, more: Partial<Destination> = {}, state?: string) =>
  toKubernetes(
    { settings: { ...usual, ...settings }, ...(state ? { state } : {}) },
    { ...destination, ...more },
  );

const finding = (translation: ReturnType<typeof translate>, setting: string) =>
  translation.findings.filter((one) => one.setting === setting);

test("what is not said has the web service's default, written out where it differs", () => {
  const { deployment, findings } = translate({});
  expect(deployment).toMatchObject({
    sku: { name: "Default" },
    properties: {
      scaleSettings: {
        scaleType: "TargetUtilization",
        minInstances: 1,
        maxInstances: 10,
        pollingInterval: "PT1S",
      },
      requestSettings: { requestTimeout: "PT1M", maxQueueWait: "PT0.5S" },
      livenessProbe: { initialDelay: "PT5M10S", failureThreshold: 3 },
      containerResourceRequirements: { containerResourceRequests: { cpu: "100m", memory: "0.5Gi" } },
    },
  });
  expect(
    valueAt(deployment, "properties.containerResourceRequirements.containerResourceLimits"),
  ).toBeUndefined();
  const changed = findings.filter(({ kind }) => kind === "changedDefault").map(({ setting }) => setting);
  expect(changed).toEqual([
    ...["autoscaleMaxReplicas", "primaryKey", "secondaryKey", "cpuCoresLimit", "memoryGbLimit"],
    ...["scoringTimeoutMs", "initialDelaySeconds", "failureThreshold", "namespace"],
  ]);
  expect(readinessOf(findings)).toBe("changedDefault");
});

test("every setting is found exactly once, whatever is set", () => {
  const { findings } = translate(
    { gpuCores: 2, tags: { a: "b" }, timeouts: { create: "1h" } },
    {},
    "Healthy",
  );
  expect(findings.map(({ setting }) => setting)).toEqual(
    ["state", ...fields.map(({ input }) => input)].sort(order(findings)),
  );
});

const order = (findings: readonly { readonly setting: string }[]) => (a: string, b: string) =>
  findings.findIndex(({ setting }) => setting === a) - findings.findIndex(({ setting }) => setting === b);

/** Settings that need something of a person: what is set, what is decided already, and what is found. */
const troubles: readonly [string, Settings, Partial<Destination>, string, string, RegExp][] = [
  ["several models", { models: ["a:1", "b:2"] }, {}, "models", "needsDecision", /one model.*has 2/],
  [
    "several models in one folder",
    { models: ["a:1", "b:2"] },
    { model: `${workspaceId}/models/all/versions/1` },
    "models",
    "changedDefault",
    /one folder/,
  ],
  ["no authentication", { authEnabled: false }, {}, "authEnabled", "needsDecision", /does not exist/],
  [
    "no authentication, decided",
    { authEnabled: false },
    { authMode: "AADToken" },
    "authEnabled",
    "changedDefault",
    /AADToken/,
  ],
  ["a namespace", { namespace: "ml" }, {}, "namespace", "needsDecision", /compute's/],
  [
    "another namespace",
    { namespace: "ml" },
    { namespace: "default" },
    "namespace",
    "needsDecision",
    /default/,
  ],
  ["the compute's namespace", { namespace: "ml" }, { namespace: "ml" }, "namespace", "carried", /attached/],
  ["blobfuse", { blobfuseEnabled: false }, {}, "blobfuseEnabled", "dropped", /container/],
  [
    "an image",
    { models: undefined, inferenceConfig: undefined, imageId: "img:3" },
    {},
    "imageId",
    "needsDecision",
    /img:3/,
  ],
  [
    "an image with an environment",
    { models: undefined, inferenceConfig: undefined, imageId: "img:3" },
    { environmentId: "e" },
    "imageId",
    "carried",
    /ports/,
  ],
  ["a timeout above 150 s", { scoringTimeoutMs: 150_001 }, {}, "scoringTimeoutMs", "blocked", /150 s/],
  ["a timeout of 150 s", { scoringTimeoutMs: 150_000 }, {}, "scoringTimeoutMs", "carried", /150 s/],
  [
    "GPUs without limits",
    { gpuCores: 1 },
    { instanceType: "gpu" },
    "gpuCores",
    "needsDecision",
    /limits of CPU and memory/,
  ],
  [
    "GPUs with limits",
    { gpuCores: 1, cpuCoresLimit: 2, memoryGbLimit: 4 },
    { instanceType: "gpu" },
    "gpuCores",
    "carried",
    /limit/,
  ],
  [
    "GPUs without an instance type",
    { gpuCores: 1, cpuCoresLimit: 1, memoryGbLimit: 1 },
    {},
    "gpuCores",
    "needsDecision",
    /defaultinstancetype/,
  ],
  [
    "a limit at the instance type's",
    { cpuCoresLimit: 2 },
    {},
    "cpuCoresLimit",
    "needsDecision",
    /not less than the 2/,
  ],
  ["a limit below it", { cpuCoresLimit: 1.9 }, {}, "cpuCoresLimit", "carried", /instance type/],
  ["a request above it", { memoryGb: 14 }, {}, "memoryGb", "needsDecision", /more than the 2/],
  [
    "a request that a larger type allows",
    { memoryGb: 14 },
    { instanceType: "large", instanceTypeLimits: { cpuCores: 8, memoryGb: 32, gpuCores: 0 } },
    "memoryGb",
    "carried",
    /Gi/,
  ],
  [
    "several requests at once",
    { replicaMaxConcurrentRequests: 4 },
    {},
    "replicaMaxConcurrentRequests",
    "needsDecision",
    /4 is written/,
  ],
  [
    "no cluster",
    {},
    { compute: undefined as never },
    "computeTargetName",
    "needsDecision",
    /Kubernetes compute/,
  ],
  ["code not uploaded", {}, { codeId: undefined as never }, "inferenceConfig", "needsDecision", /by id/],
  [
    "an environment not registered",
    { inferenceConfig: { entryScript: "s.py", environment: { name: "e" } } },
    {},
    "inferenceConfig",
    "needsDecision",
    /by id/,
  ],
  ["a model without code", { inferenceConfig: undefined }, {}, "inferenceConfig", "needsDecision", /MLflow/],
  ["collected data", { collectModelData: true }, {}, "collectModelData", "needsDecision", /layout/],
  [
    "no autoscaler and no count",
    { autoscaleEnabled: false },
    {},
    "numReplicas",
    "needsDecision",
    /numReplicas is not set/,
  ],
];

it.each(troubles)("%s", (_, settings, more, setting, kind, says) => {
  const [found, ...others] = finding(translate(settings, more), setting);
  expect(others).toEqual([]);
  expect(found).toMatchObject({ kind, says: expect.stringMatching(says) as unknown });
  if (kind === "needsDecision" || kind === "blocked") expect(found!.wayRound).toMatch(/^[A-Z`].+\.$/);
});

it.each([
  ["Healthy", "carried"],
  ["Failed", "blocked"],
  ["Unhealthy", "blocked"],
  ["Transitioning", "blocked"],
  ["Migrating", "blocked"],
  ["Migrated", "blocked"],
])("a service that is %s is %s", (state, kind) => {
  const found = finding(translate({}, {}, state), "state");
  expect(found).toMatchObject([{ kind, from: state }]);
  if (kind === "blocked") expect(found[0]!.wayRound).toBeDefined();
});

test("tags that Azure Resource Manager refuses are named, the others are carried by both", () => {
  const tags = {
    good: "1",
    "a/b": "2",
    "what?": "3",
    Azure_thing: "4",
    Good: "5",
    long: "x".repeat(257),
    ["k".repeat(513)]: "6",
  };
  const translation = translate({ tags });
  expect([translation.endpoint["tags"], translation.deployment["tags"]]).toEqual([
    { good: "1" },
    { good: "1" },
  ]);
  const [found] = finding(translation, "tags");
  expect(found!.kind).toBe("needsDecision");
  for (const name of ["a/b", "what?", "Azure_thing", "Good", "long", "kkk"])
    expect(found!.says).toContain(name);
});

test("of 60 tags 50 are carried and 10 are named", () => {
  const tags = Object.fromEntries([...Array(60).keys()].map((n) => [`tag${n}`, "x"]));
  const translation = translate({ tags });
  expect(Object.keys(translation.endpoint["tags"] as object)).toHaveLength(50);
  expect(finding(translation, "tags")[0]!.says.match(/"tag5\d" is more than/g)).toHaveLength(10);
});

test("stamps of ownership stay behind, other properties go along", () => {
  const properties = {
    team: "risk",
    "pulumi-created-by": "x.y",
    "pulumi-claim-2": "z",
    "pulumi-claimant": "q",
  };
  expect(valueAt(translate({ properties }).deployment, "properties.properties")).toEqual({
    team: "risk",
    "pulumi-claimant": "q",
  });
});

test("GPUs are a limit, beside which the requests become limits until those are said", () => {
  expect(
    valueAt(translate({ gpuCores: 1, cpuCores: 3 }).deployment, "properties.containerResourceRequirements"),
  ).toEqual({
    containerResourceRequests: { cpu: "3", memory: "0.5Gi" },
    containerResourceLimits: { cpu: "3", memory: "0.5Gi", gpu: "1" },
  });
});

test("a fixed number of replicas is the capacity, whatever else the live autoscaler shows", () => {
  const { deployment } = translate({ autoscaleEnabled: false, numReplicas: 3, autoscaleMinReplicas: 1 });
  expect(deployment).toMatchObject({ sku: { name: "Default", capacity: 3 } });
  expect(valueAt(deployment, "properties.scaleSettings")).toEqual({ scaleType: "Default" });
});

test("the live count of an autoscaler is not carried", () => {
  const { deployment } = translate({ autoscaleEnabled: true, numReplicas: 7 });
  expect(deployment["sku"]).toEqual({ name: "Default" });
});

test("an empty description is carried, since it was said; an empty namespace is none", () => {
  const translation = translate({ description: "", namespace: "" });
  expect(valueAt(translation.endpoint, "properties.description")).toBe("");
  expect(finding(translation, "namespace")[0]!.kind).toBe("changedDefault");
});

test("keys are in the endpoint alone, and only where it has keys", () => {
  const keys = { primaryKey: "secret-one", secondaryKey: "secret-two" };
  const translation = translate(keys);
  expect(valueAt(translation.endpoint, "properties.keys")).toEqual(keys);
  expect(JSON.stringify([translation.deployment, translation.findings])).not.toContain("secret-");
  expect(JSON.stringify(translate({ ...keys, authEnabled: false, tokenAuthEnabled: true }))).not.toContain(
    "secret-",
  );
});

test("no finding has a registry's password or the value of an environment's variable", () => {
  const environment = {
    name: "e",
    baseImageRegistry: { address: "a", username: "u", password: "hush" },
    environmentVariables: { TOKEN: "hush", AZUREML_ENTRY_SCRIPT: "score.py" },
  };
  const translation = translate({ inferenceConfig: { entryScript: "score.py", environment } });
  expect(JSON.stringify(translation.findings)).not.toContain("hush");
  expect(valueAt(translation.deployment, "properties.environmentVariables")).toEqual({ TOKEN: "hush" });
});

test("a deployment has another name exactly when something changes that cannot be changed in it", () => {
  const name = (settings: Settings, more: Partial<Destination> = {}) =>
    translate(settings, more).deployment["deploymentName"];
  const first = name({});
  expect(first).toMatch(/^v-[0-9a-f]{8}$/);
  expect(name({ cpuCores: 1, tags: { a: "b" }, models: ["fraud:8"] })).toBe(first);
  const others = [
    name({}, { codeId: `${workspaceId}/codes/score/versions/2` }),
    name({}, { instanceType: "large" }),
    name({ inferenceConfig: { entryScript: "main.py", environment: "fraud-env:3" } }),
  ];
  expect(new Set([first, ...others]).size).toBe(4);
});

test("unset and null mean the same, and nothing given is changed", () => {
  const settings = Object.freeze({ ...usual, description: null, tags: undefined });
  expect(toKubernetes({ settings }, destination)).toEqual(toKubernetes({ settings: usual }, destination));
});

test("a workspace id that is none is refused", () => {
  expect(() => translate({}, { workspaceId: "ws" })).toThrow(
    'expected the ARM id of a workspace, found "ws"',
  );
});
