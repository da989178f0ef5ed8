import { startStage, type Stage, type Values } from "./stage";

/** Requests per operation beyond polls and discovery; printed, so that a rise is seen even within the bounds. */
const table: string[] = [];

describe("requests per operation, beyond polls and discovery", () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await startStage({ operationTime: 50 });
  });
  afterEach(() => stage.close());
  afterAll(() => process.stdout.write(`${["requests per operation", ...table].join("\n  ")}\n`));

  const counted = async (what: string, most: number, run: () => Promise<unknown>): Promise<void> => {
    stage.emulator.clearRequests();
    await run();
    const sent = stage.requests();
    table.push(`${what.padEnd(44)} ${sent.length} (at most ${most})`);
    expect({ what, sent, within: sent.length <= most }).toMatchObject({ within: true });
  };

  const updated = async (news: Values, old: Values = {}) => {
    const { id, outputs, inputs } = await stage.create(old);
    const wanted = await stage.inputs({ ...old, ...news }, inputs);
    return () => stage.provider.update(id, outputs, wanted);
  };

  it("create", async () => {
    await counted("create", 5, () => stage.create());
    await counted("create with keys", 5, () =>
      stage.create({
        serviceName: "keyed",
        primaryKey: "k1-of-the-program",
        secondaryKey: "k2-of-the-program",
      }),
    );
    await counted("create that adopts and changes a setting", 5, () =>
      stage.create({ adopt: true, cpuCores: 0.5 }),
    );
    // It claims the service, and looks whether it was the first to do so.
    await counted("create that carries on", 6, () => stage.create());
  });

  it("update", async () => {
    await counted("update", 4, await updated({ cpuCores: 0.5 }));
  });

  it("update of tags alone", async () => {
    await counted("update of tags alone", 4, await updated({ tags: { a: "1" } }));
  });

  it("update that sets both keys", async () => {
    const keys = { primaryKey: "k1-of-the-program", secondaryKey: "k2-of-the-program" };
    await counted("update that sets both keys", 6, await updated({ cpuCores: 0.5, ...keys }));
  });

  it("update that turns key authentication on", async () => {
    const run = await updated({ tokenAuthEnabled: false }, { tokenAuthEnabled: true });
    await counted("update that turns key authentication on", 5, run);
  });

  it("update that turns it on and sets both keys", async () => {
    const keys = { primaryKey: "k1-of-the-program", secondaryKey: "k2-of-the-program" };
    const run = await updated({ tokenAuthEnabled: false, ...keys }, { tokenAuthEnabled: true });
    await counted("update that turns it on and sets both keys", 7, run);
  });

  it("update of a local setting", async () => {
    await counted("update of a local setting", 0, await updated({ timeouts: { create: "2h" } }));
  });

  it("read", async () => {
    const { id, outputs } = await stage.create();
    await counted("read", 2, () => stage.provider.read(id, outputs));
    await stage.provider.delete(id, outputs);
    await counted("read of what is gone", 3, () => stage.provider.read(id, outputs));
  });

  it("delete", async () => {
    const { id, outputs } = await stage.create();
    await counted("delete", 5, () => stage.provider.delete(id, outputs));
    await counted("delete of what is gone", 3, () => stage.provider.delete(id, outputs));
  });

  it("an unchanged preview makes none, not even discovery", async () => {
    const { id, outputs, inputs } = await stage.create();
    stage.emulator.clearRequests();
    await stage.inputs({}, inputs);
    expect(await stage.provider.diff(id, outputs, inputs)).toEqual({ changes: false });
    expect(stage.requests("all")).toEqual([]);
    table.push(`${"unchanged preview".padEnd(44)} 0 (at most 0)`);
  });
});
