import { failure, plainValues, startStage, type Stage, withoutProvider } from "./stage";

let stage: Stage;
beforeEach(async () => {
  stage = await startStage({ operationTime: 50 });
});
afterEach(() => stage.close());

const gone = async () => {
  const made = await stage.create();
  await stage.call("DELETE", "/services/fraud");
  stage.clock.advance(60_000);
  return made;
};

describe("read", () => {
  it("gives live outputs, and inputs for what the program manages", async () => {
    const { id, outputs, inputs } = await stage.create({ cpuCores: 0.5, tags: { a: "1" } });
    const read = await stage.provider.read(id, outputs);
    expect(read.id).toBe(id);
    expect(plainValues(read.props!)).toEqual(outputs);
    const said = withoutProvider(inputs);
    expect(read.inputs).toEqual(said);
  });

  it("marks the keys as secret in outputs and inputs", async () => {
    const { id, outputs } = await stage.create({ primaryKey: "super-secret-1" });
    const read = await stage.provider.read(id, outputs);
    const secret = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      value: "super-secret-1",
    };
    expect(read.props!["primaryKey"]).toEqual(secret);
    expect(read.inputs!["primaryKey"]).toEqual(secret);
    expect(JSON.stringify({ ...read.props, primaryKey: 0, secondaryKey: 0 })).not.toContain("super-secret-1");
  });

  it("gives {} on the service's own 404 in a workspace that exists", async () => {
    const { id, outputs } = await gone();
    expect(await stage.provider.read(id, outputs)).toEqual({});
  });

  it("does not drop a service for a single 404, even the service's own", async () => {
    const { id, outputs } = await stage.create();
    const body = { code: "WebserviceNotFound", statusCode: 404, message: "none" };
    stage.emulator.addFault({ method: "GET", path: "/services/fraud$", status: 404, body });
    expect(await stage.provider.read(id, outputs)).toMatchObject({ id });
  });

  it.each<[string, object, string]>([
    [
      "a gateway's page with status 404",
      { path: "/services/fraud$", times: 9, status: 404, body: "<html>none</html>" },
      "GatewayPage",
    ],
    ["an empty 404", { path: "/services/fraud$", times: 9, status: 404, body: "" }, "NotFound"],
    [
      "a workspace that does not exist",
      {
        path: "/services",
        times: 9,
        status: 404,
        body: { code: "WorkspaceNotFound", statusCode: 404, message: "no such workspace" },
      },
      "WorkspaceNotFound",
    ],
    [
      "an unknown role",
      { path: "/services/fraud$", status: 403, body: { code: "Forbidden", message: "no" } },
      "Forbidden",
    ],
  ])("does not take %s for a deleted service", async (_, fault, code) => {
    const { id, outputs } = await stage.create();
    stage.emulator.addFault({ method: "GET", ...fault });
    expect((await failure(stage.provider.read(id, outputs))).message).toContain(code);
  });

  it("refuses a service of another type by name", async () => {
    const { id, outputs } = await stage.create();
    stage.emulator.addFault({
      method: "GET",
      path: "/services/fraud$",
      status: 200,
      body: { computeType: "AKSENDPOINT", name: "fraud" },
    });
    expect((await failure(stage.provider.read(id, outputs))).message).toMatch(
      /^NotAnAksService: .*AKSENDPOINT/,
    );
  });
});

describe("get", () => {
  it("reads by id, without inputs", async () => {
    const { id, outputs } = await stage.create();
    const read = await stage.provider.read(id, {});
    expect(read.id).toBe(id);
    expect(read.inputs).toBeUndefined();
    expect(plainValues(read.props!)).toMatchObject({
      scoringUri: outputs["scoringUri"],
      primaryKey: outputs["primaryKey"],
    });
  });

  it("reads by a service's name alone in the configured workspace", async () => {
    const { id } = await stage.create();
    expect((await stage.provider.read("fraud", {})).id).toBe(id);
  });

  it("goes on to refresh by its own outputs", async () => {
    const { id } = await stage.create();
    const { props } = await stage.provider.read("fraud", {});
    expect(await stage.provider.read(id, plainValues(props!))).toMatchObject({ id });
  });

  it("of what is not there is an error, which the engine would not notice otherwise", async () => {
    const { id } = await gone();
    for (const each of [id, "fraud"])
      expect((await failure(stage.provider.read(each, {}))).message).toMatch(
        /^NotFound: there is no service "fraud" in the workspace /,
      );
  });

  it.each(["/subscriptions/a/resourceGroups/b", "Fraud Service", ""])("says BadId for %j", async (id) => {
    expect((await failure(stage.provider.read(id, {}))).message).toMatch(
      /^BadId: expected a service's name or /,
    );
  });

  it("by name without a configured workspace says what to configure", async () => {
    const bare = await startStage({ config: { "azureml:workspaceId": undefined as never } });
    expect((await failure(bare.provider.read("fraud", {}))).message).toMatch(
      /^NoWorkspace: .*pulumi config set azureml:workspaceId/,
    );
    await bare.close();
  });
});
