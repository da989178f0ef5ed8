import type { Clock } from "./clock";
import { outcomeUnknown, ServiceError } from "./errors";
import type { FaultKind, HttpResponse } from "./http";
import { flattenError, jsonObject } from "./response";

/** How one try ended without a response that can be used. */
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

/** Decides what follows a failed try. Pure: the same attempt always gets the same decision. */
export function decideRetry(attempt: Attempt): Decision {
  const { outcome } = attempt;
  if (!isTransient(outcome)) return { kind: "giveUp", why: "final" };
  if (!attempt.repeatable && !surelyUndone(outcome)) return { kind: "giveUp", why: "ambiguous" };
  if (attempt.attempt >= mostTriesFor(outcome)) return { kind: "giveUp", why: "spent" };
  const ms = backoffMs(outcome, attempt.attempt, attempt.random);
  return attempt.elapsedMs + ms >= attempt.budgetMs ? { kind: "giveUp", why: "spent" } : { kind: "wait", ms };
}

const transientStatuses = new Set([408, 429, 500, 502, 503, 504, 530]);
const mostTries = 6;
/** Waits of up to half a minute each. */
const mostThrottledTries = 10;
/** A server that throttles and names no time, or none that is left, still gets this much rest. */
const leastRequestedMs = 1_000;
const slowestMs = 30_000;
const busySlowestMs = 5_000;

/** Whether the server surely did nothing, so that even a request that must not be doubled can be sent again. */
export function surelyUndone(outcome: Outcome): boolean {
  if (outcome.kind === "busy") return true;
  if (outcome.kind === "fault") return !outcome.sent;
  return outcome.status === 429 || (outcome.status === 503 && outcome.retryAfterMs !== undefined);
}

const isTransient = (outcome: Outcome): boolean =>
  outcome.kind === "busy" ||
  (outcome.kind === "fault" ? outcome.fault !== "Tls" : transientStatuses.has(outcome.status));

const isThrottled = (outcome: Outcome): boolean =>
  outcome.kind === "status" && (outcome.status === 429 || outcome.retryAfterMs !== undefined);

/** A server that names a time to come back gets more tries; one where another operation runs, until the time is up. */
function mostTriesFor(outcome: Outcome): number {
  if (outcome.kind === "busy" && outcome.certain) return Infinity;
  return isThrottled(outcome) ? mostThrottledTries : mostTries;
}

function backoffMs(outcome: Outcome, attempt: number, random: number): number {
  const requested = outcome.kind === "fault" ? undefined : outcome.retryAfterMs;
  if (requested !== undefined && requested >= leastRequestedMs)
    return Math.round(requested + random * Math.min(1000, requested / 10));
  const slowest = outcome.kind === "busy" ? busySlowestMs : slowestMs;
  const first = outcome.kind === "status" && outcome.status === 429 ? 2000 : 500;
  const full = Math.min(slowest, first * 2 ** Math.min(attempt - 1, 16));
  const ms = Math.round(full / 2 + (random * full) / 2);
  // "At once" is treated as if the header were absent, but with a least rest.
  return requested === undefined ? ms : Math.max(leastRequestedMs + Math.round(random * 250), ms);
}

/**
 * How long a `Retry-After` header requests to wait, in milliseconds.
 *
 * @param header seconds, or an HTTP date; other text counts as absent
 * @param now milliseconds since 1970, for dates
 * @returns 0 for a date that has passed; undefined when the header is absent or unreadable
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const value = header?.trim();
  if (!value) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  // Date.parse takes bare numbers and signs for years, which no server means.
  if (!/^[A-Za-z]{3,9},? /.test(value)) return undefined;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Whether another operation runs on the service; `perhaps` is worth a few tries. */
export type Busy = boolean | "perhaps";

const runningWords =
  /in[\s-]?progress|another operation|operation is running|concurrent|being (created|updated|deleted)|transitioning/i;
const takenWords = /already exists|service exists|name.{0,40}(taken|in use)/i;

const textOf = (response: HttpResponse): string => flattenError(jsonObject(response)) ?? response.text;

/** A 409 to a create: a running operation only when it says so, else the name is taken. */
export function isBusyCreate(response: HttpResponse): Busy {
  const text = textOf(response);
  return runningWords.test(text) && !takenWords.test(text);
}

/** A 409 to a change of an existing service, or to one that overwrites: a running operation, or nobody knows. */
export const isBusyChange = (response: HttpResponse): Busy =>
  runningWords.test(textOf(response)) || "perhaps";

const mostRounds = 4;

/** A request that must not take effect twice, and how to see whether it did. */
export interface UnrepeatableRequest<T> {
  /** Verb and resource, for errors. */
  readonly action: string;
  readonly send: () => Promise<T>;
  /**
   * Called when the outcome is unknown: finds the request's effect in what is live.
   *
   * @returns undefined when there is none, so that the request can be sent again
   * @throws ServiceError when that cannot be known
   */
  readonly readBack: (error: ServiceError) => Promise<T | undefined>;
  /** After an unknown outcome, a conflict may be with the request's own effect: it is read back too. Default false. */
  readonly mayConflictWithItself?: boolean;
  /** What may have happened, for the error; default: it may have taken effect. */
  readonly possibility?: string;
}

/**
 * Sends a request that must not take effect twice. After an ambiguous failure its effect is read back before the request
 * is sent again.
 *
 * @throws ServiceError OutcomeUnknown when each round was ambiguous
 */
export async function sendWithReadBack<T>(clock: Clock, request: UnrepeatableRequest<T>): Promise<T> {
  let wasAmbiguous = false;
  for (let round = 1; ; round += 1) {
    try {
      return await request.send();
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const isOwnConflict = wasAmbiguous && request.mayConflictWithItself && error.code === "Conflict";
      if (!error.ambiguous && !isOwnConflict) throw error;
      const done = await request.readBack(error);
      if (done !== undefined) return done;
      if (round >= mostRounds) throw outcomeUnknown(error, request.action, request.possibility);
      wasAmbiguous = true;
      await clock.sleep(500 * 2 ** round);
    }
  }
}
