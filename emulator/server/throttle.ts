import type { Clock } from "../state/clock";
import { ApiError, errorDocument } from "./errors";
import type { Reply } from "./reply";

/** Refuses what comes more often than a workspace takes it. */
export interface Throttle {
  /** The 429 for a request that is one too many; undefined lets it pass. */
  refusal(): Reply | undefined;
}

const windowMs = 1000;

/** @param most how many requests pass within any second; all when absent */
export function makeThrottle(clock: Clock, most: number = Infinity): Throttle {
  let passed: number[] = [];
  return {
    refusal() {
      const now = clock.now();
      passed = passed.filter((time) => time > now - windowMs);
      if (passed.length >= most) return tooMany;
      if (most < Infinity) passed.push(now);
      return undefined;
    },
  };
}

const tooMany: Reply = {
  status: 429,
  body: errorDocument(new ApiError(429, "TooManyRequests", "The workspace takes fewer requests a second.")),
  headers: { "Retry-After": String(windowMs / 1000) },
};
