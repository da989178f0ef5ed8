import { deadlineAfter } from "../../../provider/azure/clock";
import type { HttpRequest, HttpResponse } from "../../../provider/azure/http";
import { afterRequest, slowed, unlimited, type Rate } from "../../../provider/azure/rate-limit";
import { openSession } from "../../../provider/azure/session";
import type { RequestOptions } from "../../../provider/azure/session";
import { failure, testClock, type TestClock } from "./fake-workspace";

const NOW = 1_000_000;

describe("the rate", () => {
  /** When so many requests that all come now are sent, from now. */
  const times = (start: Rate, count: number, now = NOW): readonly number[] => {
    let rate = start;
    return Array.from({ length: count }, () => {
      const at = Math.max(now, rate.nextAt);
      rate = afterRequest(rate, at);
      return Math.round(at - now);
    });
  };

  it("of a workspace that refuses nothing lets everything go at once", () => {
    expect(times(unlimited, 3)).toEqual([0, 0, 0]);
  });

  it("after a refusal rests as long as the workspace says, then sends one request after the other", () => {
    expect(times(slowed(unlimited, NOW, NOW, 2000), 4)).toEqual([2000, 2098, 2195, 2293]);
    expect(times(slowed(unlimited, NOW, NOW), 2)).toEqual([1000, 1099]);
  });

  it("rests for a minute at most, however long one request is told to wait", () => {
    expect(times(slowed(unlimited, NOW, NOW, 9e12), 1)).toEqual([60_000]);
  });

  it("gets slower with each refusal of a request that kept it, but not with those that were sent before", () => {
    const once = slowed(unlimited, NOW - 10, NOW);
    expect(slowed(once, NOW - 10, NOW + 5)).toEqual({ ...once, nextAt: NOW + 1005 });
    const twice = slowed(once, NOW + 1000, NOW + 1000);
    expect(twice.gapMs).toBeGreaterThan(once.gapMs);
    const moments = Array.from({ length: 60 }, (_, index) => NOW + index + 1);
    expect(moments.reduce<Rate>((rate, time) => slowed(rate, time, time), once).gapMs).toBe(10_000);
  });

  it("doubles each minute without a refusal, until nothing of it is left", () => {
    const rate = { ...slowed(unlimited, NOW, NOW), nextAt: 0 };
    expect(times(rate, 2, NOW + 60_000)).toEqual([0, 50]);
    expect(times(rate, 2, NOW + 600_000)).toEqual([0, 0]);
  });
});

/** Takes so many requests in any second; when each one was sent, and with what answer. */
const throttling = (clock: TestClock, aSecond: number) => {
  const sent: { readonly at: number; readonly status: number }[] = [];
  const transport = async (): Promise<HttpResponse> => {
    const at = clock.now();
    const taken = sent.filter((one) => one.status === 200 && one.at > at - 1000).length;
    const status = taken < aSecond ? 200 : 429;
    sent.push({ at, status });
    return { status, headers: status === 429 ? { "retry-after": "1" } : {}, text: "{}" };
  };
  return { sent, transport };
};

/** A clock on which all sleepers of a test sleep side by side. */
const sharedClock = (): TestClock & { readonly run: (work: Promise<unknown>) => Promise<void> } => {
  const clock = testClock();
  let now = clock.now();
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  return {
    ...clock,
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((wake, fail) => {
        const sleeper = { at: now + ms, wake };
        sleepers.push(sleeper);
        signal?.addEventListener("abort", () => {
          sleepers.splice(sleepers.indexOf(sleeper), 1);
          fail(new Error("aborted"));
        });
      }),
    async run(work) {
      let ended = false;
      void work.finally(() => (ended = true)).catch(() => undefined);
      for (await new Promise(setImmediate); !ended; await new Promise(setImmediate)) {
        sleepers.sort((one, other) => one.at - other.at);
        const next = sleepers.shift();
        if (!next) throw new Error("everybody waits, and nobody sleeps");
        now = Math.max(now, next.at);
        next.wake();
      }
    },
  };
};

describe("forty services of a workspace that takes five requests a second", () => {
  const open = (aSecond = 5) => {
    const clock = sharedClock();
    const { sent, transport } = throttling(clock, aSecond);
    const tokens = { current: async () => "token", replace: async () => "token" };
    const seen: HttpRequest[] = [];
    const session = openSession({
      clock,
      transport: (request) => (seen.push(request), transport()),
      tokens,
      mayTrust: () => true,
    });
    const send = (more: Partial<RequestOptions> = {}) =>
      session.send({
        action: "read",
        method: "GET",
        url: "https://host.example/a",
        repeatable: true,
        ...more,
      });
    return { clock, sent, seen, send };
  };

  it("are all answered, with few refusals after the first", async () => {
    const { clock, sent, send } = open();
    const life = async (): Promise<void> => {
      for (let request = 0; request < 4; request += 1) expect((await send()).status).toBe(200);
    };
    const start = clock.now();
    const lives = Promise.all(Array.from({ length: 40 }, life));
    await clock.run(lives);
    await lives;
    const refused = sent.filter(({ status }) => status === 429);
    expect(sent.length - refused.length).toBe(160);
    // Those that were under way together when the workspace began to refuse cannot be helped.
    expect(refused.length - 35).toBeLessThan(12);
    expect((clock.now() - start) / 1000).toBeLessThan((160 / 5) * 1.5);
  });

  it("are told when their turn comes too late, and their place is another's", async () => {
    const { clock, sent, send } = open(1);
    const deadline = deadlineAfter(clock, 500);
    const first = send();
    await first;
    const waiting = send();
    await new Promise(setImmediate);
    const before = sent.length;
    const error = failure(send({ deadline }));
    expect(await error).toMatchObject({
      code: "Throttled",
      message: expect.stringContaining("its turn was in") as string,
    });
    expect(sent).toHaveLength(before);
    await clock.run(waiting);
    expect((await waiting).status).toBe(200);
  });

  it("are sent in the order in which they came, however often the rate is slowed meanwhile", async () => {
    const { clock, sent, seen, send } = open(1);
    const ask = (n: number) => send({ url: `https://host.example/${n}` });
    const burst = [ask(-1), ask(-2)];
    await new Promise(setImmediate);
    const waiting = Array.from({ length: 30 }, (_, n) => ask(n));
    const all = Promise.all([...burst, ...waiting]);
    await clock.run(all);
    await all;
    const first = waiting.map((_, n) => seen.findIndex(({ url }) => url === `https://host.example/${n}`));
    expect(first).toEqual([...first].sort((one, other) => one - other));
    expect(sent.filter(({ status }) => status === 429).length).toBeGreaterThan(5);
  });

  it("rest when a request is refused that does not come back", async () => {
    const clock = sharedClock();
    const transport = async (): Promise<HttpResponse> => ({
      ...{ status: 429, headers: { "retry-after": "30" }, text: "{}" },
    });
    let sent = 0;
    const session = openSession({
      clock,
      transport: () => ((sent += 1), transport()),
      tokens: { current: async () => "token", replace: async () => "token" },
      mayTrust: () => true,
    });
    const ask = () =>
      failure(
        session.send({
          ...{ action: "read", method: "GET", url: "https://host.example/a", repeatable: true },
          deadline: deadlineAfter(clock, 10_000),
        }),
      );
    expect(await ask()).toMatchObject({ code: "Throttled", status: 429 });
    expect(await ask()).toMatchObject({ code: "Throttled", status: undefined });
    expect(sent).toBe(1);
  });

  it("do not keep what goes to other servers waiting", async () => {
    const { clock, seen, send } = open(1);
    await send();
    const waiting = send();
    await new Promise(setImmediate);
    const before = seen.length;
    const anonymous = send({ anonymous: true });
    await new Promise(setImmediate);
    expect(seen.length).toBe(before + 1);
    const all = Promise.all([waiting, anonymous]);
    await clock.run(all);
    await all;
  });
});
