import { execFile } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { startEmulator, type Emulator } from "../../emulator/index";
import { connect, type ClientSettings, type WorkspaceAddress } from "../../provider/azure/connect";
import type { ServiceError } from "../../provider/azure/errors";
import { keyCredential, score } from "../../provider/azure/scoring";
import type { OperationRef, Webservices } from "../../provider/azure/webservices";
import { ownFolder } from "../harness/own-folder";

const address: WorkspaceAddress = { subscriptionId: "sub-1", resourceGroupName: "rg", workspaceName: "ws" };
const workspaceId =
  "/subscriptions/sub-1/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws";

let emulator: Emulator;
let services: Webservices;

const settings = (env: Record<string, string> = {}): ClientSettings => ({
  config: {},
  env: { AZUREML_ACCESS_TOKEN: emulator.accessToken, AZUREML_DISCOVERY_URL: emulator.discoveryUrl, ...env },
});

beforeEach(async () => {
  emulator = await startEmulator({ workspaceId, operationTime: 20 });
  services = await connect(address, settings(), {});
});
afterEach(() => emulator.close());

const definition = (name: string): object => ({
  name,
  computeType: "AKS",
  computeName: "aks",
  environmentImageRequest: { modelIds: ["sk:1"] },
  properties: { "pulumi-created-by": "stamp" },
  kvTags: {},
});

const done = async (operation: OperationRef | "gone" | undefined): Promise<string> => {
  if (operation === undefined || operation === "gone") return String(operation);
  return (await services.wait(operation, { deadline: Date.now() + 30_000 })).state;
};

const requests = (method: string, end: string): number =>
  emulator.requests().filter((one) => one.method === method && one.path.endsWith(end)).length;

const failure = async (promise: Promise<unknown>): Promise<ServiceError> => {
  const [outcome] = await Promise.allSettled([promise]);
  if (outcome.status === "rejected") return outcome.reason as ServiceError;
  throw new Error("expected a failure, found none");
};

it("takes a service through its life", async () => {
  expect(await services.get("svc")).toBeUndefined();
  expect(await done(await services.create(definition("svc")))).toBe("Succeeded");
  const made = await services.get("svc");
  expect(made).toMatchObject({ name: "svc", state: "Healthy", properties: { "pulumi-created-by": "stamp" } });

  expect(
    await done(await services.patch("svc", [{ op: "replace", path: "/kvTags", value: { a: "1" } }])),
  ).toMatch(/Succeeded|undefined/);
  expect(await services.get("svc")).toMatchObject({ kvTags: { a: "1" } });

  expect(await done(await services.regenerateKey("svc", "Secondary", "a-key-of-mine"))).toBe("Succeeded");
  expect(await services.listKeys("svc")).toMatchObject({ secondaryKey: "a-key-of-mine" });
  const answer = await score(String(made?.["scoringUri"]), { x: 1 }, keyCredential(services, "svc"));
  expect(answer).toMatchObject({ service: "svc", input: { x: 1 } });
  expect(typeof (await services.logs("svc"))).toBe("string");

  const names: unknown[] = [];
  for await (const one of services.list({ computeType: "AKS" })) names.push(one["name"]);
  expect(names).toEqual(["svc"]);

  expect(await done(await services.remove("svc"))).toMatch(/Succeeded|undefined/);
  expect(await services.get("svc")).toBeUndefined();
  expect(await services.remove("svc")).toBe("gone");
});

it("says Conflict for a taken name", async () => {
  await done(await services.create(definition("svc")));
  expect(await failure(services.create(definition("svc")))).toMatchObject({ code: "Conflict", status: 409 });
});

it("waits for the operation that runs before it changes a service", async () => {
  await services.create(definition("svc"));
  expect(await done(await services.remove("svc"))).toMatch(/Succeeded|undefined/);
});

it.each([
  ["was cut before it came in", { cutBefore: true }, 2],
  ["was cut after it came in", { cutAfter: true }, 1],
  ["was answered 500", { status: 500 }, 2],
  ["was answered 429", { status: 429, retryAfter: 0 }, 2],
])("makes one service when the create %s", async (_, fault, posts) => {
  emulator.addFault({ method: "POST", path: "/services$", ...fault });
  expect(await done(await services.create(definition("svc")))).toBe("Succeeded");
  expect(requests("POST", "/services")).toBe(posts);
  expect(await services.get("svc")).toMatchObject({ state: "Healthy" });
});

it("tells why a deployment failed, with its log", async () => {
  emulator.addFault({
    method: "POST",
    path: "/services$",
    operation: { outcome: "failed", log: ["the pod died"] },
  });
  const operation = await services.create(definition("svc"));
  const ended = await services.wait(operation, { deadline: Date.now() + 30_000 });
  expect(ended).toMatchObject({ state: "Failed", subOperation: "DeployService" });
  expect(ended.error).toContain("CrashLoopBackOff");
  expect(await services.operationLog(operation)).toContain("the pod died");
});

it.each(["lost", "stuck"] as const)("ends on an operation that is %s", async (outcome) => {
  emulator.addFault({ method: "POST", path: "/services$", operation: { outcome } });
  const operation = await services.create(definition("svc"));
  const error = await failure(services.wait(operation, { deadline: Date.now() + 1000 }));
  expect(error).toMatchObject({
    code: outcome === "lost" ? "OperationLost" : "TimedOut",
    operationId: operation.operationId,
  });
});

it("waits on while an operation shows a state that nobody knows", async () => {
  emulator.addFault({
    method: "POST",
    path: "/services$",
    operation: { outcome: "unknownState", state: "Queued" },
  });
  const states = new Set<string>();
  const ended = await services.wait(await services.create(definition("svc")), {
    deadline: Date.now() + 30_000,
    onProgress: ({ state }) => void states.add(state),
  });
  expect(ended.state).toBe("Succeeded");
  expect([...states]).toEqual(["Queued", "Succeeded"]);
});

it("does not take another workspace's 404 for an absent service", async () => {
  const elsewhere = await connect({ ...address, subscriptionId: "sub-2" }, settings(), {});
  expect(await failure(elsewhere.get("svc"))).toMatchObject({ code: "WorkspaceNotFound" });
});

it("finds the workspace through ARM", async () => {
  const arm = { AZUREML_DISCOVERY_URL: "", AZUREML_ARM_ENDPOINT: emulator.url };
  const found = await connect(address, settings(arm), {});
  expect(await found.get("svc")).toBeUndefined();
  expect(requests("GET", "/services")).toBe(0);
  const elsewhere = connect({ ...address, workspaceName: "other" }, settings(arm), {});
  expect(await failure(elsewhere)).toMatchObject({ code: "WorkspaceNotFound", status: 404 });
});

it.each(["seconds", "date"] as const)("waits for Retry-After in %s", async (retryAfterAs) => {
  emulator.addFault({ method: "GET", path: "/services/svc$", status: 429, retryAfter: 0, retryAfterAs });
  expect(await services.get("svc")).toBeUndefined();
});

it("shows a gateway's page by its title", async () => {
  emulator.addFault({
    method: "GET",
    path: "/services/svc$",
    times: 9,
    status: 404,
    body: "<html><title>Blocked</title></html>",
  });
  const error = await failure(services.get("svc"));
  expect(error).toMatchObject({ code: "GatewayPage" });
  expect(error.message).toContain('a page titled "Blocked"');
});

describe("in a process of its own, as compiled", () => {
  const run = promisify(execFile);
  const compiled = join(__dirname, "../../dist/provider/azure/connect.js");
  const folder = ownFolder("azureml-client");

  const script = async (code: string, env: Record<string, string> = {}): Promise<string> => {
    const { stdout } = await run(process.execPath, ["-e", code, compiled], {
      env: { ...process.env, ...env },
    });
    return stdout.trim();
  };

  it("loads neither undici nor the identity library before they are needed", async () => {
    const code =
      "require(process.argv[1]);" +
      "console.log(Object.keys(require.cache).filter((file) => /undici|@azure/.test(file)).length)";
    expect(await script(code)).toBe("0");
  });

  it("uses az login, and ends by itself", async () => {
    const token = {
      accessToken: emulator.accessToken,
      expiresOn: "2099-01-01 00:00:00.000000",
      expires_on: 4_070_908_800,
    };
    const az = join(folder, "az");
    writeFileSync(az, `#!/bin/sh\ncat <<'END'\n${JSON.stringify(token)}\nEND\n`);
    chmodSync(az, 0o755);
    const code =
      "require(process.argv[1])" +
      `.connect(${JSON.stringify(address)}, { config: {}, env: process.env })` +
      '.then((services) => services.get("svc")).then((found) => console.log(String(found)))';
    const env = {
      AZUREML_ACCESS_TOKEN: "",
      AZUREML_DISCOVERY_URL: emulator.discoveryUrl,
      AZURE_TOKEN_CREDENTIALS: "AzureCliCredential",
      PATH: [folder, process.env["PATH"]].join(delimiter),
    };
    expect(await script(code, env)).toBe("undefined");
    expect(emulator.requests().some(({ path }) => path.endsWith("/services/svc"))).toBe(true);
  });
});

it("gives up on a server that accepts and never answers, at the caller's deadline", async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((listening) => silent.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  emulator.addFault({ method: "GET", path: "/discovery$", status: 200, body: { modelmanagement: url } });
  const slow = (
    await connect(address, settings({ AZUREML_DISCOVERY_URL: `${emulator.discoveryUrl}?silent` }), {})
  ).within(Date.now() + 300);
  expect(await failure(slow.get("svc"))).toMatchObject({ code: "NoAnswer" });
  silent.closeAllConnections();
  await new Promise((closed) => silent.close(closed));
});

describe("the service's own validation", () => {
  it("judges a create, its capacity and an update, and changes nothing", async () => {
    const operation = await services.create(definition("fraud"));
    await services.wait(operation, { deadline: Date.now() + 60_000 });
    const before = await services.get("fraud");
    const { create, capacity, update } = services.validate;
    expect(await create("other", definition("other"))).toBeUndefined();
    expect(await capacity("other", definition("other"))).toBeUndefined();
    expect(await create("other", { ...definition("other"), computeType: "ACI" })).toContain("computeType");
    expect(await update("fraud", [{ op: "replace", path: "/kvTags", value: { a: "1" } }])).toBeUndefined();
    expect(await update("fraud", [{ op: "replace", path: "/computeName", value: "b" }])).toContain(
      "cannot be changed",
    );
    expect(await services.get("fraud")).toEqual(before);
  });

  it.each([
    ["nothing", ""],
    ["null", "null"],
    ["an empty object", {}],
    ["an error that is null", { error: null }],
  ])("has no objection when it answers %s", async (_, body) => {
    emulator.addFault({ path: "/services/validate", status: 200, body });
    expect(await services.validate.create("fraud", definition("fraud"))).toBeUndefined();
  });

  it.each([400, 403, 404])("is no judgement with a status %s", async (status) => {
    emulator.addFault({ path: "/services/validate", status });
    await expect(services.validate.update("fraud", [])).rejects.toMatchObject({ status });
  });

  it("is no judgement when a page answers", async () => {
    emulator.addFault({ path: "/services/validate", status: 200, body: "<html>sign in</html>" });
    await expect(services.validate.create("fraud", definition("fraud"))).rejects.toMatchObject({
      code: expect.stringMatching(/GatewayPage|NotJson/) as string,
    });
  });
});
