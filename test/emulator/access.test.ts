import { emulated, operationTime, type Emulated } from "./emulated";

let e: Emulated;
beforeEach(async () => {
  e = await emulated({ tokenLifetime: 100 });
});
afterEach(() => e.close());

const score = (name: string, secret?: string, body: unknown = { data: [1] }, type = "application/json") =>
  e.plain("POST", `${e.url}/api/v1/service/${name}/score`, body, {
    "Content-Type": type,
    ...(secret === undefined ? {} : { Authorization: `Bearer ${secret}` }),
  });
const keys = async (name: string) => (await e.call("POST", `/services/${name}/listkeys`)).body;

async function regenerate(name: string, body: object) {
  const answer = await e.call("POST", `/services/${name}/regenerateKeys`, body);
  e.clock.pass(operationTime);
  return answer.status;
}

test("keys are generated, or the ones that were given", async () => {
  await e.deploy("svc-a");
  const { primaryKey, secondaryKey } = await keys("svc-a");
  expect(primaryKey).toMatch(/^[A-Za-z0-9]{32}$/);
  expect(primaryKey).not.toBe(secondaryKey);
  await e.deploy("svc-b", { keys: { primaryKey: "one", secondaryKey: null } });
  expect((await keys("svc-b"))["primaryKey"]).toBe("one");
});

test("a regenerated key is in place when the operation has succeeded, and only that key", async () => {
  await e.deploy("svc-a", { keys: { primaryKey: "one", secondaryKey: "two" } });
  const answer = await e.call("POST", "/services/svc-a/regenerateKeys", {
    keyType: "Primary",
    keyValue: null,
  });
  expect([answer.status, await keys("svc-a")]).toEqual([202, { primaryKey: "one", secondaryKey: "two" }]);
  e.clock.pass(operationTime);
  const { primaryKey, secondaryKey } = await keys("svc-a");
  expect([primaryKey === "one", secondaryKey]).toEqual([false, "two"]);
  expect(await regenerate("svc-a", { keyType: "Secondary", keyValue: "chosen" })).toBe(202);
  expect(await keys("svc-a")).toEqual({ primaryKey, secondaryKey: "chosen" });
  expect(await regenerate("svc-a", { keyType: "primary" })).toBe(400);
});

test("scoring shows the service, its models and the input to a bearer of either key", async () => {
  await e.deploy("svc-a", { keys: { primaryKey: "one", secondaryKey: "two" } });
  const answer = await score("svc-a", "one");
  expect([answer.status, answer.body]).toEqual([
    200,
    { service: "svc-a", models: ["sk:1"], input: { data: [1] } },
  ]);
  expect((await score("svc-a", "two")).status).toBe(200);
});

it.each([
  ["no key", undefined],
  ["a wrong key", "wrong"],
  ["the workspace's token", "a-token"],
])("scoring with %s is a 401", async (_, secret) => {
  await e.deploy("svc-a");
  expect((await score("svc-a", secret)).status).toBe(401);
});

test("a token opens its own service until it expires", async () => {
  await e.deploy("svc-a", { aadAuthEnabled: true });
  await e.deploy("svc-b", { aadAuthEnabled: true });
  const { status, body } = await e.call("POST", "/services/svc-a/token");
  const now = Math.floor(e.clock.now() / 1000);
  expect([status, body]).toEqual([
    201,
    { accessToken: expect.any(String), tokenType: "Bearer", refreshAfter: now + 50, expiryOn: now + 100 },
  ]);
  const accessToken = body["accessToken"] as string;
  expect((await score("svc-a", accessToken)).status).toBe(200);
  expect((await score("svc-b", accessToken)).status).toBe(401);
  expect((await score("svc-a", (await keys("svc-a"))["primaryKey"])).status).toBe(401);
  e.clock.pass(100_000);
  expect((await score("svc-a", accessToken)).status).toBe(401);
  const next = (await e.call("POST", "/services/svc-a/token")).body["accessToken"] as string;
  expect([(await score("svc-a", next)).status, (await score("svc-a", accessToken)).status]).toEqual([
    200, 401,
  ]);
});

test("a token ends with its service", async () => {
  await e.deploy("svc-a", { aadAuthEnabled: true });
  const { accessToken } = (await e.call("POST", "/services/svc-a/token")).body;
  await e.call("DELETE", "/services/svc-a");
  e.clock.pass(operationTime);
  await e.deploy("svc-a", { aadAuthEnabled: true });
  expect((await score("svc-a", accessToken)).status).toBe(401);
});

test("a service without token authentication gives no token", async () => {
  await e.deploy("svc-a");
  const { status, body } = await e.call("POST", "/services/svc-a/token");
  expect([status, body["details"][0].code]).toEqual([400, "TokenAuthDisabled"]);
});

test("an open service needs neither, and the auth mode can change", async () => {
  await e.deploy("svc-a", { authEnabled: false });
  expect((await score("svc-a")).status).toBe(200);
  await e.call("PATCH", "/services/svc-a", [{ op: "replace", path: "/authEnabled", value: true }]);
  e.clock.pass(operationTime);
  expect((await score("svc-a")).status).toBe(401);
});

it.each([
  ["JSON", "application/json", "[1,2]", 200, [1, 2]],
  ["text", "text/plain", "hello", 200, "hello"],
  ["bytes", "application/octet-stream", new Uint8Array([0, 255]), 200, "AP8="],
  ["broken JSON", "application/json", "{", 400, undefined],
])("scoring with %s", async (_, type, body, status, input) => {
  await e.deploy("svc-a", { authEnabled: false });
  const answer = await score("svc-a", undefined, body, type);
  expect([answer.status, answer.body["input"]]).toEqual([status, input]);
});

test("a service that is not up answers 503, a missing one 404", async () => {
  await e.call("POST", "/services", {
    name: "svc-a",
    computeType: "AKS",
    computeName: "aks-a",
    authEnabled: false,
    environmentImageRequest: { modelIds: ["sk:1"] },
  });
  expect((await score("svc-a")).status).toBe(503);
  expect((await score("none")).status).toBe(404);
});

test("the swagger document describes the scoring path", async () => {
  const service = await e.deploy("svc-a");
  const { status, body } = await e.plain("GET", service["scoringUri"].replace(/score$/, "swagger.json"));
  expect([status, Object.keys(body["paths"])]).toEqual([200, ["/api/v1/service/svc-a/score"]]);
});

test("logs: the last lines, and the init container's", async () => {
  await e.deploy("svc-a");
  const read = async (query: string) =>
    (await e.call("GET", `/services/svc-a/logs?${query}`)).body["content"] as string;
  expect(await read("tail=5000&init=False")).toContain("sk:1");
  expect((await read("tail=1&init=false")).split("\n")).toHaveLength(1);
  expect(await read("tail=5000&init=True")).toContain("init container");
  expect((await e.call("GET", "/services/none/logs")).status).toBe(404);
});
