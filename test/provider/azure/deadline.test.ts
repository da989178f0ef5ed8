import { deadlineAfter, deadlineAt, systemClock, type Clock } from "../../../provider/azure/clock";
import { failure } from "./fake-workspace";

/** A clock that stands still, and whose alarms ring when the test says so. */
const handClock = () => {
  let now = 1_000_000;
  const alarms: { readonly at: number; readonly ring: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    random: () => 0.5,
    sleep: (_, signal) =>
      new Promise((_done, reject) => signal?.addEventListener("abort", () => reject(new Error("woken")))),
    alarm: (ms, ring) => {
      const one = { at: now + ms, ring };
      alarms.push(one);
      return () => void alarms.splice(alarms.indexOf(one), 1);
    },
  };
  const pass = (ms: number): void => {
    now += ms;
    for (const { at, ring } of [...alarms]) if (at <= now) ring();
  };
  return { clock, alarms, pass };
};

const limited = { action: "fetch a token", expected: "a token" };
const forEver = () => new Promise<never>(() => undefined);

it("ends work that never ends, and tells it by its signal", async () => {
  const { clock, alarms, pass } = handClock();
  const deadline = deadlineAfter(clock, 5_000);
  const signals: AbortSignal[] = [];
  const end = failure(
    deadline.limit(limited, (signal) => {
      signals.push(signal);
      return forEver();
    }),
  );
  pass(4_999);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  pass(1);
  expect(await end).toMatchObject({ code: "TimedOut" });
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  expect(alarms).toEqual([]);
});

it("leaves nothing behind of work that ends in time", async () => {
  const { clock, alarms } = handClock();
  const user = new AbortController();
  const remove = jest.spyOn(user.signal, "removeEventListener");
  const deadline = deadlineAfter(clock, 5_000, user.signal);
  expect(await deadline.limit(limited, async () => 7)).toBe(7);
  await expect(deadline.limit(limited, () => Promise.reject(new Error("own reason")))).rejects.toThrow(
    "own reason",
  );
  expect(alarms).toEqual([]);
  expect(remove).toHaveBeenCalledTimes(2);
});

it("begins nothing when the time is up or the user has interrupted", async () => {
  const { clock, pass } = handClock();
  const user = new AbortController();
  const deadline = deadlineAfter(clock, 5_000, user.signal);
  const work = jest.fn(forEver);
  pass(5_000);
  expect(await failure(deadline.limit(limited, work))).toMatchObject({ code: "TimedOut" });
  expect(() => deadline.assertOpen("read")).toThrow(expect.objectContaining({ code: "TimedOut" }));
  user.abort();
  expect(await failure(deadline.limit(limited, work))).toMatchObject({ code: "Interrupted" });
  expect(await failure(deadline.interruptible("read", work))).toMatchObject({ code: "Interrupted" });
  expect(() => deadline.assertOpen("read")).toThrow(expect.objectContaining({ code: "Interrupted" }));
  expect(work).not.toHaveBeenCalled();
});

it("ends every wait at once when the user interrupts", async () => {
  const { clock } = handClock();
  const user = new AbortController();
  const deadline = deadlineAfter(clock, 60 * 60_000, user.signal);
  const ends = [
    deadline.limit(limited, forEver),
    deadline.interruptible("read", forEver),
    deadline.sleep(60_000, "wait"),
    deadline.atLeast(5_000).sleep(60_000, "wait"),
    deadlineAt(clock, 0, user.signal).atLeast(5_000).sleep(60_000, "wait"),
  ].map(failure);
  user.abort();
  for (const end of ends) expect(await end).toMatchObject({ code: "Interrupted" });
});

it("gives the last look its time, and no more than is left otherwise", () => {
  const { clock } = handClock();
  const start = clock.now();
  expect(deadlineAt(clock, start + 60_000).atLeast(5_000).at).toBe(start + 60_000);
  expect(deadlineAt(clock, start + 1).atLeast(5_000).at).toBe(start + 5_000);
  expect(deadlineAt(clock, start - 60_000).remainingMs()).toBe(0);
});

it("takes a wait beyond the machine's timers for a long one, and not for none", async () => {
  const rung: string[] = [];
  const callOff = systemClock.alarm(2 ** 40, () => rung.push("in years"));
  const asleep = new AbortController();
  const slept = systemClock.sleep(2 ** 40, asleep.signal).then(
    () => rung.push("slept for years"),
    () => undefined,
  );
  await new Promise<void>((done) => systemClock.alarm(50, done));
  callOff();
  asleep.abort();
  await slept;
  expect(rung).toEqual([]);
});
