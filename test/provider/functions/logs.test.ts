import { service, startEmulated, type Emulated } from "./emulated";

describe("getLogs", () => {
  let emulated: Emulated;
  beforeAll(async () => {
    emulated = await startEmulated([
      service("fraud"),
      service("broken", { state: "Unschedulable" }),
      service("quiet"),
    ]);
  });
  afterAll(() => emulated.close());

  const logs = (name: string, options = {}) => emulated.functions.getLogs(name, options, emulated.where);

  it("reads the container's log", async () => {
    expect(await logs("fraud")).toMatch(/starting the inference server\n[^]*listening$/);
  });

  it("reads as many lines from the end as are asked for", async () => {
    const lines = (await logs("fraud", { numLines: 1 })).split("\n");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/listening$/);
  });

  it("reads the init container's log", async () => {
    expect(await logs("fraud", { init: true })).toMatch(/init container/);
  });

  it.each<[object, Record<string, string>]>([
    [{}, { tail: "5000", init: "False" }],
    [
      { numLines: 7, init: true },
      { tail: "7", init: "True" },
    ],
  ])("asks as the Python client does: %j", async (options, query) => {
    emulated.emulator.clearRequests();
    await logs("fraud", options);
    const [request] = emulated.emulator.requests().filter(({ path }) => path.endsWith("/logs"));
    expect(request!.query).toEqual(query);
  });

  it.each([0, -1, 1.5, NaN, "7"])("refuses %p lines without a request", async (numLines) => {
    emulated.emulator.clearRequests();
    await expect(logs("fraud", { numLines })).rejects.toMatchObject({ code: "BadArgument" });
    expect(emulated.asked()).toEqual([]);
  });

  it("says that a service has no container yet", async () => {
    await expect(logs("broken")).rejects.toMatchObject({
      code: "NoContainers",
      message: expect.stringMatching(/"broken".*Unschedulable.*\{ init: true \}/) as unknown,
    });
  });

  it("gives an empty text for a Healthy service that has logged nothing", async () => {
    emulated.emulator.addFault({ path: "/quiet/logs", status: 200, body: { content: "" } });
    expect(await logs("quiet")).toBe("");
  });
});
