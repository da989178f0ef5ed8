import { connectTo, failure, fakeWorkspace, type FakeWorkspace } from "./fake-workspace";

let fake: FakeWorkspace | undefined;
afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

describe("createAsset", () => {
  it("names the uploaded files by their prefix, and gives the asset's id", async () => {
    fake = await fakeWorkspace({ "POST /assets": { body: { id: "a1" } } });
    const { models } = await connectTo(fake);
    expect(await models.createAsset("fraud", "LocalUpload/c1/model.pkl")).toBe("a1");
    expect(JSON.parse(fake.seen.at(-1)?.body ?? "")).toEqual({
      name: "fraud",
      artifacts: [{ prefix: "LocalUpload/c1/model.pkl" }],
    });
  });

  it("is repeated after a cut, since an asset without a model is not seen", async () => {
    fake = await fakeWorkspace({
      "POST /assets": (_, earlier) => (earlier === 0 ? { cut: true } : { body: { id: "a2" } }),
    });
    const { models } = await connectTo(fake);
    expect(await models.createAsset("fraud", "p")).toBe("a2");
  });

  it("fails on an answer without an id", async () => {
    fake = await fakeWorkspace({ "POST /assets": { body: {} } });
    const { models } = await connectTo(fake);
    expect(await failure(models.createAsset("fraud", "p"))).toMatchObject({ code: "UnexpectedAnswer" });
  });
});
