import { service, startEmulated, type Emulated } from "./emulated";

describe("keys", () => {
  let emulated: Emulated;
  beforeAll(async () => {
    emulated = await startEmulated([
      service("fraud", { keys: { primaryKey: "first", secondaryKey: "second" } }),
    ]);
  });
  afterAll(() => emulated.close());

  it("are read", async () => {
    expect(await emulated.functions.getKeys("fraud", emulated.where)).toEqual({
      primaryKey: "first",
      secondaryKey: "second",
    });
  });

  it("are set to a given value, whatever the letter case of the kind", async () => {
    const keys = await emulated.functions.regenerateKey("fraud", "secondary", "mine", emulated.where);
    expect(keys).toEqual({ primaryKey: "first", secondaryKey: "mine" });
  });

  it("are generated, and returned once they are in place", async () => {
    const keys = await emulated.functions.regenerateKey("fraud", "Primary", undefined, emulated.where);
    expect(keys.primaryKey).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(await emulated.functions.getKeys("fraud", emulated.where)).toEqual(keys);
  });

  it.each<[string, string, unknown]>([
    ["another kind", "Tertiary", undefined],
    ["an empty value", "Primary", ""],
    ["a value that is no text", "Primary", 7],
  ])("refuse %s without a request", async (_, which, value) => {
    emulated.emulator.clearRequests();
    await expect(
      emulated.functions.regenerateKey("fraud", which, value as string, emulated.where),
    ).rejects.toMatchObject({ code: "BadArgument" });
    expect(emulated.asked()).toEqual([]);
  });

  it("say when the operation failed", async () => {
    emulated.emulator.addFault({ path: "regenerateKeys", operation: { outcome: "failed" } });
    await expect(
      emulated.functions.regenerateKey("fraud", "Primary", "other", emulated.where),
    ).rejects.toMatchObject({
      code: "OperationFailed",
      message: expect.not.stringContaining("other") as unknown,
    });
    emulated.emulator.clearFaults();
  });
});
