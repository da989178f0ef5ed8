import type { Webservices } from "../../../provider/azure/webservices";
import {
  calls,
  connectTo,
  failure,
  fakeForEachTest,
  ownNotFound,
  type Reply,
  type Responder,
} from "./fake-workspace";

const fakes = fakeForEachTest();
const start = async (routes: Record<string, Reply | Responder>): Promise<Webservices["models"]> =>
  (await connectTo(await fakes.start(routes))).models;

const body = { name: "fraud", url: "aml://asset/a1" };
const document = { id: "fraud:3", name: "fraud", version: 3, url: "aml://asset/a1" };
const emptyList: Reply = { body: { value: [] } };

describe("register", () => {
  it("sends the definition once", async () => {
    const models = await start({ "POST /models": { body: document } });
    expect(await models.register("fraud", body)).toEqual(document);
    expect(JSON.parse(fakes.seen().at(-1)?.body ?? "")).toEqual(body);
  });

  it("finds its own version after a cut answer, by its asset, and registers no second one", async () => {
    const models = await start({
      "POST /models": { cut: true },
      "GET /models": {
        body: { value: [{ ...document, id: "fraud:2", url: "aml://asset/other" }, document] },
      },
    });
    expect(await models.register("fraud", body)).toEqual(document);
    expect(calls({ seen: fakes.seen() })).toEqual(["POST /models", "GET /models"]);
    expect(fakes.seen().at(-1)?.query.get("name")).toBe("fraud");
  });

  it("sends it again when a cut request had no effect", async () => {
    const models = await start({
      "POST /models": (_, earlier) => (earlier === 0 ? { cut: true } : { body: document }),
      "GET /models": emptyList,
    });
    expect(await models.register("fraud", body)).toEqual(document);
  });

  it("says that the outcome is open when it cannot be told", async () => {
    const models = await start({ "POST /models": { cut: true }, "GET /models": emptyList });
    expect(await failure(models.register("fraud", body))).toMatchObject({ code: "OutcomeUnknown" });
  });

  it("fails on what the service refuses", async () => {
    const models = await start({
      "POST /models": { status: 400, body: { code: "InvalidModelName", message: "bad name" } },
    });
    expect(await failure(models.register("fraud", body))).toMatchObject({ code: "BadRequest" });
  });

  describe.each<[string, Reply]>([
    ["{}", { body: {} }],
    ["OK", { body: "OK" }],
    ["nothing", { body: "" }],
  ])("answered %s", (_, reply) => {
    it("takes the version that was registered all the same", async () => {
      const models = await start({ "POST /models": reply, "GET /models": { body: { value: [document] } } });
      expect(await models.register("fraud", body)).toEqual(document);
      expect(calls({ seen: fakes.seen() })).toEqual(["POST /models", "GET /models"]);
    });

    it("never reports a version that was not registered", async () => {
      const models = await start({ "POST /models": reply, "GET /models": emptyList });
      expect(await failure(models.register("fraud", body))).toMatchObject({ code: "OutcomeUnknown" });
    });
  });

  it("says that the outcome is open when the versions cannot be read", async () => {
    const models = await start({
      "POST /models": { cut: true },
      "GET /models": { status: 403, body: { code: "x", message: "no" } },
    });
    expect(await failure(models.register("fraud", body))).toMatchObject({ code: "OutcomeUnknown" });
  });
});

describe("get", () => {
  it("reads a version by its id", async () => {
    const models = await start({ "GET /models/fraud%3A3": { body: document } });
    expect(await models.get("fraud:3")).toEqual(document);
  });

  it("says absent only in a workspace that exists", async () => {
    const models = await start({ "GET /models/fraud%3A3": ownNotFound, "GET /services": emptyList });
    expect(await models.get("fraud:3")).toBeUndefined();
  });

  it("does not believe a single 404, even the service's own", async () => {
    const models = await start({
      "GET /models/fraud%3A3": (_, earlier) => (earlier === 0 ? ownNotFound : { body: document }),
      "GET /services": emptyList,
    });
    expect(await models.get("fraud:3")).toEqual(document);
  });

  it("never takes another 404 for an absent model", async () => {
    const models = await start({ "GET /models/fraud%3A3": ownNotFound, "GET /services": ownNotFound });
    expect(await failure(models.get("fraud:3"))).toMatchObject({ code: "WorkspaceNotFound" });
  });
});

describe("list", () => {
  const listed = async (models: Webservices["models"]) => {
    const found = [];
    for await (const model of models.list("fraud")) found.push(model["id"]);
    return found;
  };

  it("follows pages on the workspace's own host", async () => {
    const models = await start({
      "GET /models": ({ query, headers, path }) =>
        query.get("page")
          ? { body: { value: [{ id: "fraud:1" }], nextLink: null } }
          : { body: { value: [{ id: "fraud:2" }], nextLink: `http://${headers.host}${url(path)}?page=2` } },
    });
    expect(await listed(models)).toEqual(["fraud:2", "fraud:1"]);
  });

  const url = (path: string) =>
    `/modelmanagement/v1.0/subscriptions/sub-1/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws${path}`;

  it("refuses a next page elsewhere", async () => {
    const models = await start({
      "GET /models": { body: { value: [], nextLink: "http://elsewhere.example/models" } },
    });
    expect(await failure(listed(models))).toMatchObject({ code: "ForeignAddress" });
  });

  it("reads a first page that points to itself once, and fails", async () => {
    const models = await start({
      "GET /models": ({ headers, path, query }) => ({
        body: { value: [], nextLink: `http://${headers.host}${url(path)}?${query}` },
      }),
    });
    expect(await failure(listed(models))).toMatchObject({ code: "UnexpectedAnswer" });
    expect(calls({ seen: fakes.seen() })).toEqual(["GET /models"]);
  });
});

describe("patch", () => {
  it("sends the operations, and nothing for none", async () => {
    const models = await start({ "PATCH /models/fraud%3A3": { body: document } });
    await models.patch("fraud:3", []);
    expect(calls({ seen: fakes.seen() })).toEqual([]);
    await models.patch("fraud:3", [{ op: "replace", path: "/kvTags", value: {} }]);
    expect(fakes.seen().at(-1)).toMatchObject({
      body: '[{"op":"replace","path":"/kvTags","value":{}}]',
      headers: { "content-type": "application/json-patch+json" },
    });
  });
});

describe("remove", () => {
  it.each<[string, Reply]>([
    ["200", { status: 200, body: "" }],
    ["204", { status: 204 }],
    ["its own 404", ownNotFound],
  ])("succeeds on %s", async (_, reply) => {
    const models = await start({ "DELETE /models/fraud%3A3": reply, "GET /services": emptyList });
    await expect(models.remove("fraud:3")).resolves.toBeUndefined();
  });

  it("says what to do while a service loads it", async () => {
    const models = await start({
      "DELETE /models/fraud%3A3": { status: 409, body: { code: "ModelInUse", message: "used by svc" } },
    });
    expect(await failure(models.remove("fraud:3"))).toMatchObject({
      code: "Conflict",
      message: expect.stringMatching(/used by svc[^]*retainOnDelete/),
    });
  });

  it("fails on anything else", async () => {
    const models = await start({
      "DELETE /models/fraud%3A3": { status: 403, body: { code: "x", message: "no" } },
    });
    expect(await failure(models.remove("fraud:3"))).toMatchObject({ code: "Forbidden" });
  });
});

describe("createAsset", () => {
  it("names the uploaded files by their prefix, and gives the asset's id", async () => {
    const models = await start({ "POST /assets": { body: { id: "a1" } } });
    expect(await models.createAsset("fraud", "LocalUpload/c1/model.pkl")).toBe("a1");
    expect(JSON.parse(fakes.seen().at(-1)?.body ?? "")).toEqual({
      name: "fraud",
      artifacts: [{ prefix: "LocalUpload/c1/model.pkl" }],
    });
  });

  it("is repeated after a cut, since an asset without a model is not seen", async () => {
    const models = await start({
      "POST /assets": (_, earlier) => (earlier === 0 ? { cut: true } : { body: { id: "a2" } }),
    });
    expect(await models.createAsset("fraud", "p")).toBe("a2");
  });

  it("fails on an answer without an id", async () => {
    const models = await start({ "POST /assets": { body: {} } });
    expect(await failure(models.createAsset("fraud", "p"))).toMatchObject({ code: "UnexpectedAnswer" });
  });
});
