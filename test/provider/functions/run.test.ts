import { movableClock, service, startEmulated, type Emulated } from "./emulated";

const HOUR = 3_600_000;

describe("runService", () => {
  let emulated: Emulated;
  const clock = movableClock();
  beforeAll(async () => {
    emulated = await startEmulated(
      [
        service("keyed", { keys: { primaryKey: "p", secondaryKey: "s" } }),
        service("tokened", { aadAuthEnabled: true, authEnabled: false }),
        service("open", { authEnabled: false }),
        service("slow", { authEnabled: false, scoringTimeoutMs: 600_000 }),
      ],
      { clock, tokenLifetime: 12 * 3600 },
      clock,
    );
  });
  afterAll(() => emulated.close());
  beforeEach(() => {
    emulated.emulator.clearRequests();
    emulated.emulator.clearFaults();
  });

  const run = (name: string, input: unknown, options = {}) =>
    emulated.functions.runService(name, input, options, emulated.where);
  const scorings = () => emulated.emulator.requests().filter(({ path }) => path.endsWith("/score"));

  it.each(["keyed", "tokened", "open"])("gets an answer of the %s service", async (name) => {
    expect(await run(name, { data: [1, 2] })).toMatchObject({ service: name, input: { data: [1, 2] } });
  });

  it.each<[string, unknown, object, unknown]>([
    ["a value as JSON", { data: [[1, 2.5]] }, {}, { data: [[1, 2.5]] }],
    ["a list as JSON", [1, "a", null, true], {}, [1, "a", null, true]],
    ["a number as JSON", 0, {}, 0],
    ["a text of JSON as it is", '{"data": 1}', {}, { data: 1 }],
    ["a text of another kind", "plain words", { contentType: "text/plain" }, "plain words"],
    ["bytes", new Uint8Array([1, 2, 255]), {}, Buffer.from([1, 2, 255]).toString("base64")],
    ["bytes of a given type", Buffer.from("x"), { contentType: "image/png" }, "eA=="],
    ["a date as JSON writes it", { at: new Date(0) }, {}, { at: "1970-01-01T00:00:00.000Z" }],
    ["members that are undefined left out", { a: 1, b: undefined }, {}, { a: 1 }],
  ])("sends %s", async (_, input, options, seen) => {
    expect(await run("open", input, options)).toMatchObject({ input: seen });
  });

  it("asks for the key and the address once, and for no key where none is needed", async () => {
    await run("keyed", 1);
    emulated.emulator.clearRequests();
    await run("keyed", 2);
    await run("open", 2);
    expect(emulated.asked()).toEqual(["POST /api/v1/service/keyed/score", "POST /api/v1/service/open/score"]);
  });

  it("reads a key again once when it is refused, and goes on with the new one", async () => {
    await run("keyed", 1);
    await emulated.functions.regenerateKey("keyed", "Primary", "p2", emulated.where);
    emulated.emulator.clearRequests();
    expect(await run("keyed", 1)).toMatchObject({ input: 1 });
    expect(emulated.asked()).toEqual([
      "POST /api/v1/service/keyed/score",
      "POST /services/keyed/listkeys",
      "POST /api/v1/service/keyed/score",
    ]);
  });

  it("asks for a new token before the old one ends", async () => {
    await run("tokened", 1);
    clock.move(7 * HOUR);
    emulated.emulator.clearRequests();
    await run("tokened", 1);
    expect(emulated.asked()).toEqual(["POST /services/tokened/token", "POST /api/v1/service/tokened/score"]);
  });

  it("asks for a new token once when the service says that it has ended", async () => {
    await run("tokened", 1);
    emulated.emulator.addFault({ path: "tokened/score", status: 401, body: { message: "expired" } });
    emulated.emulator.clearRequests();
    expect(await run("tokened", 1)).toMatchObject({ input: 1 });
    expect(emulated.asked().filter((line) => line.endsWith("/token"))).toHaveLength(1);
    expect(scorings()).toHaveLength(2);
  });

  it("gives up when the renewed key is refused too", async () => {
    emulated.emulator.addFault({ path: "keyed/score", status: 401, times: 9, body: { message: "no" } });
    await expect(run("keyed", 1)).rejects.toMatchObject({ code: "Unauthorized" });
    expect(scorings().length).toBeLessThanOrEqual(4);
  });

  it("notices that a service that was open asks for a key now", async () => {
    await run("open", 1);
    emulated.emulator.addFault({ path: "open/score", status: 401 });
    emulated.emulator.clearRequests();
    expect(await run("open", 1)).toMatchObject({ input: 1 });
    expect(emulated.asked()).toContain("GET /services/open");
  });

  it.each<[number, unknown, string, RegExp]>([
    [503, { message: "no healthy upstream" }, "Overloaded", /no healthy upstream[^]*Send fewer requests/],
    [500, { message: "KeyError: 'data'" }, "ModelFailed", /KeyError: 'data'[^]*container log/],
    [502, "Traceback: bad model", "ModelFailed", /Traceback: bad model/],
    [400, { message: "expected a list" }, "BadRequest", /expected a list[^]*swaggerUri/],
    [413, { message: "too large" }, "BadRequest", /too large[^]*send it in parts/],
    [504, { message: "upstream request timeout" }, "TimedOut", /scoringTimeoutMs/],
  ])("tells a %i by the service's own words", async (status, body, code, text) => {
    emulated.emulator.addFault({ path: "open/score", status, body });
    await expect(run("open", 1)).rejects.toMatchObject({
      code,
      status,
      message: expect.stringMatching(text) as unknown,
    });
    emulated.emulator.addFault({ path: "open/score", status, body });
    await expect(run("open", 1)).rejects.toThrow(/^Cannot score with service "open": /);
    expect(scorings()).toHaveLength(2);
  });

  it.each([
    ["slow", "resolves"],
    ["open", "rejects"],
  ] as const)("has patience for as long as %s may take to score", async (name, end) => {
    emulated.emulator.addFault({ path: `${name}/score`, status: 503, retryAfter: 400 });
    await expect(run(name, 1))[end].toBeDefined();
    expect(scorings()).toHaveLength(end === "resolves" ? 2 : 1);
  });

  it("tells of an input that is too large for the service", async () => {
    await expect(run("open", new Uint8Array(65 * 1024 * 1024))).rejects.toMatchObject({
      code: "BadRequest",
      status: 413,
      message: expect.stringMatching(/send it in parts/) as unknown,
    });
  });

  it("supposes that a large input is too large when the connection breaks", async () => {
    emulated.emulator.addFault({ path: "open/score", cutBefore: true, times: 9 });
    await expect(run("open", new Uint8Array(9e6))).rejects.toThrow(/has 9 MB[^]*send it in parts/);
    await expect(run("open", "small")).rejects.toThrow(/Run again/);
  });

  it("does not repeat a call that may have been made", async () => {
    emulated.emulator.addFault({ path: "open/score", cutAfter: true });
    await expect(run("open", 1)).rejects.toMatchObject({ ambiguous: true });
    expect(scorings()).toHaveLength(1);
  });

  it("passes the service's own words on for a text that is not the JSON it says it is", async () => {
    await expect(run("open", "{oops")).rejects.toMatchObject({
      code: "BadRequest",
      message: expect.stringMatching(/not JSON/) as unknown,
    });
  });

  it("shows no key in an error", async () => {
    const key = "rotated-and-long-enough";
    await emulated.functions.regenerateKey("keyed", "Primary", key, emulated.where);
    await run("keyed", 1);
    emulated.emulator.addFault({ path: "keyed/score", status: 400, body: { message: `got Bearer ${key}` } });
    const failed = run("keyed", 1);
    await expect(failed).rejects.toThrow(/got Bearer/);
    await expect(failed).rejects.not.toThrow(key);
  });

  it("sends megabytes", async () => {
    const data = "x".repeat(5_000_000);
    expect(await run("open", { data })).toMatchObject({ input: { data } });
  });
});
