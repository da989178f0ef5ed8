import { ResourceInitFailed } from "../../../provider/host/init-failed";
import { failure, initError, startStage, type Stage, type Values } from "./stage";

jest.setTimeout(30_000);

let stage: Stage;
beforeEach(async () => {
  stage = await startStage({
    operationTime: 50,
    seed: {
      computes: [{ name: "aks-prod" }, { name: "aks-test" }],
      models: [{ id: "fraud:7", framework: "ScikitLearn" }],
      images: [{ id: "fraud-image:3" }],
    },
  });
});
afterEach(() => stage.close());

const byPython = async (more: Values = {}): Promise<void> => {
  const body = {
    name: "fraud",
    computeType: "AKS",
    computeName: "aks-prod",
    environmentImageRequest: { modelIds: ["fraud:7"] },
    kvTags: { by: "python" },
    properties: { team: "risk" },
    ...more,
  };
  expect((await stage.call("POST", "/services", body)).status).toBe(202);
  stage.clock.advance(1000);
  stage.emulator.clearRequests();
};

const adopt = async (news: Values = {}) =>
  stage.provider.create(await stage.inputs({ adopt: true, ...news }));
const changing = () => stage.requests().filter((request) => !request.startsWith("GET"));

describe("adopt", () => {
  it("makes the service when there is none, and says so: its name may be wrong", async () => {
    expect((await adopt()).outs).toMatchObject({ state: "Healthy" });
    const text = /No service "fraud" is there to adopt: it is made/;
    expect(stage.lines.filter((line) => text.test(line.text))).toHaveLength(1);
  });

  it("sends nothing when nothing differs", async () => {
    await byPython();
    const { outs } = await adopt({ properties: { team: "risk" } });
    expect(outs).toMatchObject({ state: "Healthy", tags: { by: "python" } });
    expect(changing()).toEqual(["POST /services/fraud/listkeys"]);
  });

  it("sends only what differs, with the claim in the same request", async () => {
    await byPython();
    await adopt({ cpuCores: 0.5, properties: { team: "risk", cost: "12" } });
    expect(stage.bodies("PATCH", /./)).toEqual([
      [
        { op: "replace", path: "/containerResourceRequirements/cpu", value: 0.5 },
        { op: "add", path: "/properties/cost", value: "12" },
        {
          op: "add",
          path: "/properties/pulumi-claim-1",
          value: expect.stringMatching(/^token-1 2026-11-20T\S+Z acme\/shop\/dev$/),
        },
      ],
    ]);
  });

  it("sets a key that the program manages, and claims the service first", async () => {
    await byPython();
    await adopt({ primaryKey: "said-by-the-program" });
    expect(stage.bodies("POST", /regenerateKeys$/)).toEqual([
      { keyType: "Primary", keyValue: "said-by-the-program" },
    ]);
    expect(changing()).toEqual([
      "POST /services/fraud/listkeys",
      "PATCH /services/fraud",
      "POST /services/fraud/listkeys",
      "POST /services/fraud/regenerateKeys",
    ]);
  });

  it("refuses with all immutable differences at once, and changes nothing", async () => {
    await byPython();
    const news = {
      computeTargetName: "aks-test",
      models: undefined,
      imageId: "fraud-image:3",
      properties: { team: "fraud" },
      cpuCores: 2,
    };
    const error = await failure(adopt(news));
    expect(error).not.toBeInstanceOf(ResourceInitFailed);
    expect(error.message).toMatch(/^CannotAdopt: the service "fraud" cannot be made as the program says: /);
    for (const part of [
      "computeTargetName",
      "imageId is for a service made from an image",
      "properties.team",
    ])
      expect(error.message).toContain(part);
    expect(error.message).not.toContain("cpuCores");
    expect(changing()).toEqual([]);
  });

  it("adds properties under the names of what every object has", async () => {
    await byPython();
    await adopt({ properties: { constructor: "acme", toString: "1" } });
    expect(await stage.document()).toMatchObject({
      properties: { team: "risk", constructor: "acme", toString: "1" },
    });
  });

  it("claims what another program made, with a warning", async () => {
    await byPython({ properties: { "pulumi-created-by": "another" } });
    await adopt();
    expect(stage.lines.filter(({ severity }) => severity === "warning").map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Takes over "fraud", which was made by another Pulumi resource/),
    ]);
    expect((await stage.document())["properties"]).toEqual({
      "pulumi-created-by": "another",
      "pulumi-claim-1": expect.stringMatching(/^token-1 /) as string,
    });
  });

  it("says nothing of its own stamp or of none", async () => {
    await byPython();
    await adopt();
    expect(stage.lines.filter(({ severity }) => severity === "warning")).toEqual([]);
  });

  it("refuses a service of another type by name", async () => {
    stage.emulator.addFault({
      method: "GET",
      path: "/services/fraud$",
      status: 200,
      body: { computeType: "ACI", name: "fraud", state: "Healthy" },
    });
    expect((await failure(adopt())).message).toMatch(
      /^NotAnAksService: "fraud" is a web service of type ACI/,
    );
    expect(changing()).toEqual([]);
  });

  it("that the service refuses is a plain error: a stranger's service must not get into the state", async () => {
    await byPython();
    stage.emulator.addFault({ method: "PATCH", status: 400, body: { code: "No", message: "not today" } });
    const error = await failure(adopt({ cpuCores: 0.5 }));
    expect(error).not.toBeInstanceOf(ResourceInitFailed);
    expect(error.message).toContain("not today");
  });

  it("that fails after the service accepted the change is an init error", async () => {
    await byPython();
    stage.emulator.addFault({ method: "PATCH", operation: { outcome: "failed" } });
    expect((await initError(adopt({ cpuCores: 0.5 }))).reasons[0]).toMatch(/^CrashLoop|^DeploymentFailed/);
  });

  it("of a broken service without a difference is an error with its logs, since another made it", async () => {
    stage.emulator.addFault({
      method: "POST",
      path: "/services$",
      operation: { outcome: "failed", log: ["pip failed"], containerLog: "Traceback: boom" },
    });
    await byPython();
    const error = await failure(adopt());
    expect(error).not.toBeInstanceOf(ResourceInitFailed);
    for (const part of ["pip failed", "Traceback: boom", "Nothing was sent"])
      expect(error.message).toContain(part);
    expect(changing()).toEqual([]);
  });
});
