import type { Clock, Deadline } from "./clock";
import { ServiceError } from "./errors";
import type { Outcome } from "./retry";

/**
 * How fast a workspace is asked that throttles: all requests of the process together, since each that comes back on its own
 * is one too many again.
 */
export interface Rate {
  /** Milliseconds from one request to the next, when the rate was last slowed; 0 before the workspace has throttled. */
  readonly gapMs: number;
  /** When the rate was last slowed, in milliseconds since 1970. */
  readonly slowedAt: number;
  /** The next request is sent no sooner. */
  readonly nextAt: number;
}

/** The rate of a workspace that has refused nothing: any. */
export const unlimited: Rate = Object.freeze({ gapMs: 0, slowedAt: 0, nextAt: 0 });

const firstGapMs = 100;
const longestGapMs = 10_000;
/** Few steps to the rate that is taken, and not far below it. */
const slowerBy = 1.25;
/** Without a refusal the rate doubles in this time: what had to be slow may have been another's load. */
const halvedEveryMs = 60_000;
const defaultRestMs = 1_000;
const longestRestMs = 60_000;

/** The rate after a request that is sent now. */
export const afterRequest = (rate: Rate, now: number): Rate =>
  rate.gapMs === 0 ? rate : { ...rate, nextAt: now + gapAt(rate, now) };

/**
 * The rate after a 429.
 *
 * @param sentAt when the refused request was sent: by the time that the rate was slowed it says nothing about the slower rate
 * @param restMs how long the workspace wants to be left alone
 */
export function slowed(rate: Rate, sentAt: number, now: number, restMs = defaultRestMs): Rate {
  const restedAt = now + Math.min(restMs, longestRestMs);
  if (sentAt <= rate.slowedAt) return { ...rate, nextAt: Math.max(rate.nextAt, restedAt) };
  const gapMs = Math.min(longestGapMs, Math.max(firstGapMs, gapAt(rate, now) * slowerBy));
  return { gapMs, slowedAt: now, nextAt: restedAt };
}

const gapAt = ({ gapMs, slowedAt }: Rate, time: number): number =>
  gapMs * 2 ** ((slowedAt - time) / halvedEveryMs);

/**
 * The rate of a session, which all of its requests keep. First come, first served: one that is refused goes to the end, so that
 * none uses up its tries while the rate is still being found.
 */
export interface RateLimiter {
  /**
   * Waits until a request may be sent, and at least so many milliseconds.
   *
   * @throws ServiceError Interrupted; Throttled when its turn is after the deadline
   */
  acquire(deadline: Deadline, action: string, leastMs: number): Promise<void>;
  /** Notes how a request failed that was sent then: a 429 slows the rate. */
  failed(sentAt: number, outcome: Outcome): void;
}

interface Waiter {
  /** The end of its own rest: until then others go first. */
  readonly restedAt: number;
  readonly deadline: Deadline;
  readonly action: string;
  readonly send: () => void;
  readonly refuse: (error: ServiceError) => void;
}

export function openRateLimiter(clock: Clock): RateLimiter {
  let rate = unlimited;
  /** In the order in which they came. */
  let queue: readonly Waiter[] = [];
  /** Ends the sleep of the one that lets waiters go; undefined while nobody waits. */
  let wake: AbortController | undefined;

  const release = async (): Promise<void> => {
    while (queue.length > 0) {
      const now = clock.now();
      const at = Math.max(rate.nextAt, Math.min(...queue.map(({ restedAt }) => restedAt)));
      wake = new AbortController();
      if (at > now) await clock.sleep(at - now, wake.signal).catch(() => undefined);
      else sendFirst(now);
    }
    wake = undefined;
  };

  const sendFirst = (now: number): void => {
    const first = queue.find(({ restedAt }) => restedAt <= now)!;
    leave(first);
    if (first.deadline.at <= now) return first.refuse(tooLate(first.action, 0));
    rate = afterRequest(rate, now);
    first.send();
  };

  const leave = (waiter: Waiter): void => {
    queue = queue.filter((one) => one !== waiter);
  };

  /** Whoever has no turn in time is told at once. */
  const refuseLate = (): void => {
    for (const { waiter, waitMs } of lateIn(queue, rate, clock.now())) {
      leave(waiter);
      waiter.refuse(tooLate(waiter.action, waitMs));
    }
  };

  return {
    async acquire(deadline, action, leastMs) {
      const now = clock.now();
      if (leastMs === 0 && rate.nextAt <= now && !queue.some(({ restedAt }) => restedAt <= now)) {
        rate = afterRequest(rate, now);
        return;
      }
      let waiter: Waiter | undefined;
      const turn = (): Promise<void> =>
        new Promise((send, refuse) => {
          waiter = { restedAt: now + leastMs, deadline, action, send, refuse };
          queue = [...queue, waiter];
          refuseLate();
          if (wake) wake.abort();
          else void release();
        });
      try {
        await deadline.interruptible(action, turn);
      } finally {
        if (waiter) leave(waiter);
        // No process is kept alive by a sleep for nobody.
        if (queue.length === 0) wake?.abort();
      }
    },
    failed(sentAt, outcome) {
      if (outcome.kind !== "status" || outcome.status !== 429) return;
      rate = slowed(rate, sentAt, clock.now(), outcome.retryAfterMs);
      refuseLate();
    },
  };
}

/** Those whose turn comes after their deadline, and in how many milliseconds it comes. */
const lateIn = (queue: readonly Waiter[], rate: Rate, now: number) => {
  let turnAt = Math.max(now, rate.nextAt);
  return queue.flatMap((waiter) => {
    const at = Math.max(turnAt, waiter.restedAt);
    if (at > now && at >= waiter.deadline.at) return [{ waiter, waitMs: at - now }];
    turnAt += gapAt(rate, now);
    return [];
  });
};

const tooLate = (action: string, waitMs: number): ServiceError =>
  new ServiceError({
    action,
    code: "Throttled",
    detail:
      "Expected the workspace to take the request in time, found that it throttles (429): " +
      (waitMs > 0 ? `its turn was in ${Math.ceil(waitMs / 1000)} s.` : "its turn had not come."),
  });
