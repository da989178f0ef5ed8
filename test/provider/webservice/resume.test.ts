import { ResourceInitFailed } from "../../../provider/host/init-failed";
import { failure, startStage, STAMP, type Stage, type Values } from "./stage";

jest.setTimeout(30_000);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let stage: Stage;
beforeEach(async () => {
  stage = await startStage({ operationTime: 5_000 });
});
afterEach(() => stage.close());

/** What a create leaves that is killed after its POST. */
const leaveHalfMade = async (news: Values = {}, more: Values = {}): Promise<void> => {
  const inputs = await stage.inputs(news);
  const body = {
    name: "fraud",
    computeType: "AKS",
    computeName: inputs["computeTargetName"],
    environmentImageRequest: { modelIds: inputs["models"] },
    properties: {
      ...(inputs["properties"] as object),
      "pulumi-created-by": `lost.${String(inputs["__createdBy"])}`,
    },
    containerResourceRequirements: { cpu: inputs["cpuCores"] ?? null },
    ...more,
  };
  expect((await stage.call("POST", "/services", body)).status).toBe(202);
};

const posts = () => stage.bodies("POST", /\/services$/);

describe("a create that meets its own half-made service", () => {
  it("carries on while it is still being deployed, claims it, and says so", async () => {
    await leaveHalfMade();
    const { outs } = await stage.provider.create(await stage.inputs());
    expect(outs).toMatchObject({ state: "Healthy", __ownerToken: "token-1" });
    expect(stage.bodies("PATCH", /./)).toEqual([
      [
        {
          op: "add",
          path: "/properties/pulumi-claim-1",
          value: expect.stringMatching(/^token-1 \S+ acme\/shop\/dev$/),
        },
      ],
    ]);
    expect(stage.lines.filter(({ passing }) => !passing).map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Carries on with "fraud", which a create of a resource with this name/),
    ]);
    expect(posts()).toHaveLength(2);
  });

  it("takes it when it has become Healthy, is new, and is what create would send", async () => {
    await leaveHalfMade({ cpuCores: 0.5 });
    stage.clock.advance(59 * MINUTE);
    const { outs } = await stage.provider.create(
      await stage.inputs({ cpuCores: 0.5, blobfuseEnabled: false }),
    );
    expect(outs).toMatchObject({ state: "Healthy", cpuCores: 0.5 });
  });

  it("brings it to what the program says by now, in one PATCH", async () => {
    await leaveHalfMade();
    const { outs } = await stage.provider.create(await stage.inputs({ cpuCores: 0.75 }));
    expect(outs).toMatchObject({ state: "Healthy", cpuCores: 0.75 });
    expect(stage.bodies("PATCH", /./).length).toBeGreaterThan(0);
  });

  it("repairs it when its deployment failed meanwhile", async () => {
    stage.emulator.addFault({ method: "POST", path: "/services$", operation: { outcome: "failed" } });
    await leaveHalfMade();
    stage.clock.advance(10_000);
    const { outs } = await stage.provider.create(await stage.inputs());
    expect(outs).toMatchObject({ state: "Healthy" });
    expect(posts().at(-1)).toMatchObject({ overwrite: true });
  });

  it("says CannotResume when the program has changed what no update can change", async () => {
    await leaveHalfMade();
    const error = await failure(stage.provider.create(await stage.inputs({ computeTargetName: "aks-test" })));
    expect(error).not.toBeInstanceOf(ResourceInitFailed);
    expect(error.message).toMatch(
      /^CannotResume: .*computeTargetName is "aks-prod", the program says "aks-test"/,
    );
    expect(error.message).toContain("Delete it in Azure Machine Learning studio");
  });
});

describe("a create whose name is taken", () => {
  const refused = async (news: Values = {}): Promise<void> => {
    const before = await stage.document();
    stage.emulator.clearRequests();
    const error = await failure(stage.provider.create(await stage.inputs(news)));
    expect(error).not.toBeInstanceOf(ResourceInitFailed);
    expect(error.message).toMatch(/^NameTaken: the workspace \S+ already has a service "fraud"/);
    expect(error.message).toContain("set `adopt: true`, which changes only what differs");
    expect(error.message).toContain("Otherwise choose another serviceName.");
    expect(await stage.document()).toEqual(before);
  };

  it("by a stranger is an error that says how to go on", async () => {
    await leaveHalfMade({ __createdBy: "someone-else" });
    await refused();
  });

  it.each([
    ["that is Healthy", undefined],
    ["that failed", { outcome: "failed" as const }],
  ])("by its own service %s and is older than a create may take is one too", async (_, operation) => {
    if (operation) stage.emulator.addFault({ method: "POST", path: "/services$", operation });
    await leaveHalfMade();
    stage.clock.advance(61 * MINUTE);
    await refused();
  });

  it.each<[string, Values, Values]>([
    ["keys", {}, { primaryKey: "of-the-program" }],
    ["tags", { kvTags: { used: "1" } }, {}],
    ["properties", { properties: { "pulumi-created-by": `lost.${STAMP}`, used: "1" } }, {}],
  ])("by its own Healthy service with other %s than create would make is one too", async (_, left, news) => {
    await leaveHalfMade({}, left);
    stage.clock.advance(MINUTE);
    await refused(news);
  });

  it("by its own half-made service that another stack has claimed since says whose it is", async () => {
    await leaveHalfMade();
    stage.clock.advance(MINUTE);
    const value = "another 2026-11-20T12:00:30.000Z acme/shop/prod";
    await stage.edit("fraud", [{ op: "add", path: "/properties/pulumi-claim-1", value }]);
    const error = await failure(stage.provider.create(await stage.inputs()));
    expect(error.message).toContain(
      "belongs to acme/shop/prod since 2026-11-20T12:00:30.000Z (property pulumi-claim-1)",
    );
    expect(error.message).toMatch(/`aliases`.*`pulumi state move`.*`adopt: true`/);
  });

  it("is resumed again after the resume was cut off, too", async () => {
    await leaveHalfMade();
    stage.clock.advance(MINUTE);
    const value = "lost-again 2026-11-20T12:00:30.000Z acme/shop/dev";
    await stage.edit("fraud", [{ op: "add", path: "/properties/pulumi-claim-1", value }]);
    const { outs } = await stage.provider.create(await stage.inputs());
    expect(outs).toMatchObject({
      properties: { "pulumi-claim-2": expect.stringMatching(/^token-1 /) as string },
    });
  });

  it("by its own Healthy service that is not what create would send is one too", async () => {
    await leaveHalfMade();
    stage.clock.advance(HOUR);
    await refused({ cpuCores: 2 });
  });

  it("by a service of another type is NotAnAksService", async () => {
    const body = {
      name: "fraud",
      computeType: "ACI",
      state: "Healthy",
      properties: { "pulumi-created-by": STAMP },
    };
    stage.emulator.addFault({
      method: "POST",
      path: "/services$",
      status: 409,
      body: { code: "ServiceAlreadyExists", message: "already exists" },
    });
    stage.emulator.addFault({ method: "GET", path: "/services/fraud$", status: 200, body });
    const error = await failure(stage.provider.create(await stage.inputs()));
    expect(error.message).toMatch(/^NotAnAksService: "fraud" is a web service of type ACI/);
  });
});
