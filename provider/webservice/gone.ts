import type { Deadline } from "../azure/clock";

/** A deletion that was accepted is seen a little later where the service reads from a copy. */
const SEEN_WITHIN_MS = 60_000;
/** Looks are rare: whoever throttles must not be asked in a hurry. */
const FIRST_PAUSE_MS = 1_000;
/** The last look gets an answer even when the time is up. */
const LOOK_MS = 10_000;

/**
 * Whether what was deleted is seen to be gone: that a deletion was accepted is not enough to forget a resource.
 *
 * @param read gives undefined once there is nothing
 */
export const isSeenGone = async (
  deadline: Deadline,
  read: (until: Deadline) => Promise<unknown>,
): Promise<boolean> => {
  let patienceMs = Math.min(SEEN_WITHIN_MS, deadline.remainingMs());
  for (let pauseMs = Math.min(FIRST_PAUSE_MS, patienceMs); ; pauseMs = Math.min(2 * pauseMs, patienceMs)) {
    if ((await read(deadline.atLeast(LOOK_MS))) === undefined) return true;
    if (patienceMs <= 0) return false;
    patienceMs -= pauseMs;
    await deadline.sleep(pauseMs, "wait until it is gone");
  }
};
