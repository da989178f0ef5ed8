import { failure, plainValues, type Values } from "../webservice/stage";
import { archive, asset, startModelStage, URN, type ModelStage } from "./stage";

let stage: ModelStage;
beforeEach(async () => {
  stage = await startModelStage();
});
afterEach(() => stage.close());

const update = async (id: string, outputs: Values, news: Values): Promise<Values> =>
  plainValues((await stage.provider().update(id, outputs, news)).outs);

describe("create", () => {
  it("uploads the file, names it as an asset, and registers the first version", async () => {
    const { id, outputs } = await stage.create({
      framework: "ScikitLearn",
      frameworkVersion: "1.4.2",
      tags: { release: "1" },
      properties: { team: "risk" },
      description: "finds fraud",
      sampleInputData: "dataset-1",
      cpuCores: 0.5,
      memoryGb: 1,
    });
    expect(id).toBe(`${stage.emulator.workspaceId}/models/fraud:1`);
    expect(outputs).toMatchObject({
      modelId: "fraud:1",
      version: 1,
      modelName: "fraud",
      framework: "ScikitLearn",
      tags: { release: "1" },
      properties: { team: "risk" },
      url: expect.stringMatching(/^aml:\/\/asset\/./),
      createdTime: expect.stringMatching(/^\d{4}-/),
      cpuCores: 0.5,
    });
    const [asked] = stage.bodies("POST", /LocalUpload/);
    expect(asked).toEqual({ paths: [{ path: "fraud.pkl" }] });
    const [made] = stage.bodies("POST", /\/assets$/) as [{ artifacts: [{ prefix: string }] }];
    expect(made.artifacts[0].prefix).toMatch(/^LocalUpload\/\d{6}T\d{6}-[0-9a-f]{8}\/fraud\.pkl$/);
    const [body] = stage.bodies("POST", /\/models$/);
    expect(body).toEqual({
      name: "fraud",
      datasets: [],
      url: outputs["url"],
      mimeType: "application/json",
      unpack: false,
      kvTags: { release: "1" },
      properties: {
        team: "risk",
        "pulumi-created-by": "5ca1ab1e0ddba115",
        "pulumi-content": expect.stringMatching(/^[0-9a-f]{16}$/),
      },
      description: "finds fraud",
      framework: "ScikitLearn",
      frameworkVersion: "1.4.2",
      sampleInputData: "dataset-1",
      resourceRequirements: { cpu: 0.5, memoryInGB: 1 },
    });
  });

  it("uploads every file of a folder below the folder's own name", async () => {
    stage.put("bert/config.json", "{}");
    stage.put("bert/weights/a.bin", "aa");
    await stage.create({ source: archive("h2", { path: `${stage.folder}/bert` }) });
    expect(stage.bodies("POST", /LocalUpload/)).toEqual([
      { paths: [{ path: "bert/config.json" }] },
      { paths: [{ path: "bert/weights/a.bin" }] },
    ]);
    const [made] = stage.bodies("POST", /\/assets$/) as [{ artifacts: [{ prefix: string }] }];
    expect(made.artifacts[0].prefix).toMatch(/\/bert$/);
  });

  it("shows the files as they were given, and remembers their hash alone", async () => {
    const { outputs, inputs } = await stage.create();
    expect(outputs["source"]).toEqual(inputs["source"]);
    expect((outputs["__managed"] as Values)["source"]).toEqual({ kind: "asset", hash: "h1" });
  });

  it("shows the upload on the resource's row", async () => {
    await stage.create();
    expect(stage.lines[0]).toEqual({
      urn: URN,
      severity: "info",
      text: "uploading fraud.pkl (1 kB)",
      passing: true,
    });
  });

  it.each<[string, object, number]>([
    ["the upload is refused", { method: "PUT", path: "^/blob/", times: 2, status: 403 }, 0],
    ["the asset is refused", { method: "POST", path: "/assets$", status: 400 }, 0],
    ["the registration is refused", { method: "POST", path: "/models$", status: 400 }, 1],
  ])("registers nothing when %s, and all of it at the next run", async (_, fault, asked) => {
    stage.emulator.addFault(fault);
    await failure(stage.create());
    expect(stage.bodies("POST", /\/models$/)).toHaveLength(asked);
    expect(((await (await stage.call("GET", "/models")).json()) as { value: [] }).value).toEqual([]);
    await stage.restart();
    expect((await stage.create()).outputs).toMatchObject({ modelId: "fraud:1" });
  });

  it.each<[string, object]>([
    ["a sign-in page", { status: 200, body: "<html><title>Sign in</title></html>" }],
    ["OK", { status: 200, body: "OK" }],
    ["nothing and another status", { status: 200, body: "" }],
  ])("registers nothing when the storage's answer is %s, and all of it at the next run", async (_, fault) => {
    stage.emulator.addFault({ method: "PUT", path: "^/blob/", ...fault });
    await failure(stage.create());
    expect(stage.bodies("POST", /\/models$/)).toEqual([]);
    await stage.restart();
    expect((await stage.create()).outputs).toMatchObject({ modelId: "fraud:1" });
  });

  it.each(["cutBefore", "cutAfter"])("carries on after an upload's connection was cut (%s)", async (cut) => {
    stage.emulator.addFault({ method: "PUT", path: "^/blob/", times: 1, [cut]: true });
    expect((await stage.create()).outputs).toMatchObject({ modelId: "fraud:1" });
  });

  it("registers one version when the answer to the registration is cut", async () => {
    stage.emulator.addFault({ method: "POST", path: "/models$", times: 1, cutAfter: true });
    expect((await stage.create()).outputs).toMatchObject({ modelId: "fraud:1" });
    expect(stage.bodies("POST", /\/models$/)).toHaveLength(1);
  });

  it("takes over what an earlier run registered before it was killed", async () => {
    await stage.create({ tags: { release: "1" } });
    await stage.restart();
    const { outputs } = await stage.create({ tags: { release: "2" } });
    expect(outputs).toMatchObject({ modelId: "fraud:1", tags: { release: "2" } });
    expect(stage.bodies("POST", /\/models$/)).toHaveLength(1);
  });

  it.each<[string, Values]>([
    ["of another resource", { __createdBy: "other" }],
    ["of other content", { source: asset("h9", { text: "nine" }) }],
    ["of another framework", { framework: "Onnx" }],
    ["without a stamp", { __createdBy: undefined }],
  ])("never takes over a version %s", async (_, first) => {
    await stage.create(first);
    await stage.restart();
    expect((await stage.create()).outputs).toMatchObject({ modelId: "fraud:2" });
  });

  it("never takes over the version that it replaces, even where nothing differs", async () => {
    const { inputs } = await stage.create();
    await stage.restart();
    await stage.inputs({}, inputs);
    const again = await stage.provider().create(await stage.inputs());
    expect(again.outs).toMatchObject({ modelId: "fraud:2" });
  });

  it("gives a service its model", async () => {
    const { outputs } = await stage.create({ framework: "ScikitLearn" });
    const answer = await stage.call("POST", "/services", {
      name: "svc",
      computeType: "AKS",
      computeName: "aks",
      environmentImageRequest: { modelIds: [outputs["modelId"]] },
    });
    expect(answer.status).toBe(202);
  });
});

describe("diff", () => {
  const differ = async (more: Values) => {
    const { id, outputs, inputs } = await stage.create({
      framework: "Onnx",
      tags: { a: "1" },
      properties: { team: "risk" },
    });
    const news = await stage.inputs(
      { framework: "Onnx", tags: { a: "1" }, properties: { team: "risk" }, ...more },
      inputs,
    );
    return stage.provider().diff(id, outputs, news);
  };

  it.each<[string, Values, object]>([
    ["nothing", {}, { changes: false }],
    ["tags", { tags: {} }, {}],
    ["a new property", { properties: { team: "risk", cost: "1" } }, {}],
    ["the description", { description: "x" }, {}],
    ["a timeout", { timeouts: { create: "2h" } }, {}],
    ["tags that are managed no longer", { tags: undefined }, {}],
    ["tags that are not known yet", { tags: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }, {}],
    [
      "the content",
      { source: asset("h2", { text: "two" }) },
      { replaces: ["source"], deleteBeforeReplace: false },
    ],
    [
      "content that is not known yet",
      { source: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
      { replaces: ["source"], deleteBeforeReplace: false },
    ],
    ["the same content from elsewhere", { source: asset("h1", { text: "one" }) }, { changes: false }],
    ["the framework", { framework: "Custom" }, { replaces: ["framework"], deleteBeforeReplace: false }],
    ["the name", { modelName: "other" }, { replaces: ["modelName"], deleteBeforeReplace: false }],
    [
      "a property's value",
      { properties: { team: "x" } },
      { replaces: ["properties"], deleteBeforeReplace: false },
    ],
  ])("of %s", async (_, more, expected) => {
    expect(await differ(more)).toEqual(expected);
  });

  it("says what becomes of the old version", async () => {
    await differ({ source: asset("h2", { text: "two" }) });
    expect(stage.lines.at(-1)).toMatchObject({
      text: "Another version is registered because of source; fraud:1 is deleted once nothing in this stack uses it.",
      passing: false,
    });
  });
});

describe("update", () => {
  it("changes in place what can be, with one patch", async () => {
    const { id, outputs, inputs } = await stage.create({ tags: { a: "1" } });
    const news = await stage.inputs(
      { tags: { b: "2" }, properties: { "a/b": "1" }, description: "", cpuCores: 1, gpuCores: 0 },
      inputs,
    );
    const after = await update(id, outputs, news);
    expect(stage.bodies("PATCH", /fraud:1$/)).toEqual([
      [
        { op: "replace", path: "/kvTags", value: { b: "2" } },
        { op: "add", path: "/properties/a~1b", value: "1" },
        { op: "replace", path: "/resourceRequirements", value: { cpu: 1, gpu: 0 } },
      ],
    ]);
    expect(after).toMatchObject({
      modelId: "fraud:1",
      tags: { b: "2" },
      properties: { "a/b": "1" },
      cpuCores: 1,
    });
    expect(await stage.provider().diff(id, after, news)).toEqual({ changes: false });
  });

  it("asks nothing when only what the program manages has changed", async () => {
    const { id, outputs, inputs } = await stage.create({ tags: { a: "1" } });
    stage.emulator.clearRequests();
    const news = await stage.inputs({ timeouts: { delete: "1m" } }, inputs);
    const after = await update(id, outputs, news);
    expect(stage.requests()).toEqual([]);
    expect(after).toMatchObject({ tags: { a: "1" }, timeouts: { delete: "1m" }, modelId: "fraud:1" });
    expect(await stage.provider().diff(id, after, news)).toEqual({ changes: false });
  });

  it("says so when the version is gone", async () => {
    const { id, outputs, inputs } = await stage.create();
    await stage.call("DELETE", "/models/fraud:1");
    const news = await stage.inputs({ description: "x" }, inputs);
    expect((await failure(update(id, outputs, news))).message).toMatch(/^ModelGone: .*pulumi refresh/);
  });
});

describe("a change of content", () => {
  it("registers the next version before the old one is deleted", async () => {
    const old = await stage.create();
    await stage.inputs({ source: asset("h2", { text: "two" }) }, old.inputs);
    const next = await stage.provider().create(await stage.inputs({ source: asset("h2", { text: "two" }) }));
    expect(next.outs).toMatchObject({ modelId: "fraud:2", version: 2 });
    await stage.provider().delete(old.id, old.outputs);
    expect((await stage.provider().read(old.id, old.outputs)).id).toBeUndefined();
    expect(await stage.provider().read(next.id, plainValues(next.outs))).toMatchObject({ id: next.id });
  });
});

describe("read", () => {
  it("finds nothing new, and gives back the inputs", async () => {
    const { id, outputs, inputs } = await stage.create({ tags: { a: "1" } });
    const { __provider, ...said } = inputs;
    expect(__provider).toBeDefined();
    const found = await stage.provider().read(id, outputs);
    expect(found.props).toEqual(outputs);
    expect(found.inputs).toEqual(said);
  });

  it("gives files of which the host tells only the hash a content that a program can read", async () => {
    const { id, outputs } = await stage.create();
    const found = await stage.provider().read(id, { ...outputs, source: asset("h1", {}) });
    expect(found.props).toMatchObject({ source: asset("h1", { text: "(not kept)" }) });
  });

  it("shows drift, which the next update heals", async () => {
    const { id, outputs, inputs } = await stage.create({ tags: { a: "1" } });
    await stage.call("PATCH", "/models/fraud:1", [{ op: "replace", path: "/kvTags", value: { a: "2" } }]);
    const found = await stage.provider().read(id, outputs);
    expect(found.inputs).toMatchObject({ tags: { a: "2" } });
    const refreshed = plainValues(found.props as Values);
    expect(await stage.provider().diff(id, refreshed, inputs)).toEqual({});
    expect(await update(id, refreshed, inputs)).toMatchObject({ tags: { a: "1" } });
  });

  it("does not drop a version for a single 404, even the service's own", async () => {
    const { id, outputs } = await stage.create();
    const body = { code: "ModelNotFound", statusCode: 404, message: "none" };
    stage.emulator.addFault({ method: "GET", path: "/models/fraud:1$", status: 404, body });
    expect(await stage.provider().read(id, outputs)).toMatchObject({ id });
  });

  it("says gone only for a managed one", async () => {
    const { id, outputs } = await stage.create();
    await stage.call("DELETE", "/models/fraud:1");
    expect(await stage.provider().read(id, outputs)).toEqual({});
    expect((await failure(stage.provider().read("fraud:1", {}))).message).toMatch(/^NotFound: /);
  });

  it("takes a name and version in the configured workspace", async () => {
    await stage.create();
    const found = await stage.provider().read("fraud:1", {});
    expect(found.id).toBe(`${stage.emulator.workspaceId}/models/fraud:1`);
    expect(found).not.toHaveProperty("inputs");
  });

  it.each(["fraud", "a/b:1", ""])("refuses the id %j", async (id) => {
    expect((await failure(stage.provider().read(id, {}))).message).toMatch(/^BadId: /);
  });
});

describe("delete", () => {
  it("takes an absent version for deleted", async () => {
    const { id, outputs } = await stage.create();
    await stage.provider().delete(id, outputs);
    await stage.provider().delete(id, outputs);
  });

  it.each<[string, object, string]>([
    ["a sign-in page", { status: 200, body: "<html><title>Sign in</title></html>" }, "GatewayPage"],
    ["OK", { status: 200, body: "OK" }, "NotJson"],
    ["200 and no effect", { status: 200, body: "" }, "DeleteFailed"],
    ["204 and no effect", { status: 204, body: "" }, "DeleteFailed"],
  ])("that is answered %s is no success while the version is there", async (_, fault, code) => {
    const { id, outputs } = await stage.create();
    stage.emulator.addFault({ method: "DELETE", ...fault });
    expect((await failure(stage.provider().delete(id, outputs))).message).toContain(code);
    expect((await stage.call("GET", "/models/fraud:1")).status).toBe(200);
  });

  it("says what to do while a service loads it", async () => {
    const { id, outputs } = await stage.create({ framework: "ScikitLearn" });
    await stage.call("POST", "/services", {
      name: "svc",
      computeType: "AKS",
      computeName: "aks",
      environmentImageRequest: { modelIds: ["fraud:1"] },
    });
    expect((await failure(stage.provider().delete(id, outputs))).message).toMatch(/svc[^]*retainOnDelete/);
  });
});

describe("check", () => {
  const reasons = async (news: Values): Promise<string[]> =>
    (
      await stage.provider().check({}, { __urn: URN, source: asset("h", { text: "x" }), ...news })
    ).failures.map(({ property, reason }) => `${property} ${reason}`);

  it.each<[string, Values, RegExp]>([
    ["no source", { source: undefined }, /^source Missing: source must be an asset or archive/],
    ["a path as source", { source: "model.pkl" }, /^source WrongType: .*FileAsset/],
    ["a missing file", { source: asset("h", { path: "/no/such.pkl" }) }, /^source MissingFile: .*such\.pkl/],
    ["an empty archive", { source: archive("h", { assets: {} }) }, /^source EmptySource: /],
    ["a remote file", { source: asset("h", { uri: "https://h.example/m" }) }, /^source RemoteSource: /],
    ["a name with a slash", { modelName: "a/b" }, /^modelName BadFormat: /],
    ["a long name", { modelName: "a".repeat(256) }, /^modelName BadFormat: /],
    ["a number as tag", { tags: { a: 1 } }, /^tags\.a WrongType: /],
    ["a misspelt setting", { frameworks: "Onnx" }, /^frameworks UnknownSetting: .*framework,/],
    ["no cores", { cpuCores: 0 }, /^cpuCores OutOfRange: /],
    [
      "a GUID as workspace",
      { workspaceId: "8f14e45f-ceea-467a-9af5-5c7c4f1a0b7c" },
      /^workspaceId BadFormat: /,
    ],
    ["a wrong duration", { timeouts: { create: "soon" } }, /^timeouts\.create BadFormat: /],
  ])("refuses %s", async (_, news, says) => {
    const [first, ...others] = await reasons(news);
    expect(first).toMatch(says);
    expect(others).toEqual([]);
  });

  it("accepts whatever is not known yet", async () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    expect(
      await reasons({ source: unknown, modelName: unknown, tags: { a: unknown }, framework: unknown }),
    ).toEqual([]);
  });

  it("makes a name of the resource's, and keeps it when the resource is renamed", async () => {
    const first = await stage.inputs();
    expect(first).toMatchObject({ modelName: "fraud" });
    const renamed = await stage.inputs({ __urn: URN.replace(/fraud$/, "risk") }, first);
    expect(renamed).toMatchObject({ modelName: "fraud" });
  });
});
