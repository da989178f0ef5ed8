import { startStage, URN, type Stage } from "./stage";

jest.setTimeout(30_000);

const printing = ["log", "info", "warn", "error", "debug"] as const;

describe("progress", () => {
  let stage: Stage;
  let spies: jest.SpyInstance[];
  beforeEach(async () => {
    spies = printing.map((name) => jest.spyOn(console, name).mockImplementation(() => undefined));
    stage = await startStage({ operationTime: 40_000 });
  });
  afterEach(async () => {
    await stage.close();
    const printed = spies.flatMap((spy) => spy.mock.calls);
    jest.restoreAllMocks();
    expect(printed).toEqual([]);
  });

  const passing = () => stage.lines.filter((line) => line.passing);

  it("shows state, replicas, newest log line and elapsed time on the resource's own row", async () => {
    await stage.create({ numReplicas: 3 });
    expect(passing().every(({ urn, severity }) => urn === URN && severity === "info")).toBe(true);
    const texts = passing().map(({ text }) => text);
    expect(texts[0]).toMatch(/^Running: Create fraud \(0s\)$/);
    expect(
      texts.filter((text) => /^Transitioning, [012] of 3 replicas available: .+ \(\d+s\)$/.test(text)).length,
    ).toBeGreaterThan(2);
    expect(texts.some((text) => text.includes("Waiting for replicas to become available"))).toBe(true);
  });

  it("ends with how it ended", async () => {
    const { id, outputs, inputs } = await stage.create();
    expect(passing().at(-1)!.text).toMatch(/^Healthy, 1 of 1 replicas available \(\d+s\)$/);
    const news = await stage.inputs({ cpuCores: 0.5 }, inputs);
    const updated = await stage.update(id, outputs, news);
    expect(passing().at(-1)!.text).toMatch(/^Healthy, /);
    await stage.provider.delete(id, updated);
    expect(passing().at(-1)!.text).toMatch(/^Deleted \(\d+s\)$/);
  });

  it("asks for no replicas of an operation that has ended: the service is read next anyway", async () => {
    await stage.create();
    const all = stage.requests("all");
    const lastPoll = all.findLastIndex((request) => request.includes("/operations/"));
    expect(all.slice(lastPoll + 1).filter((request) => request.startsWith("GET"))).toHaveLength(1);
  });

  it("of a stuck service comes each half minute, and not with each poll", async () => {
    stage.emulator.addFault({ method: "POST", path: "/services$", operation: { outcome: "stuck" } });
    const inputs = await stage.inputs({ timeouts: { create: "20m" } });
    await stage.provider.create(inputs).catch(() => undefined);
    const texts = passing().map(({ text }) => text.replace(/ \(.*\)$/, ""));
    const repeated = texts.filter((text, index) => text === texts[index - 1]);
    expect(repeated.length).toBeGreaterThan(20);
    expect(texts.length).toBeLessThanOrEqual(45);
  });

  it("comes at most once a second", async () => {
    const times: number[] = [];
    stage.lines.push = (...lines) => {
      times.push(...lines.filter((line) => line.passing).map(() => stage.clock.now()));
      return times.length;
    };
    await stage.create();
    // The last one, which says how it ended, waits for nothing.
    const gaps = times.slice(1, -1).map((time, index) => time - times[index]!);
    expect(gaps.length).toBeGreaterThan(3);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1000);
  });

  it("reads the replicas once in five seconds at most, less often than it polls, and fails nothing when it cannot", async () => {
    stage.emulator.addFault({
      method: "GET",
      path: "/services/fraud$",
      times: 3,
      status: 403,
      body: { code: "Forbidden", message: "no" },
    });
    const { outputs } = await stage.create();
    expect(outputs).toMatchObject({ state: "Healthy" });
    const times = (path: RegExp): number[] =>
      stage.emulator
        .requests()
        .filter((request) => request.method === "GET" && path.test(request.path))
        .map(({ at }) => Date.parse(at));
    const polls = times(/\/operations\//);
    // What is read after the last poll is the created service.
    const reads = times(/\/services\/fraud$/).filter((time) => time < polls.at(-1)!);
    const seconds = (polls.at(-1)! - polls[0]!) / 1000;
    // One read in five seconds, the first after a second; there is a line with every poll.
    expect(reads.length).toBeGreaterThan(0);
    expect(reads.length).toBeLessThanOrEqual(1 + Math.floor((seconds - 1) / 5));
    expect(reads.length).toBeLessThan(polls.length);
  });

  it("shows a deletion, and minutes of a long one", async () => {
    const { id, outputs } = await stage.create();
    stage.lines.length = 0;
    stage.emulator.addFault({ method: "DELETE", operation: { outcome: "stuck" } });
    await stage.provider.delete(id, outputs).catch(() => undefined);
    expect(passing()[0]!.text).toMatch(/^Deleting: Running/);
    expect(passing().at(-2)!.text).toMatch(/\(19m \d\ds\)$/);
    expect(passing().at(-1)!.text).toBe("Not deleted (20m 00s)");
  });

  it("is silent for a resource without a row", async () => {
    await stage.create({ __urn: undefined });
    expect(passing()).toEqual([]);
  });
});
