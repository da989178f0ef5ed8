import { service, startEmulated, type Emulated } from "./emulated";

describe("listServices", () => {
  let emulated: Emulated;
  beforeAll(async () => {
    const many = Array.from({ length: 7 }, (_, at) =>
      service(`svc-${at}`, { kvTags: { at: String(at), even: at % 2 === 0 ? "yes" : "no" } }),
    );
    emulated = await startEmulated(
      [...many, service("with-model", { environmentImageRequest: { modelIds: ["fraud:7"] } })],
      { pageSize: 3 },
    );
  });
  afterAll(() => emulated.close());

  const names = async (filters: object) =>
    (await emulated.functions.listServices(filters, emulated.where)).map(({ name }) => name);

  it("follows every page", async () => {
    emulated.emulator.clearRequests();
    expect(await names({})).toHaveLength(8);
    expect(emulated.asked().filter((line) => line.startsWith("GET /services"))).toHaveLength(3);
  });

  it.each<[string, object, string[]]>([
    ["a tag with its value", { tags: { at: "3" } }, ["svc-3"]],
    ["several tags", { tags: { even: "yes", at: "4" } }, ["svc-4"]],
    ["a tag with any value", { tags: { owner: undefined } }, ["with-model"]],
    ["a model's name", { modelName: "fraud" }, ["with-model"]],
    ["a model's id", { modelId: "fraud:7" }, ["with-model"]],
    ["a kind that none is", { computeType: "ACI" }, []],
  ])("filters by %s", async (_, filters, expected) => {
    expect(await names(filters)).toEqual(expected);
  });

  it.each(["AKS", "aks"])("finds all by the kind %s", async (computeType) => {
    expect(await names({ computeType })).toHaveLength(8);
  });

  it("refuses a kind that there is not, without a request", async () => {
    emulated.emulator.clearRequests();
    await expect(names({ computeType: "zzz" })).rejects.toMatchObject({ code: "BadArgument" });
    expect(emulated.asked()).toEqual([]);
  });

  it("gives each service its id", async () => {
    const [first] = await emulated.functions.listServices({ tags: { at: "0" } }, emulated.where);
    expect(first!["id"]).toBe(`${emulated.emulator.workspaceId}/services/svc-0`);
  });
});
