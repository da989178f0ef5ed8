import type { Clock } from "../client/clock";
import { pollDelayMs } from "../client/operation";

/** A deletion that was accepted is seen a little later where the service reads from a copy. */
const SEEN_WITHIN_MS = 60_000;
/** The last look gets as long as any other for its answer. */
const LOOK_MS = 30_000;

/**
 * Whether what was deleted is seen to be gone: that a deletion was accepted is not enough to forget a resource.
 *
 * @param read gives undefined once there is nothing
 */
export const isSeenGone = async (
  clock: Clock,
  read: (until: number) => Promise<unknown>,
): Promise<boolean> => {
  const deadline = clock.now() + SEEN_WITHIN_MS;
  for (let polls = 1; ; polls += 1) {
    if ((await read(clock.now() + LOOK_MS)) === undefined) return true;
    const left = deadline - clock.now();
    if (left <= 0) return false;
    await clock.sleep(Math.min(left, pollDelayMs(polls)));
  }
};
