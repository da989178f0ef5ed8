import { failure, initError, plainValues, startStage, type Stage } from "./stage";

jest.setTimeout(30_000);

const MINUTE = 60_000;
let stage: Stage;
beforeEach(async () => {
  stage = await startStage({ operationTime: 50 });
});
afterEach(() => stage.close());

describe("delete", () => {
  it("deletes the service and waits until it is gone", async () => {
    const { id, outputs } = await stage.create();
    await stage.provider.delete(id, outputs);
    expect((await stage.call("GET", "/services/fraud")).status).toBe(404);
  });

  it("of what is not there any more is a success", async () => {
    const { id, outputs } = await stage.create();
    await stage.provider.delete(id, outputs);
    await stage.provider.delete(id, outputs);
  });

  it("ends what a failed create left", async () => {
    stage.emulator.addFault({ method: "POST", path: "/services$", operation: { outcome: "failed" } });
    const { id, properties } = await initError(stage.create());
    await stage.provider.delete(id, plainValues({ ...properties }));
    expect((await stage.call("GET", "/services/fraud")).status).toBe(404);
  });

  it("that fails is an error with the operation and its log", async () => {
    const { id, outputs } = await stage.create();
    stage.emulator.addFault({
      method: "DELETE",
      operation: {
        outcome: "failed",
        log: ["finalizer hangs"],
        error: { code: "Locked", statusCode: 409, message: "a lock", details: [] },
      },
    });
    const error = await failure(stage.provider.delete(id, outputs));
    expect(error.message).toMatch(
      /^DeleteFailed: the service "fraud" is still there: operation \S+ ended Failed\.\nLocked: a lock/,
    );
    expect(error.message).toContain("finalizer hangs");
    expect(error.message).toContain("Correct the cause and run the same command again.");
  });

  it("ends after 20 minutes, or what `timeouts` said at the last update", async () => {
    const first = await stage.create();
    const { outputs } = await stage.create({ serviceName: "other-fraud", timeouts: { delete: "3m" } });
    const other = first.id.replace("services/fraud", "services/other-fraud");
    for (const [id, values, minutes] of [
      [first.id, first.outputs, 20],
      [other, outputs, 3],
    ] as const) {
      stage.emulator.addFault({ method: "DELETE", operation: { outcome: "stuck" } });
      const start = stage.clock.now();
      const error = await failure(stage.provider.delete(id, values));
      expect(error.message).toMatch(/^DeleteTimedOut: the service "\S+" was still being deleted/);
      expect(Math.round((stage.clock.now() - start) / MINUTE)).toBe(minutes);
    }
  });

  it("never touches a service of another type", async () => {
    const { id, outputs } = await stage.create();
    stage.emulator.addFault({
      method: "GET",
      path: "/services/fraud$",
      status: 200,
      body: { computeType: "ACI", name: "fraud" },
    });
    expect((await failure(stage.provider.delete(id, outputs))).message).toMatch(
      /^NotAnAksService: .*type ACI/,
    );
    expect(stage.bodies("DELETE", /./)).toEqual([]);
  });

  it.each(["Migrated", "Migrating"])(
    "of a service that is %s is refused, with nothing sent",
    async (state) => {
      const { id, outputs } = await stage.create();
      const body = { ...(await stage.document()), state };
      stage.emulator.addFault({ method: "GET", path: "/services/fraud$", times: 9, status: 200, body });
      expect((await failure(stage.provider.delete(id, outputs))).message).toMatch(
        /^Migrated: the service "fraud" .*pulumi state delete 'urn:pulumi:\S+::fraud'/,
      );
      expect(stage.bodies("DELETE", /./)).toEqual([]);
    },
  );

  it("does not believe a single 404, even the service's own", async () => {
    const { id, outputs } = await stage.create();
    stage.emulator.addFault({
      method: "GET",
      path: "/services/fraud$",
      status: 404,
      body: { code: "WebserviceNotFound", message: "none" },
    });
    await stage.provider.delete(id, outputs);
    expect(stage.bodies("DELETE", /./)).toHaveLength(1);
    expect((await stage.call("GET", "/services/fraud")).status).toBe(404);
  });

  it.each<[string, object, string]>([
    ["a sign-in page", { status: 200, body: "<html><title>Sign in</title></html>" }, "GatewayPage"],
    ["OK", { status: 200, body: "OK" }, "NotJson"],
    ["{}", { status: 200, body: {} }, "UnexpectedAnswer"],
    ["another 2xx", { status: 206, body: "" }, "Cannot delete"],
    ["200 and no effect", { status: 200, body: "" }, "DeleteFailed"],
    ["204 and no effect", { status: 204, body: "" }, "DeleteFailed"],
  ])("that is answered %s is no success while the service is there", async (_, fault, code) => {
    const { id, outputs } = await stage.create();
    stage.emulator.addFault({ method: "DELETE", ...fault });
    expect((await failure(stage.provider.delete(id, outputs))).message).toContain(code);
    expect((await stage.call("GET", "/services/fraud")).status).toBe(200);
  });

  it("waits until the service is seen to be gone", async () => {
    const { id, outputs } = await stage.create();
    const body = await stage.document();
    stage.emulator.addFault({ method: "GET", path: "/services/fraud$", times: 3, status: 200, body });
    await stage.provider.delete(id, outputs);
    expect((await stage.call("GET", "/services/fraud")).status).toBe(404);
    expect(stage.requests().filter((request) => request === "GET /services/fraud").length).toBeGreaterThan(4);
  });

  it.each([
    ["a gateway's page", { times: 9, status: 404, body: "<html>not here</html>" }, "GatewayPage"],
    ["a refusal", { status: 403, body: { code: "Forbidden", message: "no" } }, "Forbidden"],
  ])("of %s is no success", async (_, fault, code) => {
    const { id, outputs } = await stage.create();
    stage.emulator.addFault({ method: "GET", path: "/services/fraud$", ...fault });
    expect((await failure(stage.provider.delete(id, outputs))).message).toContain(code);
  });

  it("says BadId for an id that is none", async () => {
    expect((await failure(stage.provider.delete("fraud", {}))).message).toMatch(/^BadId: .*found "fraud"/);
  });
});
