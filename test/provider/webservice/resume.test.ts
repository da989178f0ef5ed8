import { ResourceInitFailed } from "../../../provider/host/init-failed";
import { failure, startStage, STAMP, type Stage, type Values } from "./stage";

jest.setTimeout(30_000);

const HOUR = 3_600_000;
let stage: Stage;
beforeEach(async () => {
  stage = await startStage({ operationTime: 5_000 });
});
afterEach(() => stage.close());

/** What a create leaves that is killed after its POST. */
const leaveHalfMade = async (news: Values = {}): Promise<void> => {
  const inputs = await stage.inputs(news);
  const body = {
    name: "fraud",
    computeType: "AKS",
    computeName: inputs["computeTargetName"],
    environmentImageRequest: { modelIds: inputs["models"] },
    properties: { ...(inputs["properties"] as object), "pulumi-created-by": inputs["__createdBy"] },
    containerResourceRequirements: { cpu: inputs["cpuCores"] ?? null },
  };
  expect((await stage.call("POST", "/services", body)).status).toBe(202);
};

const posts = () => stage.bodies("POST", /\/services$/);

describe("a create that meets its own half-made service", () => {
  it("carries on while it is still being deployed", async () => {
    await leaveHalfMade();
    const { outs } = await stage.provider.create(await stage.inputs());
    expect(outs).toMatchObject({ state: "Healthy" });
    expect(stage.bodies("PATCH", /./)).toEqual([]);
    expect(posts()).toHaveLength(2);
  });

  it("takes it when it has become Healthy, is new, and is what create would send", async () => {
    await leaveHalfMade({ cpuCores: 0.5 });
    stage.clock.advance(23 * HOUR);
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
    expect(error.message).toContain("Choose another serviceName, or set `adopt: true`");
    expect(await stage.document()).toEqual(before);
  };

  it("by a stranger is an error that says how to go on", async () => {
    await leaveHalfMade({ __createdBy: "someone-else" });
    await refused();
  });

  it("by its own service of more than a day ago is one too", async () => {
    await leaveHalfMade();
    stage.clock.advance(25 * HOUR);
    await refused();
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
