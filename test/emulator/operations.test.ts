import type { OperationFault } from "../../emulator/index";
import { emulated, minimal, operationTime, type Emulated } from "./emulated";

let e: Emulated;
beforeEach(async () => {
  e = await emulated();
});
afterEach(() => e.close());

const begin = (operation: OperationFault, method = "POST", path = "/services$") =>
  e.addFault({ method, path, operation });
const crash = {
  code: "KubernetesDeploymentFailed",
  statusCode: 400,
  message: "m",
  details: [{ code: "C", message: "d" }],
};

it.each<[OperationFault, string, string]>([
  [{ outcome: "failed" }, "Failed", "Failed"],
  [{ outcome: "failed", serviceState: "Unhealthy" }, "Failed", "Unhealthy"],
  [{ outcome: "cancelled" }, "Cancelled", "Failed"],
  [{ outcome: "timedOut" }, "TimedOut", "Failed"],
  [{ outcome: "stuck" }, "Running", "Transitioning"],
  [{ outcome: "crashLoop" }, "Succeeded", "Unhealthy"],
  [{ outcome: "crashLoop", serviceState: "Failed" }, "Succeeded", "Failed"],
  [{ outcome: "unknownState", state: "Paused" }, "Succeeded", "Healthy"],
])("%j ends as %s with the service %s", async (fault, operationState, serviceState) => {
  begin(fault);
  const accepted = await e.call("POST", "/services", minimal("svc-a"));
  const during = (await e.operation(accepted))["state"];
  expect(during).toBe(fault.outcome === "unknownState" ? "Paused" : "Running");
  e.clock.pass(10 * operationTime);
  expect([(await e.operation(accepted))["state"], (await e.service("svc-a"))["state"]]).toEqual([
    operationState,
    serviceState,
  ]);
});

test("a lost operation is a 404, and the service comes up all the same", async () => {
  begin({ outcome: "lost" });
  const accepted = await e.call("POST", "/services", minimal("svc-a"));
  expect(await e.operation(accepted)).toMatchObject({ statusCode: 404, code: "NotFound" });
  e.clock.pass(operationTime);
  expect((await e.service("svc-a"))["state"]).toBe("Healthy");
});

test("a failure tells its error, its operation log and its container log", async () => {
  begin({
    outcome: "failed",
    error: crash,
    log: ["pulling the image"],
    containerLog: "Traceback: no module named x",
  });
  const accepted = await e.call("POST", "/services", minimal("svc-a"));
  e.clock.pass(operationTime);
  const operation = await e.operation(accepted);
  expect(operation["error"]).toEqual(crash);
  expect(operation["operationDetails"]).toEqual({ subOperationType: "DeployService" });
  const log = await e.plain("GET", operation["operationLog"]);
  expect([log.status, log.text]).toEqual([200, expect.stringContaining("pulling the image")]);
  const { content } = (await e.call("GET", "/services/svc-a/logs?tail=5000")).body;
  expect(content).toBe("Traceback: no module named x");
  expect((await e.service("svc-a"))["error"]).toEqual(crash);
});

test("the operation log's URL is signed", async () => {
  const accepted = await e.call("POST", "/services", minimal("svc-a"));
  const url = (await e.operation(accepted))["operationLog"] as string;
  expect((await e.plain("GET", url.replace(/sig=.*/, "sig=x"))).status).toBe(403);
});

test("the streaming log grows, and an offset gives only what is new", async () => {
  const accepted = await e.call("POST", "/services", minimal("svc-a"));
  const id = accepted.headers.get("operation-location")?.split("/").pop();
  const log = async (offset: number) =>
    (await e.call("GET", `/operations/${id}?offset=${offset}`)).body["streamingOperationLog"] as string;
  const first = await log(0);
  expect(first).toMatch(/^(\d{14}\|[^|#]+#)+$/);
  expect(await log(first.length)).toBe("");
  e.clock.pass(operationTime);
  const rest = await log(first.length);
  expect(await log(0)).toBe(first + rest);
  expect(rest).toContain("Succeeded");
});

test("a deployment of code goes through the build phases; a build can fail", async () => {
  const request = {
    ...minimal("svc-a"),
    environmentImageRequest: { modelIds: [], environment: { name: "env" } },
  };
  const phases = async (accepted: Awaited<ReturnType<Emulated["call"]>>) => {
    const seen = [];
    for (const part of [0, 0.4, 0.4]) {
      e.clock.pass(part * operationTime);
      seen.push((await e.operation(accepted))["operationDetails"].subOperationType);
    }
    e.clock.pass(operationTime);
    return seen;
  };
  const good = await phases(await e.call("POST", "/services", request));
  expect(good).toEqual(["BuildEnvironment", "BuildImage", "DeployService"]);
  begin({ outcome: "failed", phase: "BuildImage" });
  const failing = await e.call("POST", "/services", { ...request, name: "svc-b" });
  expect(await phases(failing)).toEqual(["BuildEnvironment", "BuildEnvironment", "BuildImage"]);
  expect((await e.operation(failing))["error"].code).toBe("ImageBuildFailed");
});

test("an error may be nested; it is shown as it was given", async () => {
  const inner = { code: "Inner", message: "deep", details: [{ code: "Innermost", message: "deeper" }] };
  const error = { ...crash, details: [inner] };
  begin({ outcome: "timedOut", error });
  const accepted = await e.call("POST", "/services", minimal("svc-a"));
  e.clock.pass(operationTime);
  expect(await e.operation(accepted)).toMatchObject({ state: "TimedOut", error });
});

test("a tag can be set on a failed service, which stays failed", async () => {
  begin({ outcome: "failed" });
  await e.call("POST", "/services", minimal("svc-a"));
  e.clock.pass(operationTime);
  const answer = await e.call("PATCH", "/services/svc-a", [
    { op: "replace", path: "/kvTags", value: { a: "1" } },
  ]);
  expect([answer.status, answer.body["state"], answer.body["kvTags"]]).toEqual([200, "Failed", { a: "1" }]);
});

test("an update that fails leaves what was deployed behind the scoring URI", async () => {
  await e.deploy("svc-a", { authEnabled: false });
  begin({ outcome: "timedOut" }, "PATCH", "/services/svc-a$");
  const models = { modelIds: ["onnx:2"] };
  await e.call("PATCH", "/services/svc-a", [
    { op: "replace", path: "/environmentImageRequest", value: models },
  ]);
  const uri = `${e.url}/api/v1/service/svc-a/score`;
  expect((await e.plain("POST", uri, {})).body["models"]).toEqual(["sk:1"]);
  e.clock.pass(operationTime);
  expect((await e.service("svc-a"))["state"]).toBe("Failed");
  expect((await e.plain("POST", uri, {})).body["models"]).toEqual(["sk:1"]);
});

test("a crash loop takes the service down until the next deployment", async () => {
  await e.deploy("svc-a", { authEnabled: false });
  const uri = `${e.url}/api/v1/service/svc-a/score`;
  const update = async (value: number) => {
    await e.call("PATCH", "/services/svc-a", [{ op: "replace", path: "/maxQueueWaitMs", value }]);
    e.clock.pass(operationTime);
    return [
      (await e.plain("POST", uri, {})).status,
      (await e.service("svc-a"))["deploymentStatus"].availableReplicas,
    ];
  };
  begin({ outcome: "crashLoop" }, "PATCH", "/services/svc-a$");
  expect(await update(1)).toEqual([503, 0]);
  expect((await e.service("svc-a"))["error"].details[0].code).toBe("CrashLoopBackOff");
  expect((await e.call("GET", "/services/svc-a/logs")).body["content"]).toContain("RuntimeError");
  expect(await update(2)).toEqual([200, 1]);
});

test("a delete ends a stuck deployment; the service is gone when it has succeeded", async () => {
  begin({ outcome: "stuck" });
  const stuck = await e.call("POST", "/services", minimal("svc-a"));
  expect((await e.call("PATCH", "/services/svc-a", [])).status).toBe(409);
  const deleted = await e.call("DELETE", "/services/svc-a");
  expect(deleted.status).toBe(202);
  expect((await e.operation(stuck))["state"]).toBe("Cancelled");
  expect((await e.service("svc-a"))["state"]).toBe("Transitioning");
  e.clock.pass(operationTime);
  expect((await e.operation(deleted))["state"]).toBe("Succeeded");
  expect((await e.call("GET", "/services/svc-a")).status).toBe(404);
  expect((await e.call("DELETE", "/services/svc-a")).status).toBe(204);
});

test("a second delete is the first one", async () => {
  await e.deploy("svc-a");
  const [first, second] = [
    await e.call("DELETE", "/services/svc-a"),
    await e.call("DELETE", "/services/svc-a"),
  ];
  expect(second.headers.get("operation-location")).toBe(first.headers.get("operation-location"));
});

test("a delete that fails leaves the service as it was", async () => {
  await e.deploy("svc-a");
  begin({ outcome: "failed", error: crash }, "DELETE", "/services/svc-a$");
  const deleted = await e.call("DELETE", "/services/svc-a");
  e.clock.pass(operationTime);
  expect((await e.operation(deleted))["error"]).toEqual(crash);
  expect((await e.service("svc-a"))["state"]).toBe("Healthy");
});

test("a migrated service has another compute and refuses updates", async () => {
  await e.deploy("svc-a");
  const computeTarget = `${e.workspaceId}/computes/k8s-a`;
  const migrated = await e.call("POST", "/services/migrate", { serviceName: "svc-a", computeTarget });
  expect([migrated.status, (await e.service("svc-a"))["state"]]).toEqual([202, "Migrating"]);
  e.clock.pass(operationTime);
  expect(await e.service("svc-a")).toMatchObject({ state: "Migrated", computeName: "k8s-a" });
  const refused = await e.call("PATCH", "/services/svc-a", [
    { op: "replace", path: "/description", value: "x" },
  ]);
  expect([refused.status, refused.body["details"][0].code]).toEqual([400, "ServiceMigrated"]);
});

it.each([
  ["a missing service", { serviceName: "none", computeTarget: "/computes/k8s-a" }, 404],
  ["a compute that is no ARM id", { serviceName: "svc-a", computeTarget: "k8s-a" }, 400],
])("migrating %s is refused", async (_, body, status) => {
  await e.deploy("svc-a");
  expect((await e.call("POST", "/services/migrate", body)).status).toBe(status);
});

test("an unknown operation is a 404", async () => {
  expect((await e.call("GET", "/operations/none")).status).toBe(404);
});
