import { emulated, minimal, operationTime, type Emulated } from "./emulated";

let e: Emulated;
beforeEach(async () => {
  e = await emulated();
});
afterEach(() => e.close());

test("the least that can be sent gets every default", async () => {
  const service = await e.deploy("svc-a");
  expect(service).toMatchObject({
    id: "svc-a",
    name: "svc-a",
    computeType: "AKS",
    computeName: "aks-a",
    description: null,
    kvTags: {},
    properties: {},
    namespace: "azureml-ws-emulated",
    authEnabled: true,
    aadAuthEnabled: false,
    appInsightsEnabled: false,
    autoScaler: {
      autoscaleEnabled: true,
      minReplicas: 1,
      maxReplicas: 10,
      refreshPeriodInSeconds: 1,
      targetUtilization: 70,
    },
    containerResourceRequirements: {
      cpu: 0.1,
      cpuLimit: null,
      memoryInGB: 0.5,
      memoryInGBLimit: null,
      gpu: 0,
    },
    dataCollection: { eventHubEnabled: false, storageEnabled: false },
    livenessProbeRequirements: {
      periodSeconds: 10,
      initialDelaySeconds: 310,
      timeoutSeconds: 2,
      failureThreshold: 3,
      successThreshold: 1,
    },
    maxConcurrentRequestsPerContainer: 1,
    maxQueueWaitMs: 500,
    scoringTimeoutMs: 60000,
    scoringUri: `${e.url}/api/v1/service/svc-a/score`,
    environmentImageRequest: { modelIds: ["sk:1"] },
    models: [
      expect.objectContaining({ id: "sk:1", name: "sk", version: 1, framework: "ScikitLearn", datasets: [] }),
    ],
  });
});

test("null means the default, in a request as the Python client sends it", async () => {
  const nulls = {
    description: null,
    kvTags: null,
    properties: {},
    keys: { primaryKey: null, secondaryKey: null },
    location: null,
    numReplicas: null,
    autoScaler: { autoscaleEnabled: true, minReplicas: null, maxReplicas: null },
    containerResourceRequirements: {
      cpu: null,
      cpuLimit: null,
      memoryInGB: null,
      memoryInGBLimit: null,
      gpu: null,
    },
    livenessProbeRequirements: { periodSeconds: null },
    namespace: null,
    maxQueueWaitMs: null,
  };
  const [plain, full] = [await e.deploy("svc-a"), await e.deploy("svc-b", nulls)];
  for (const member of [
    "autoScaler",
    "containerResourceRequirements",
    "livenessProbeRequirements",
    "maxQueueWaitMs",
  ])
    expect(full[member]).toEqual(plain[member]);
});

test("a service goes from Transitioning to Healthy while its replicas come up", async () => {
  const accepted = await e.call("POST", "/services", { ...minimal("svc-a"), numReplicas: 4 });
  expect(accepted.status).toBe(202);
  const seen = [];
  for (const part of [0, 0.5, 0.45, 0.05]) {
    e.clock.pass(part * operationTime);
    const { state, deploymentStatus } = await e.service("svc-a");
    seen.push([
      (await e.operation(accepted))["state"],
      state,
      deploymentStatus.updatedReplicas,
      deploymentStatus.availableReplicas,
    ]);
  }
  expect(seen).toEqual([
    ["Running", "Transitioning", 0, 0],
    ["Running", "Transitioning", 2, 1],
    ["Running", "Transitioning", 3, 2],
    ["Succeeded", "Healthy", 4, 4],
  ]);
});

it.each<[string, object, string]>([
  ["a name that is too short", { name: "ab" }, "InvalidServiceName"],
  ["a name with a capital letter", { name: "Svc-a" }, "InvalidServiceName"],
  ["a name with a newline", { name: "svc-a\n" }, "InvalidServiceName"],
  ["a name of 33 characters", { name: "a".repeat(33) }, "InvalidServiceName"],
  ["no name", { name: null }, "InvalidServiceName"],
  ["another compute type", { computeType: "ACI" }, "UnsupportedComputeType"],
  ["no compute", { computeName: null }, "ComputeNameRequired"],
  ["no image", { environmentImageRequest: null }, "ImageRequired"],
  ["an image and an environment", { imageId: "img:1" }, "InvalidImage"],
  ["two models without code", { environmentImageRequest: { modelIds: ["sk:1", "sk:2"] } }, "InvalidModels"],
  [
    "a framework that needs code",
    { environmentImageRequest: { modelIds: ["torch:1"] } },
    "UnsupportedFramework",
  ],
  ["a model without a version", { environmentImageRequest: { modelIds: ["sk"] } }, "ModelNotFound"],
  ["model ids of another type", { environmentImageRequest: { modelIds: "sk:1" } }, "InvalidType"],
  ["both ways of authentication", { authEnabled: true, aadAuthEnabled: true }, "InvalidAuth"],
  [
    "a limit below its request",
    { containerResourceRequirements: { cpu: 2, cpuLimit: 1 } },
    "InvalidResources",
  ],
  [
    "a memory limit below the default",
    { containerResourceRequirements: { memoryInGBLimit: 0.1 } },
    "InvalidResources",
  ],
  ["no cpu", { containerResourceRequirements: { cpu: 0 } }, "InvalidValue"],
  ["cpu as a text", { containerResourceRequirements: { cpu: "1" } }, "InvalidValue"],
  ["a broken gpu", { containerResourceRequirements: { gpu: 0.5 } }, "InvalidValue"],
  [
    "min above max",
    { autoScaler: { autoscaleEnabled: true, minReplicas: 5, maxReplicas: 2 } },
    "InvalidAutoScaler",
  ],
  [
    "replicas with autoscaling",
    { autoScaler: { autoscaleEnabled: true }, numReplicas: 2 },
    "InvalidAutoScaler",
  ],
  ["neither replicas nor autoscaling", { autoScaler: { autoscaleEnabled: false } }, "InvalidAutoScaler"],
  ["a utilization above 100", { autoScaler: { targetUtilization: 101 } }, "InvalidValue"],
  ["no replicas", { numReplicas: 0 }, "InvalidValue"],
  ["a namespace with a dot", { namespace: "a.b" }, "InvalidValue"],
  ["a namespace of 64", { namespace: "a".repeat(64) }, "InvalidValue"],
  ["a tag that is a number", { kvTags: { a: 1 } }, "InvalidType"],
  ["tags as a list", { kvTags: ["a"] }, "InvalidType"],
  ["a key that is a number", { keys: { primaryKey: 1 } }, "InvalidType"],
  ["a timeout of nothing", { scoringTimeoutMs: 0 }, "InvalidValue"],
])("%s is a 400, and nothing is made", async (_, change, code) => {
  const answer = await e.call("POST", "/services", { ...minimal("svc-a"), ...change });
  expect([answer.status, answer.body["details"]?.[0].code]).toEqual([400, code]);
  expect((await e.call("GET", "/services")).body["value"]).toEqual([]);
});

it.each([
  ["no JSON", "{", "InvalidJson"],
  ["a list", "[]", "InvalidBody"],
  ["nothing", "", "InvalidBody"],
])("%s as the body is a 400", async (_, body, code) => {
  const answer = await e.call("POST", "/services", body);
  expect([answer.status, answer.body["details"][0].code]).toEqual([400, code]);
});

test("a taken name is a 409, and an overwrite is a new definition", async () => {
  await e.deploy("svc-a", { kvTags: { a: "1" }, properties: { p: "1" }, description: "first" });
  const taken = await e.call("POST", "/services", minimal("svc-a"));
  expect([taken.status, taken.body["details"][0].code]).toEqual([409, "ServiceAlreadyExists"]);
  const service = await e.deploy("svc-a", { overwrite: true, properties: { p: "2" } });
  expect(service).toMatchObject({ kvTags: {}, properties: { p: "2" }, description: null, state: "Healthy" });
});

test("an overwrite waits for the running operation with a 409", async () => {
  await e.call("POST", "/services", minimal("svc-a"));
  const answer = await e.call("POST", "/services", { ...minimal("svc-a"), overwrite: true });
  expect([answer.status, answer.body["details"][0].code]).toEqual([409, "OperationInProgress"]);
});

test("of two creates at the same time one gets the name", async () => {
  const answers = await Promise.all([1, 2].map(() => e.call("POST", "/services", minimal("svc-a"))));
  expect(answers.map((a) => a.status).sort()).toEqual([202, 409]);
});

test("validation advises: 200 with a message, or an empty object", async () => {
  const bad = { ...minimal("svc-a"), numReplicas: -1 };
  const create = (createRequest: object) => ({
    type: "Create",
    serviceName: "svc-a",
    createRequest,
    updateRequest: null,
  });
  expect((await e.call("POST", "/services/validate", create(minimal("svc-a")))).body).toEqual({});
  const said = await e.call("POST", "/services/validate", create(bad));
  expect([said.status, said.body["error"].message]).toEqual([200, expect.stringContaining("/numReplicas")]);
  await e.deploy("svc-a");
  const name = await e.call("POST", "/services/validate/name/svc-a", {});
  expect([name.status, name.body["error"].message]).toEqual([200, expect.stringContaining("already exists")]);
});

test("an update is judged as by the call itself, and not made", async () => {
  await e.deploy("svc-a", { properties: { team: "risk" } });
  const before = await e.service("svc-a");
  const judge = async (updateRequest: unknown) => {
    const call = { type: "Update", serviceName: "svc-a", createRequest: null, updateRequest };
    const { status, body } = await e.call("POST", "/services/validate", call);
    return [status, body["error"]?.message ?? ""];
  };
  const replace = (path: string, value: unknown) => [{ op: "replace", path, value }];
  expect(await judge(replace("/containerResourceRequirements/cpu", 2))).toEqual([200, ""]);
  expect(await judge(replace("/containerResourceRequirements/cpu", -2))).toEqual([
    200,
    expect.stringContaining("cpu"),
  ]);
  expect(await judge(replace("/computeName", "other"))).toEqual([
    200,
    expect.stringContaining("cannot be changed"),
  ]);
  expect(await judge(replace("/properties/team", "fraud"))).toEqual([
    200,
    expect.stringContaining("immutable"),
  ]);
  expect(await judge("not a patch")).toEqual([200, expect.stringContaining("list of patch operations")]);
  expect(await e.service("svc-a")).toEqual(before);
});

test("a delete is validated by the call itself; only a missing service is said", async () => {
  await e.deploy("svc-a");
  const validate = (type: string, serviceName: string) =>
    e.call("POST", "/services/validate", { type, serviceName, createRequest: null, updateRequest: [] });
  expect((await validate("Update", "svc-a")).body).toEqual({});
  expect((await validate("Delete", "svc-a")).body).toEqual({});
  expect((await validate("Delete", "none")).status).toBe(404);
});

test("with a seed only what it lists exists", async () => {
  const seeded = await emulated({
    seed: {
      computes: [{ name: "aks-a" }],
      models: [{ id: "own:3", framework: "Onnx" }],
      images: [{ id: "img:1" }],
    },
  });
  const code = async (change: object) =>
    (await seeded.call("POST", "/services", { ...minimal("svc-a"), ...change })).body?.["details"][0].code;
  expect(await code({})).toBe("ModelNotFound");
  expect(await code({ computeName: "aks-b" })).toBe("ComputeNotFound");
  expect(await code({ environmentImageRequest: null, imageId: "img:2" })).toBe("ImageNotFound");
  const service = await seeded.deploy("svc-a", { environmentImageRequest: { modelIds: ["own:3"] } });
  expect(service["models"][0]).toMatchObject({ id: "own:3", framework: "Onnx", version: 3 });
  await seeded.close();
});

test("the seed's services are there, with their state and keys", async () => {
  const document = {
    name: "old",
    computeName: "aks-a",
    state: "Unhealthy",
    keys: { primaryKey: "k" },
    kvTags: { a: "1" },
  };
  const seeded = await emulated({ seed: { services: [document] } });
  expect(await seeded.service("old")).toMatchObject({
    state: "Unhealthy",
    kvTags: { a: "1" },
    numReplicas: 1,
  });
  expect((await seeded.call("POST", "/services/old/listkeys")).body["primaryKey"]).toBe("k");
  await seeded.close();
});

test("a seed's service of another compute type can be read, listed and deleted, nothing else", async () => {
  const aci = { name: "old", computeType: "ACI", kvTags: { a: "1" }, scoringUri: "http://x" };
  const seeded = await emulated({ seed: { services: [aci] } });
  expect(await seeded.service("old")).toMatchObject({
    ...aci,
    state: "Healthy",
    createdTime: expect.any(String),
  });
  const names = async (query: string) =>
    ((await seeded.call("GET", `/services?${query}`)).body["value"] as { name: string }[]).map((s) => s.name);
  expect([await names(""), await names("computeType=aci&tags=a=1"), await names("computeType=AKS")]).toEqual([
    ["old"],
    ["old"],
    [],
  ]);
  const patch = await seeded.call("PATCH", "/services/old", []);
  expect([patch.status, patch.body["details"][0].code]).toEqual([400, "UnsupportedComputeType"]);
  expect((await seeded.call("POST", "/services", { ...minimal("old"), overwrite: true })).status).toBe(409);
  expect((await seeded.call("DELETE", "/services/old")).status).toBe(200);
  expect((await seeded.call("GET", "/services/old")).status).toBe(404);
  await seeded.close();
});

test("a seed that cannot be is refused with the service's name, and nothing goes on listening", async () => {
  const services = [{ name: "old", computeName: "aks-a", numReplicas: -1 }];
  await expect(emulated({ seed: { services } })).rejects.toThrow(/seed's service old: \/numReplicas/);
});

test("names that every object has are free", async () => {
  expect((await e.deploy("constructor"))["name"]).toBe("constructor");
  expect((await e.call("GET", "/services/valueof")).status).toBe(404);
  expect((await e.call("GET", "/operations/constructor")).status).toBe(404);
  const tags = JSON.parse('{"__proto__":"1"}') as object;
  const service = await e.deploy("svc-a", { kvTags: tags });
  expect(Object.keys(service["kvTags"])).toEqual(["__proto__"]);
});

test("what does not fit the compute fails as unschedulable", async () => {
  const seeded = await emulated({ seed: { computes: [{ name: "aks-a", cpu: 2 }] } });
  await seeded.deploy("svc-a", { numReplicas: 2, containerResourceRequirements: { cpu: 0.5 } });
  const request = { ...minimal("svc-b"), numReplicas: 1, containerResourceRequirements: { cpu: 1.5 } };
  const advice = await seeded.call("POST", "/services/validate/resource", request);
  expect(advice.body["error"].message).toContain("cpu");
  const accepted = await seeded.call("POST", "/services", request);
  seeded.clock.pass(operationTime);
  const operation = await seeded.operation(accepted);
  expect([operation["state"], operation["error"].details[0].code]).toEqual(["Failed", "Unschedulable"]);
  expect((await seeded.service("svc-b"))["state"]).toBe("Unschedulable");
  await seeded.deploy("svc-c", { numReplicas: 1, containerResourceRequirements: { cpu: 1 } });
  expect((await seeded.service("svc-c"))["state"]).toBe("Healthy");
  await seeded.close();
});
