import { setTimeout as delay } from "node:timers/promises";

/** Time and chance, so that tests can hold both still. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with an AbortError when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Rings once after `ms` milliseconds, unless the returned function is called before. Default: the machine's time. */
  alarm?(ms: number, ring: () => void): () => void;
  /** A number in [0, 1). */
  random(): number;
}

/** Node.js takes a longer wait (25 days) for none at all. */
const longestTimerMs = 2 ** 31 - 1;
const timerMs = (ms: number): number => Math.min(longestTimerMs, Math.max(0, Math.ceil(ms)));

/** The clock of the machine. */
export const systemClock = Object.freeze({
  now: () => Date.now(),
  sleep: (ms: number, signal?: AbortSignal) => delay(timerMs(ms), undefined, signal ? { signal } : {}),
  alarm: (ms: number, ring: () => void) => {
    const timer = setTimeout(ring, timerMs(ms));
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
}) satisfies Clock;
