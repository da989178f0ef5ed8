import type { FaultKind } from "./fault";

/** How one try ended without the answer that was wanted. */
export type Outcome =
  | { readonly kind: "status"; readonly status: number; readonly retryAfterMs?: number | undefined }
  /** 409 because another operation runs on the same service; not `certain`: perhaps for another reason. */
  | { readonly kind: "busy"; readonly certain: boolean; readonly retryAfterMs?: number | undefined }
  | { readonly kind: "fault"; readonly fault: FaultKind; readonly sent: boolean };

export interface Attempt {
  readonly outcome: Outcome;
  /** How many tries were made, this one included. */
  readonly attempt: number;
  readonly elapsedMs: number;
  /** The time for all tries and waits together. */
  readonly budgetMs: number;
  /** A number in [0, 1). */
  readonly random: number;
  /** Whether doing it twice is the same as doing it once. */
  readonly repeatable: boolean;
}

/** `final`: no repeat would help. `ambiguous`: it may have taken effect. `spent`: tries or time are used up. */
export type Decision =
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "giveUp"; readonly why: "final" | "ambiguous" | "spent" };

const transient = new Set([408, 429, 500, 502, 503, 504, 530]);
const mostTries = 6;
/** Waits of up to half a minute each. */
const mostThrottledTries = 10;
/** A server that throttles and names no time, or none that is left, still gets this much rest. */
const leastAskedMs = 1_000;
const slowestMs = 30_000;
const busySlowestMs = 5_000;

/** Whether the server surely did nothing, so that even a request that must not be doubled can be sent again. */
export function surelyUndone(outcome: Outcome): boolean {
  if (outcome.kind === "busy") return true;
  if (outcome.kind === "fault") return !outcome.sent;
  return outcome.status === 429 || (outcome.status === 503 && outcome.retryAfterMs !== undefined);
}

const passing = (outcome: Outcome): boolean =>
  outcome.kind === "busy" ||
  (outcome.kind === "fault" ? outcome.fault !== "Tls" : transient.has(outcome.status));

const isThrottled = (outcome: Outcome): boolean =>
  outcome.kind === "status" && (outcome.status === 429 || outcome.retryAfterMs !== undefined);

/** A server that says when to come back is asked more often; one where another operation runs, until the time is up. */
function mostTriesFor(outcome: Outcome): number {
  if (outcome.kind === "busy" && outcome.certain) return Infinity;
  return isThrottled(outcome) ? mostThrottledTries : mostTries;
}

function backoffMs(outcome: Outcome, attempt: number, random: number): number {
  const asked = outcome.kind === "fault" ? undefined : outcome.retryAfterMs;
  if (asked !== undefined && asked >= leastAskedMs)
    return Math.round(asked + random * Math.min(1000, asked / 10));
  const slowest = outcome.kind === "busy" ? busySlowestMs : slowestMs;
  const first = outcome.kind === "status" && outcome.status === 429 ? 2000 : 500;
  const full = Math.min(slowest, first * 2 ** Math.min(attempt - 1, 16));
  const ms = Math.round(full / 2 + (random * full) / 2);
  // Who is told to come back at once comes back as if nothing had been told, but never in a hurry.
  return asked === undefined ? ms : Math.max(leastAskedMs + Math.round(random * 250), ms);
}

/** Decides what follows a failed try. Pure: the same attempt always gets the same decision. */
export function decideRetry(attempt: Attempt): Decision {
  const { outcome } = attempt;
  if (!passing(outcome)) return { kind: "giveUp", why: "final" };
  if (!attempt.repeatable && !surelyUndone(outcome)) return { kind: "giveUp", why: "ambiguous" };
  if (attempt.attempt >= mostTriesFor(outcome)) return { kind: "giveUp", why: "spent" };
  const ms = backoffMs(outcome, attempt.attempt, attempt.random);
  return attempt.elapsedMs + ms >= attempt.budgetMs ? { kind: "giveUp", why: "spent" } : { kind: "wait", ms };
}
