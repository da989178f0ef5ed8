import { setTimeout as wait } from "node:timers/promises";
import { startEmulator, type Emulator } from "../../../emulator/index";
import { engineRows, isBuilt, type CommandLine } from "./command-line";

jest.setTimeout(300_000);

/** No run lives to see the end of it, unless the clock is moved. */
const AN_HOUR = 3_600_000;

test("what is run here has been built", () => expect(isBuilt()).toBe(true));

describe.each(engineRows)("$name", ({ present, open }) => {
  const it = present ? test : test.skip;
  let now = Date.now();
  let emulator: Emulator;
  let line: CommandLine;
  beforeEach(async () => {
    if (!present) return;
    emulator = await startEmulator({ operationTime: AN_HOUR, clock: { now: () => now } });
    line = await open(emulator);
  });
  afterEach(async () => {
    if (!present) return;
    line.killProviders();
    await emulator.close();
    line.close();
  });

  const followed = async (): Promise<void> => {
    while (!emulator.requests().some(({ path, status }) => path.includes("/operations/") && status !== null))
      await wait(10);
  };

  const sent = (method: string, ending: RegExp): number =>
    emulator.requests().filter((request) => request.method === method && ending.test(request.path)).length;

  it("^C in a create of an hour: the id is in the state, and the next up carries on with it", async () => {
    const up = line.start("up");
    await followed();
    up.interrupt();
    const { code, text } = await up.ended;
    expect(code).not.toBe(0);
    expect(text).toContain("Interrupted: what the service has started goes on without this run");
    now += 2 * AN_HOUR;
    const again = await line.run("up");
    expect(again).toMatchObject({ code: 0 });
    expect(sent("POST", /\/services$/)).toBe(1);
    expect(sent("DELETE", /./)).toBe(0);
    expect(again.text).not.toContain("pending");
  });
});
