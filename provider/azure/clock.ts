import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { ServiceError } from "./errors";

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

/** A text that nothing else has. */
export const randomToken = (): string => randomBytes(8).toString("hex");

/** What is limited, for the error when it did not end in time. */
export interface Limited {
  /** Verb and resource: `read service "fraud"`. */
  readonly action: string;
  /** What has to be there in time: `a token`. */
  readonly expected: string;
}

/**
 * When an operation gives up, and whether the user has interrupted it. It is made once per operation, and everything
 * that the operation does obeys it: finding the workspace, tokens, requests and their retries, polls, packing, uploads.
 */
export interface Deadline {
  /** Milliseconds since 1970, on the clock. */
  readonly at: number;
  /** Aborts when the user interrupts the operation. */
  readonly interrupt: AbortSignal | undefined;
  /** Milliseconds that are left, never less than none. */
  remainingMs(): number;
  /** @throws ServiceError Interrupted, or TimedOut when no time is left */
  assertOpen(action: string): void;
  /** Sleeps. @throws ServiceError Interrupted as soon as the user interrupts */
  sleep(ms: number, action: string): Promise<void>;
  /** Runs work that the deadline does not end, but an interrupt does, at once. @throws ServiceError Interrupted */
  interruptible<T>(action: string, work: (signal: AbortSignal | undefined) => Promise<T>): Promise<T>;
  /**
   * Runs work and waits for it no longer than until the deadline, whether or not the work heeds its signal.
   *
   * @throws ServiceError TimedOut or Interrupted
   */
  limit<T>(limited: Limited, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** The same, but not sooner than that many milliseconds from now. */
  atLeast(ms: number): Deadline;
}

/** A deadline at a time of the clock. */
export function deadlineAt(clock: Clock, at: number, interrupt?: AbortSignal): Deadline {
  const alarm = clock.alarm ?? systemClock.alarm;
  const remainingMs = (): number => Math.max(0, at - clock.now());
  const assertGoingOn = (action: string): void => {
    if (interrupt?.aborted) throw interrupted(action);
  };

  const interruptible: Deadline["interruptible"] = async (action, work) => {
    if (!interrupt) return work(undefined);
    assertGoingOn(action);
    return untilStopped(work, (stop) => onAbort(interrupt, () => stop(interrupted(action))));
  };

  const limit: Deadline["limit"] = async (limited, work) => {
    assertGoingOn(limited.action);
    if (remainingMs() === 0) throw timedOut(limited);
    return untilStopped(work, (stop) => {
      const callOff = alarm(remainingMs(), () => stop(timedOut(limited)));
      const disarm = onAbort(interrupt, () => stop(interrupted(limited.action)));
      return () => {
        callOff();
        disarm();
      };
    });
  };

  return Object.freeze<Deadline>({
    at,
    interrupt,
    remainingMs,
    assertOpen: (action) => {
      assertGoingOn(action);
      if (remainingMs() > 0) return;
      throw new ServiceError({ action, code: "TimedOut", detail: "The time was up before it was sent." });
    },
    sleep: (ms, action) => interruptible(action, (signal) => clock.sleep(ms, signal)),
    interruptible,
    limit,
    atLeast: (ms) =>
      remainingMs() >= ms ? deadlineAt(clock, at, interrupt) : deadlineAt(clock, clock.now() + ms, interrupt),
  });
}

/** A deadline that many milliseconds from now. */
export const deadlineAfter = (clock: Clock, ms: number, interrupt?: AbortSignal): Deadline =>
  deadlineAt(clock, clock.now() + ms, interrupt);

/** A deadline from a time of the clock, or the deadline itself. */
export const asDeadline = (clock: Clock, limit: Deadline | number): Deadline =>
  typeof limit === "number" ? deadlineAt(clock, limit) : limit;

const interrupted = (action: string): ServiceError =>
  new ServiceError({
    action,
    code: "Interrupted",
    detail: "Expected it to end, found that it was interrupted.",
  });

const timedOut = ({ action, expected }: Limited): ServiceError =>
  new ServiceError({
    action,
    code: "TimedOut",
    detail: `Expected ${expected} in time, found that the time was up.`,
  });

/** Waits for work until something else, which `watch` arms and disarms, stops the wait with an error. */
async function untilStopped<T>(
  work: (signal: AbortSignal) => Promise<T>,
  watch: (stop: (error: ServiceError) => void) => () => void,
): Promise<T> {
  const controller = new AbortController();
  let disarm = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => {
    disarm = watch((error) => {
      reject(error);
      controller.abort(error);
    });
  });
  try {
    return await Promise.race([work(controller.signal), stopped]);
  } finally {
    disarm();
  }
}

/** Calls back when the signal aborts; the returned function takes that back. */
function onAbort(signal: AbortSignal | undefined, call: () => void): () => void {
  signal?.addEventListener("abort", call, { once: true });
  return () => signal?.removeEventListener("abort", call);
}
