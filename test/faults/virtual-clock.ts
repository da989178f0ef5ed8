import type { Clock } from "../../provider/azure/clock";

/** A clock that moves only while everybody sleeps, so that an hour of polling takes no time. */
export interface VirtualClock extends Clock {
  alarm(ms: number, ring: () => void): () => void;
  /** Time stands still until this work has ended. */
  during<T>(work: () => Promise<T>): Promise<T>;
  advance(ms: number): void;
}

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

const START = Date.parse("2026-11-20T12:00:00Z");
/** Node fires a timer that is set for longer than this at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** Turns of the event loop in which whoever was woken gets to his next request or sleep. */
const TURNS = 4;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const aborted = (): Error => Object.assign(new Error("The operation was aborted"), { name: "AbortError" });

/** Many sleepers and one time: the earliest is woken when nothing else goes on. */
export function virtualClock(): VirtualClock {
  let now = START;
  let working = 0;
  let changes = 0;
  let moving = false;
  const sleepers = new Set<Sleeper>();
  /** They guard work that the clock does not see, such as packing files: time never moves for their sake. */
  const alarms = new Set<Sleeper>();

  const earliest = (all: ReadonlySet<Sleeper>): Sleeper | undefined =>
    [...all].reduce<Sleeper | undefined>(
      (first, each) => (first === undefined || each.due < first.due ? each : first),
      undefined,
    );

  /** Whether nothing has begun or ended for a while. */
  const isStill = async (): Promise<boolean> => {
    const before = changes;
    for (let n = 0; n < TURNS; n += 1) await turn();
    return working === 0 && changes === before;
  };

  const move = async (): Promise<void> => {
    if (moving) return;
    moving = true;
    while (sleepers.size > 0 && working === 0) {
      if (!(await isStill())) continue;
      const [sleeper, guard] = [earliest(sleepers), earliest(alarms)];
      if (!sleeper) break;
      const next = guard && guard.due <= sleeper.due ? guard : sleeper;
      now = Math.max(now, next.due);
      sleepers.delete(next);
      changes += 1;
      next.wake();
    }
    moving = false;
  };

  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(aborted());
      const sleeper: Sleeper = {
        due: now + (ms > LONGEST_TIMER_MS ? 1 : Math.max(0, ms)),
        wake: () => end(resolve),
      };
      const abort = (): void => end(() => reject(aborted()));
      const end = (how: () => void): void => {
        sleepers.delete(sleeper);
        changes += 1;
        signal?.removeEventListener("abort", abort);
        how();
      };
      signal?.addEventListener("abort", abort);
      sleepers.add(sleeper);
      changes += 1;
      void move();
    });

  const alarm = (ms: number, ring: () => void): (() => void) => {
    const guard: Sleeper = { due: now + ms, wake: () => void (alarms.delete(guard) && ring()) };
    alarms.add(guard);
    return () => void alarms.delete(guard);
  };

  return {
    now: () => now,
    random: () => 0.5,
    sleep,
    alarm,
    advance: (ms) => void (now += ms),
    during: async (work) => {
      working += 1;
      changes += 1;
      try {
        return await work();
      } finally {
        working -= 1;
        changes += 1;
        void move();
      }
    },
  };
}
