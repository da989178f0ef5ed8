import { DeploymentError } from "../../../provider/webservice/deployment-error";
import { ResourceInitFailed } from "../../../provider/host/init-failed";
import { failure, initError, plain, startStage, type Stage, type Values } from "./stage";

jest.setTimeout(30_000);

const MINUTE = 60_000;
let stage: Stage;
beforeEach(async () => {
  stage = await startStage({ operationTime: 50 });
});
afterEach(() => stage.close());

const onCreate = (operation: object) =>
  stage.emulator.addFault({ method: "POST", path: "/services$", operation } as never);

describe("create succeeds only", () => {
  it("when the operation has Succeeded and the service is Healthy", async () => {
    const { id, outputs } = await stage.create();
    expect(id).toBe(`${stage.emulator.workspaceId}/services/fraud`);
    expect(outputs).toMatchObject({ state: "Healthy", name: "fraud", computeTargetName: "aks-prod" });
    expect(outputs).not.toHaveProperty("__unfinished");
  });

  it("when a service that is Unhealthy at first has passed its probes in time", async () => {
    const body = { ...(await keptAs({})), state: "Unhealthy" };
    stage.emulator.addFault({ method: "GET", path: "/services/fraud$", times: 3, status: 200, body });
    expect((await stage.create()).outputs).toMatchObject({ state: "Healthy" });
  });

  it("and not when it is still Unhealthy a minute after its deployment", async () => {
    onCreate({ outcome: "crashLoop" });
    const start = stage.clock.now();
    const error = await initError(stage.provider.create(await stage.inputs()));
    expect(error.reasons[0]).toMatch(/^CrashLoop: /);
    expect(Math.round((stage.clock.now() - start) / MINUTE)).toBe(1);
  });

  it("by the deadline, 60 minutes by default", async () => {
    onCreate({ outcome: "stuck" });
    const start = stage.clock.now();
    const error = await initError(stage.provider.create(await stage.inputs()));
    expect(Math.round((stage.clock.now() - start) / MINUTE)).toBe(60);
    expect(error.reasons[0]).toMatch(
      /^DeploymentTimedOut: the service "fraud" is not Healthy: Transitioning/,
    );
  });

  it("by the deadline that `timeouts` says", async () => {
    onCreate({ outcome: "stuck" });
    const start = stage.clock.now();
    await initError(stage.provider.create(await stage.inputs({ timeouts: { create: "90s" } })));
    expect(Math.round((stage.clock.now() - start) / 1000)).toBe(90);
  });

  it("when what was asked is live", async () => {
    const inputs = await stage.inputs({ cpuCores: 0.5, tags: { release: "1" } });
    // The service takes the request and keeps another value: an edit that lands while it is being deployed.
    stage.emulator.addFault({
      method: "GET",
      path: "/services/fraud$",
      times: 1,
      status: 200,
      body: await keptAs({ cpu: 0.25 }),
    });
    const error = await initError(stage.provider.create(inputs));
    expect(error.reasons[0]).toContain(
      "NotAsAsked: the service is Healthy and took the request, but cpuCores is 0.25 and not 0.5.",
    );
    expect(error.properties).toMatchObject({ __unfinished: true });
  });

  it("with no false alarm on what the service leaves out or writes in another way", async () => {
    const body = { ...(await keptAs({ cpu: 0.5 })) };
    delete body["livenessProbeRequirements"];
    delete body["environmentImageRequest"];
    body["kvTags"] = { b: "2", a: "1" };
    stage.emulator.addFault({ method: "GET", path: "/services/fraud$", times: 1, status: 200, body });
    const inputs = await stage.inputs({
      cpuCores: 0.5,
      periodSeconds: 7,
      tags: { a: "1", b: "2" },
      description: "",
    });
    const { outs } = await stage.provider.create(inputs);
    expect(outs).toMatchObject({ state: "Healthy", cpuCores: 0.5 });
  });
});

/** A Healthy service's document with other resources. */
const keptAs = async (resources: object): Promise<Values> => {
  const other = await startStage({ operationTime: 0 });
  await other.create({ tags: { release: "1" } });
  const document = await other.document();
  await other.close();
  return {
    ...document,
    containerResourceRequirements: { ...(document["containerResourceRequirements"] as object), ...resources },
  };
};

describe("what goes wrong before the service accepts the create", () => {
  it.each<[string, object]>([
    ["a refusal", { status: 400, body: { code: "BadRequest", message: "cpu is too small" } }],
    ["a missing role", { status: 403, body: { code: "Forbidden", message: "no write" } }],
    ["a gateway's page", { status: 403, body: "<html><title>Sign in</title></html>" }],
  ])("%s is a plain error, so that the state stays as it was", async (_, fault) => {
    stage.emulator.addFault({ method: "POST", path: "/services$", ...fault });
    const error = await failure(stage.provider.create(await stage.inputs()));
    expect(error).not.toBeInstanceOf(ResourceInitFailed);
    expect(error.message).toMatch(/^Cannot create service "fraud": /);
    expect(`${error}: ${error.stack}`).toBe("pulumi-azureml: see the error of the resource");
  });

  it("an outcome that nobody knows is a plain error, and the next create carries on", async () => {
    stage.emulator.addFault({ method: "POST", path: "/services$", cutAfter: true });
    stage.emulator.addFault({ method: "GET", path: "/services/fraud$", status: 403, times: 1 });
    const inputs = await stage.inputs();
    const error = await failure(stage.provider.create(inputs));
    expect(error).not.toBeInstanceOf(ResourceInitFailed);
    expect(error.message).toContain("OutcomeUnknown");
    expect(error.message).toContain("it carries on with it and makes no second one");
    const { outs } = await stage.provider.create(inputs);
    expect(outs).toMatchObject({ state: "Healthy" });
    expect(stage.bodies("POST", /\/services$/)).toHaveLength(2);
  });
});

describe("what goes wrong after the service accepted the create", () => {
  const failing: [string, object, RegExp][] = [
    [
      "a failed deployment",
      { outcome: "failed", error: { code: "Bad", statusCode: 400, message: "no", details: [] } },
      /^DeploymentFailed: /,
    ],
    ["a cancelled one", { outcome: "cancelled" }, /^DeploymentCancelled: /],
    ["one that the service gave up", { outcome: "timedOut" }, /^DeploymentTimedOut: /],
    ["a crash", { outcome: "crashLoop" }, /^CrashLoop: /],
  ];
  it.each(failing)("%s is an init error that keeps the resource", async (_, operation, first) => {
    onCreate(operation);
    const inputs = await stage.inputs({ primaryKey: "super-secret-1", timeouts: { delete: "7m" } });
    const error = await initError(stage.provider.create(inputs));
    expect(error.id).toBe(`${stage.emulator.workspaceId}/services/fraud`);
    expect(error.properties).toMatchObject({
      __provider: inputs["__provider"],
      name: "fraud",
      timeouts: { delete: "7m" },
    });
    expect(error.reasons[0]).toMatch(first);
    expect(error.reasons).toHaveLength(1);
    expect(error.reasons[0]).toMatch(/`pulumi up`/);
    expect(JSON.stringify(error.properties)).not.toContain("super-secret-1");
    expect(JSON.parse(JSON.stringify(error.properties))).toEqual(error.properties);
  });

  it("an operation that the workspace forgets is none: the service itself tells how it ends", async () => {
    onCreate({ outcome: "lost" });
    const { outs } = await stage.provider.create(await stage.inputs());
    expect(outs).toMatchObject({ state: "Healthy" });
    expect(stage.bodies("POST", /\/services$/)).toHaveLength(1);
  });

  it("an operation that the workspace forgets with its service is one", async () => {
    onCreate({ outcome: "lost" });
    const gone = { status: 404, body: { code: "NotFound", statusCode: 404 } };
    stage.emulator.addFault({ method: "GET", path: "/services/fraud$", times: 99, ...gone });
    const error = await initError(stage.provider.create(await stage.inputs()));
    expect(error.reasons[0]).toMatch(/^OperationLost: /);
  });

  it("a credential that ends in the middle is one too", async () => {
    stage.emulator.addFault({ path: "/operations/", times: 100, status: 401 });
    const error = await initError(stage.provider.create(await stage.inputs()));
    expect(error.reasons[0]).toContain("CredentialRefused");
    expect(error.reasons.at(-1)).toContain("run `pulumi up` again to carry on");
  });

  it("a service that was deleted meanwhile is one too, without anything undefined in it", async () => {
    stage.emulator.addFault({
      method: "GET",
      path: "/services/fraud$",
      times: 9,
      status: 404,
      body: { code: "NotFound", statusCode: 404 },
    });
    const error = await initError(stage.provider.create(await stage.inputs()));
    expect(error.reasons[0]).toMatch(/^ServiceGone: /);
    expect(JSON.parse(JSON.stringify(error.properties))).toEqual(error.properties);
  });

  it("then `up` repairs it: the definition is posted again over it", async () => {
    onCreate({ outcome: "failed" });
    const inputs = await stage.inputs({ cpuCores: 0.5 });
    const error = await initError(stage.provider.create(inputs));
    const before = plain(error.properties) as Values;
    stage.emulator.clearRequests();
    const after = await stage.update(error.id, before, inputs);
    expect(after).toMatchObject({ state: "Healthy", cpuCores: 0.5 });
    expect(after).not.toHaveProperty("__unfinished");
    expect(stage.bodies("POST", /\/services$/)).toEqual([
      expect.objectContaining({ name: "fraud", overwrite: true }),
    ]);
  });

  it("too much to be sent back is shortened to what the program manages", async () => {
    onCreate({
      outcome: "failed",
      error: { code: "Bad", statusCode: 400, message: "密".repeat(60_000), details: [] },
    });
    const error = await initError(stage.provider.create(await stage.inputs({ cpuCores: 0.5 })));
    // The trailer holds 64 kB in base64.
    const bytes = Buffer.byteLength(JSON.stringify([error.properties, error.reasons]));
    expect((bytes * 4) / 3).toBeLessThan(60_000);
    expect(error.properties).toMatchObject({ cpuCores: 0.5, serviceName: "fraud" });
  });
});

it("its reasons are the message too", () => {
  expect(new DeploymentError(["a", "b"]).message).toBe("a\nb");
});
