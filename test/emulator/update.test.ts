import fc from "fast-check";
import { emulated, minimal, operationTime, type Emulated } from "./emulated";

let e: Emulated;
beforeEach(async () => {
  e = await emulated();
});
afterEach(() => e.close());

const replace = (path: string, value: unknown) => [{ op: "replace", path, value }];
const patch = (name: string, operations: unknown) => e.call("PATCH", `/services/${name}`, operations);
const at = (document: unknown, path: string): unknown =>
  path
    .split("/")
    .slice(1)
    .reduce<any>((node, key) => node[key], document); // eslint-disable-line @typescript-eslint/no-explicit-any

it.each<[string, unknown]>([
  ["/environmentImageRequest", { modelIds: ["onnx:2"] }],
  ["/autoScaler/minReplicas", 2],
  ["/autoScaler/maxReplicas", 6],
  ["/autoScaler/refreshPeriodInSeconds", 5],
  ["/autoScaler/targetUtilization", 55],
  ["/dataCollection/storageEnabled", true],
  ["/authEnabled", false],
  ["/containerResourceRequirements/cpu", 0.5],
  ["/containerResourceRequirements/cpuLimit", 1],
  ["/containerResourceRequirements/memoryInGB", 2],
  ["/containerResourceRequirements/memoryInGBLimit", 3],
  ["/containerResourceRequirements/gpu", 1],
  ["/appInsightsEnabled", true],
  ["/scoringTimeoutMs", 1234],
  ["/maxConcurrentRequestsPerContainer", 9],
  ["/maxQueueWaitMs", 99],
  ["/livenessProbeRequirements/periodSeconds", 21],
  ["/livenessProbeRequirements/initialDelaySeconds", 22],
  ["/livenessProbeRequirements/timeoutSeconds", 23],
  ["/livenessProbeRequirements/successThreshold", 2],
  ["/livenessProbeRequirements/failureThreshold", 7],
  ["/namespace", "ns-two"],
])("%s is deployed, and nothing else moves", async (path, value) => {
  const before = await e.deploy("svc-a");
  const answer = await patch("svc-a", replace(path, value));
  expect([answer.status, (await e.service("svc-a"))["state"]]).toEqual([202, "Transitioning"]);
  e.clock.pass(operationTime);
  const after = await e.service("svc-a");
  expect([after["state"], at(after, path)]).toEqual(["Healthy", value]);
  const rest = (document: object, ...names: string[]) =>
    Object.fromEntries(Object.entries(document).filter(([key]) => !names.includes(key)));
  const moved = [
    "operationId",
    "updatedTime",
    "numReplicas",
    "deploymentStatus",
    "models",
    path.split("/")[1] ?? "",
  ];
  expect(rest(after, ...moved)).toEqual(rest(before, ...moved));
});

it.each<[string, object, object]>([
  ["the tags", replace("/kvTags", { z: "9" }), { kvTags: { z: "9" } }],
  ["no tags", replace("/kvTags", {}), { kvTags: {} }],
  ["one tag", [{ op: "add", path: "/kvTags/b", value: "2" }], { kvTags: { a: "1", b: "2" } }],
  ["a tag less", [{ op: "remove", path: "/kvTags/a" }], { kvTags: {} }],
  ["a new property", [{ op: "add", path: "/properties/q", value: "2" }], { properties: { p: "1", q: "2" } }],
  [
    "a property with its value",
    [{ op: "add", path: "/properties/p", value: "1" }],
    { properties: { p: "1" } },
  ],
  [
    "an escaped property",
    [{ op: "add", path: "/properties/a~1b~0c", value: "2" }],
    { properties: { p: "1", "a/b~c": "2" } },
  ],
  ["a description", replace("/description", "new"), { description: "new" }],
  ["an empty description", replace("/description", ""), { description: "" }],
  ["no description", [{ op: "remove", path: "/description" }], { description: null }],
  ["an empty patch", [], { description: "first" }],
])("%s: done at once, the answer is the service", async (_, operations, expected) => {
  const before = await e.deploy("svc-a", {
    kvTags: { a: "1" },
    properties: { p: "1" },
    description: "first",
  });
  const answer = await patch("svc-a", operations);
  expect([answer.status, answer.body["operationId"]]).toEqual([200, before["operationId"]]);
  expect(answer.body).toMatchObject({ ...expected, state: "Healthy" });
  expect(await e.service("svc-a")).toEqual(answer.body);
});

it.each<[string, unknown, string]>([
  ["a changed property", [{ op: "add", path: "/properties/p", value: "2" }], "ImmutableProperty"],
  [
    "one property with two values",
    [
      { op: "add", path: "/properties/q", value: "1" },
      { op: "add", path: "/properties/q", value: "2" },
    ],
    "ImmutableProperty",
  ],
  ["a replaced property", replace("/properties/p", "2"), "ImmutableProperty"],
  ["a removed property", [{ op: "remove", path: "/properties/p" }], "ImmutableMember"],
  ["all properties", replace("/properties", {}), "ImmutableMember"],
  ["a property that is not escaped", [{ op: "add", path: "/properties/a/b", value: "2" }], "ImmutableMember"],
  ["a property that is a number", [{ op: "add", path: "/properties/n", value: 2 }], "InvalidValue"],
  ["the name", replace("/name", "other"), "ImmutableMember"],
  ["the compute", replace("/computeName", "other"), "ImmutableMember"],
  ["the compute type", replace("/computeType", "ACI"), "ImmutableMember"],
  ["the state", replace("/state", "Healthy"), "ImmutableMember"],
  ["the keys", replace("/keys/primaryKey", "k"), "ImmutableMember"],
  ["blobfuse", replace("/storageInitEnabled", true), "ImmutableMember"],
  ["an unknown member", replace("/cpu", 1), "ImmutableMember"],
  ["a removed number", [{ op: "remove", path: "/scoringTimeoutMs" }], "ImmutableMember"],
  ["a null number", replace("/scoringTimeoutMs", null), "InvalidValue"],
  ["replicas under autoscaling", replace("/numReplicas", 2), "InvalidAutoScaler"],
  ["a min above the max", replace("/autoScaler/minReplicas", 11), "InvalidAutoScaler"],
  ["both ways of authentication", replace("/aadAuthEnabled", true), "InvalidAuth"],
  [
    "a limit below the live request",
    replace("/containerResourceRequirements/cpuLimit", 0.05),
    "InvalidResources",
  ],
  [
    "a request above the live limit",
    replace("/containerResourceRequirements/memoryInGB", 9),
    "InvalidResources",
  ],
  [
    "an unsupported model",
    replace("/environmentImageRequest", { modelIds: ["torch:1"] }),
    "UnsupportedFramework",
  ],
  ["no model", replace("/environmentImageRequest", { modelIds: [] }), "InvalidModels"],
  ["an operation with no value", [{ op: "replace", path: "/namespace" }], "InvalidPatch"],
  ["an unknown operation", [{ op: "move", path: "/namespace", from: "/description" }], "InvalidPatch"],
  ["a path that is no pointer", [{ op: "replace", path: "namespace", value: "n" }], "InvalidPatch"],
  ["removing a tag that is not there", [{ op: "remove", path: "/kvTags/none" }], "InvalidPatch"],
  ["an object", { op: "replace" }, "InvalidPatch"],
  ["a list of texts", ["x"], "InvalidPatch"],
])("%s is a 400, and nothing changes", async (_, operations, code) => {
  const before = await e.deploy("svc-a", {
    properties: { p: "1" },
    containerResourceRequirements: { memoryInGBLimit: 4 },
  });
  const answer = await patch("svc-a", operations);
  expect([answer.status, answer.body["details"]?.[0].code]).toEqual([400, code]);
  expect(await e.service("svc-a")).toEqual(before);
});

test("one bad operation refuses the whole patch", async () => {
  await e.deploy("svc-a");
  const answer = await patch("svc-a", [...replace("/description", "new"), ...replace("/name", "x")]);
  expect([answer.status, (await e.service("svc-a"))["description"]]).toEqual([400, null]);
});

test("request and limit can be raised together", async () => {
  await e.deploy("svc-a", { containerResourceRequirements: { cpu: 0.5, cpuLimit: 1 } });
  const root = "/containerResourceRequirements";
  const answer = await patch("svc-a", [...replace(`${root}/cpu`, 2), ...replace(`${root}/cpuLimit`, 3)]);
  expect(answer.status).toBe(202);
  expect((await e.service("svc-a"))["containerResourceRequirements"]).toMatchObject({ cpu: 2, cpuLimit: 3 });
});

test("autoscaling off keeps the live count; autoscaling on brings it between the bounds", async () => {
  await e.deploy("svc-a", { autoScaler: { autoscaleEnabled: true, minReplicas: 3 } });
  await patch("svc-a", replace("/autoScaler/autoscaleEnabled", false));
  e.clock.pass(operationTime);
  expect(await e.service("svc-a")).toMatchObject({ numReplicas: 3, autoScaler: { autoscaleEnabled: false } });
  await patch("svc-a", replace("/numReplicas", 20));
  e.clock.pass(operationTime);
  await patch("svc-a", replace("/autoScaler/autoscaleEnabled", true));
  expect((await e.service("svc-a"))["numReplicas"]).toBe(10);
});

test("a running operation is a 409, a missing service a 404", async () => {
  await e.call("POST", "/services", minimal("svc-a"));
  const busy = await patch("svc-a", replace("/description", "x"));
  expect([busy.status, busy.body["details"][0].code]).toEqual([409, "OperationInProgress"]);
  expect((await patch("none", replace("/description", "x"))).status).toBe(404);
});

test("image and environment do not replace each other; a service without code can take an image", async () => {
  await e.deploy("svc-i", { environmentImageRequest: null, imageId: "img:1" });
  expect((await patch("svc-i", replace("/imageId", "img:2"))).status).toBe(202);
  e.clock.pass(operationTime);
  const environment = { modelIds: [], environment: { name: "env" } };
  expect((await patch("svc-i", replace("/environmentImageRequest", environment))).status).toBe(400);
  expect((await patch("svc-i", replace("/environmentImageRequest", { modelIds: ["sk:1"] }))).status).toBe(
    202,
  );
  expect(await e.service("svc-i")).toMatchObject({ imageId: null, models: [{ id: "sk:1" }] });
  await e.deploy("svc-e", { environmentImageRequest: environment });
  expect((await patch("svc-e", replace("/imageId", "img:1"))).status).toBe(400);
  await e.deploy("svc-n");
  expect((await patch("svc-n", replace("/imageId", "img:1"))).status).toBe(202);
  expect(await e.service("svc-n")).toMatchObject({
    imageId: "img:1",
    environmentImageRequest: null,
    models: [],
  });
});

test("any text is a tag, and any key a property", async () => {
  await e.deploy("svc-a");
  const escape = (key: string) => key.replaceAll("~", "~0").replaceAll("/", "~1");
  let sent: Record<string, string> = {};
  const texts = fc.dictionary(fc.string({ unit: "grapheme", minLength: 1 }), fc.string({ unit: "grapheme" }));
  await fc.assert(
    fc.asyncProperty(texts, async (map) => {
      const fresh = Object.entries(map).filter(([key]) => !Object.hasOwn(sent, key) && key !== "__proto__");
      const added = fresh.map(([key, value]) => ({ op: "add", path: `/properties/${escape(key)}`, value }));
      const tags = Object.fromEntries(Object.entries(map).filter(([key]) => key !== "__proto__"));
      const answer = await patch("svc-a", [...replace("/kvTags", tags), ...added]);
      sent = { ...sent, ...Object.fromEntries(fresh) };
      expect(answer.status).toBe(200);
      expect(answer.body["kvTags"]).toEqual(tags);
      expect(answer.body["properties"]).toEqual(sent);
    }),
    { numRuns: 40 },
  );
});

describe("the files of a seeded service's code, which nobody uploaded here", () => {
  const environmentImageRequest = {
    driverProgram: "score.py",
    modelIds: ["sk:1"],
    assets: [{ id: "score.py", url: "aml://artifact/LocalUpload/score.py" }],
  };

  it("are not asked for by what leaves the code alone, and are by what builds an image anew", async () => {
    const seeded = await emulated({ seed: { services: [{ ...minimal("svc-a"), environmentImageRequest }] } });
    const after = async (path: string, value: unknown) => {
      expect((await seeded.call("PATCH", "/services/svc-a", replace(path, value))).status).toBe(202);
      seeded.clock.pass(operationTime);
      return (await seeded.service("svc-a"))["state"] as string;
    };
    const newCode = { ...environmentImageRequest, modelIds: ["onnx:2"] };
    const states = [
      await after("/containerResourceRequirements/cpu", 0.5),
      await after("/environmentImageRequest", newCode),
      await after("/containerResourceRequirements/cpu", 0.6),
    ];
    await seeded.close();
    expect(states).toEqual(["Healthy", "Failed", "Failed"]);
  });
});
