import type { Clock, Deadline } from "./clock";
import { ServiceError } from "./errors";
import type { Outcome } from "./retry";

/**
 * How fast a workspace is asked that throttles: all requests of the process together, since each that comes back on its own
 * is one too many again.
 */
export interface Pace {
  /** Milliseconds from one request to the next, when the pace was last slowed; 0 before the workspace has throttled. */
  readonly gapMs: number;
  /** When the pace was last slowed, in milliseconds since 1970. */
  readonly slowedAt: number;
  /** The next request is sent no sooner. */
  readonly nextAt: number;
}

/** The pace of a workspace that has refused nothing: none. */
export const unlimited: Pace = Object.freeze({ gapMs: 0, slowedAt: 0, nextAt: 0 });

const firstGapMs = 100;
const longestGapMs = 10_000;
/** Few steps to the pace that is taken, and not far below it. */
const slowerBy = 1.25;
/** Without a refusal the pace doubles in this time: what had to be slow may have been another's load. */
const halvedEveryMs = 60_000;
const defaultRestMs = 1_000;
const longestRestMs = 60_000;

/** Takes the next place. @returns when the request is to be sent, and the pace for those after it */
export function nextPlace(pace: Pace, now: number): { readonly at: number; readonly pace: Pace } {
  const at = Math.max(now, pace.nextAt);
  return { at, pace: pace.gapMs === 0 ? pace : { ...pace, nextAt: at + gapAt(pace, at) } };
}

/**
 * The pace after a 429.
 *
 * @param sentAt when the refused request was sent: by the time that the pace was slowed it says nothing about the slower pace
 * @param restMs how long the workspace wants to be left alone
 */
export function slowed(pace: Pace, sentAt: number, now: number, restMs = defaultRestMs): Pace {
  const restedAt = now + Math.min(restMs, longestRestMs);
  if (sentAt <= pace.slowedAt) return { ...pace, nextAt: Math.max(pace.nextAt, restedAt) };
  const gapMs = Math.min(longestGapMs, Math.max(firstGapMs, gapAt(pace, now) * slowerBy));
  return { gapMs, slowedAt: now, nextAt: restedAt };
}

const gapAt = ({ gapMs, slowedAt }: Pace, time: number): number =>
  gapMs * 2 ** ((slowedAt - time) / halvedEveryMs);

/** The pace of a session, which all of its requests keep. */
export interface Pacer {
  /**
   * Waits until the request may be sent, and at least so many milliseconds.
   *
   * @throws ServiceError Interrupted; Throttled when its place is after the deadline
   */
  place(deadline: Deadline, action: string, leastMs: number): Promise<void>;
  /** Notes how a request failed that was sent then: a 429 slows the pace. */
  failed(sentAt: number, outcome: Outcome): void;
}

export function openPacer(clock: Clock): Pacer {
  let pace = unlimited;
  return {
    async place(deadline, action, leastMs) {
      for (let restMs = leastMs; ; restMs = 0) {
        const now = clock.now();
        const next = nextPlace(pace, now);
        const sendAt = Math.max(next.at, now + restMs);
        if (sendAt > now && sendAt >= deadline.at) throw tooLate(action, sendAt - now);
        pace = next.pace;
        const { slowedAt } = pace;
        if (sendAt > now) await deadline.sleep(sendAt - now, action);
        // Slowed meanwhile: the places were given for a faster pace, and are given anew, in the same order.
        if (pace.slowedAt === slowedAt) return;
      }
    },
    failed(sentAt, outcome) {
      if (outcome.kind !== "status" || outcome.status !== 429) return;
      pace = slowed(pace, sentAt, clock.now(), outcome.retryAfterMs);
    },
  };
}

const tooLate = (action: string, waitMs: number): ServiceError =>
  new ServiceError({
    action,
    code: "Throttled",
    status: 429,
    detail:
      "Expected the workspace to take the request in time, found that it throttles (429): " +
      `its turn was in ${Math.ceil(waitMs / 1000)} s.`,
  });
