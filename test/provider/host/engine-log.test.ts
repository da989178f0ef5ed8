import { engineAddress, openEngineLog } from "../../../provider/host/engine-log";
import { startEngine } from "../../lifecycle/engine";

const line = (text: string, more: object = {}) => ({
  urn: "urn:pulumi:dev::shop::a:b:C::fraud",
  severity: "info" as const,
  text,
  passing: true,
  ...more,
});

describe("engineAddress", () => {
  it.each([
    [["node", "/x/@pulumi/pulumi/cmd/dynamic-provider", "127.0.0.1:4711"], "127.0.0.1:4711"],
    [["node", "/x/cmd/dynamic-provider/index.js", "localhost:1"], "localhost:1"],
    [["node", "/x/cmd/dynamic-provider"], undefined],
    [["node", "/x/cmd/dynamic-provider", "--help"], undefined],
    [["node", "/x/cmd/run", "127.0.0.1:4711"], undefined],
    [["node"], undefined],
  ])("of %j", (argv, address) => expect(engineAddress(argv)).toBe(address));
});

describe("openEngineLog", () => {
  it("writes to a resource's own row, in order, passing or to stay; what stays names the resource", async () => {
    const engine = await startEngine();
    const log = openEngineLog(engine.address);
    log.write(line("Running (0s)"));
    log.write(line("look out", { severity: "warning", passing: false }));
    log.write(line("Running (1s)"));
    await log.flush();
    const urn = line("").urn;
    expect(engine.lines()).toEqual([
      { urn, severity: "info", text: "Running (0s)", ephemeral: true },
      { urn, severity: "warning", text: "fraud: look out", ephemeral: false },
      { urn, severity: "info", text: "Running (1s)", ephemeral: true },
    ]);
    await engine.close();
  });

  it.each([
    ["without an engine", undefined],
    ["with one that has gone", "127.0.0.1:1"],
  ])("is silent %s: nothing is printed, nothing fails", async (_, address) => {
    const printing = (["log", "info", "warn", "error", "debug"] as const).map((name) =>
      jest.spyOn(console, name).mockImplementation(),
    );
    const log = openEngineLog(address);
    log.write(line("Running"));
    await log.flush();
    const printed = printing.flatMap((spy) => spy.mock.calls);
    jest.restoreAllMocks();
    expect(printed).toEqual([]);
  });
});
