import { refusal } from "./answer";
import { tryOnce, type Call, type Tried } from "./attempt";
import type { Clock } from "./clock";
import { deadlineAfter, type Deadline } from "./deadline";
import { ServiceError, type ErrorCode, type Failure } from "./errors";
import type { FaultKind, TransportFault } from "./fault";
import type { HttpAnswer, Transport } from "./http";
import { decideRetry, surelyUndone, type Outcome } from "./retry";
import { parseRetryAfter } from "./retry-after";
import type { TokenSource } from "./token";

export interface Session {
  readonly clock: Clock;
  /**
   * Sends until there is an answer worth judging: transient ones are repeated, a refused token is replaced.
   *
   * @throws ServiceError when no such answer came in time; `ambiguous` when the request may have taken effect;
   * Interrupted when the user interrupts before it is sent, or while it is repeated
   */
  send(call: Call): Promise<HttpAnswer>;
}

export interface SessionParts {
  readonly clock: Clock;
  readonly transport: Transport;
  readonly tokens: TokenSource;
  /** Whether this URL may get the token. */
  readonly mayTrust: (url: string) => boolean;
}

const defaultBudgetMs = 5 * 60_000;

const faultCodes: Readonly<Record<FaultKind, ErrorCode>> = Object.freeze({
  Refused: "Unreachable",
  Unresolved: "Unreachable",
  Tls: "TlsFailed",
  TimedOut: "NoAnswer",
  Cut: "ConnectionLost",
});

const busyOf = (call: Call, answer: HttpAnswer): boolean | "perhaps" =>
  answer.status === 409 && call.isBusy !== undefined && call.isBusy(answer);

function outcomeOf(tried: Tried, call: Call, now: number): Outcome | undefined {
  if ("fault" in tried) return { kind: "fault", fault: tried.fault.kind, sent: tried.fault.sent };
  const { answer } = tried;
  const retryAfterMs = parseRetryAfter(answer.headers["retry-after"], now);
  const busy = busyOf(call, answer);
  if (busy) return { kind: "busy", certain: busy === true, retryAfterMs };
  if (answer.status < 400 || answer.status === 409) return undefined;
  return { kind: "status", status: answer.status, retryAfterMs };
}

/** A host without its path: enough to find the fault, nothing that could be a secret. */
const hostOf = (url: string): string => new URL(url).host;

const runningOperation = { code: "OperationInProgress", advice: undefined } as const;

/** The error after the last try. `open`: one of the tries may have taken effect. */
function lastError(call: Call, tried: Tried, open: boolean): ServiceError {
  const { action } = call;
  if ("answer" in tried) {
    const running = busyOf(call, tried.answer) === true ? runningOperation : {};
    const unclear =
      tried.answer.status === 409 ? { advice: "See what the service says, then run again." } : {};
    const throttled: Partial<Failure> = tried.answer.status === 429 ? { code: "Throttled" } : {};
    return refusal({ action }, tried.answer, { ambiguous: open, ...unclear, ...running, ...throttled });
  }
  return faultError(call, tried.fault, open);
}

const faultError = (call: Call, fault: TransportFault, open: boolean): ServiceError =>
  new ServiceError({
    action: call.action,
    code: faultCodes[fault.kind],
    detail: `Expected an answer from ${hostOf(call.url)}, found ${fault.reason}.`,
    ambiguous: open,
  });

function assertTrusted(parts: SessionParts, call: Call): void {
  if (call.anonymous || parts.mayTrust(call.url)) return;
  throw new ServiceError({
    action: call.action,
    code: "ForeignAddress",
    detail: `Expected an address of the workspace, found one at ${hostOf(call.url)}.`,
  });
}

const isRefused = (tried: Tried): boolean => "answer" in tried && tried.answer.status === 401;

/** One try. An interrupt ends reads and uploads at once; what may change the service is heard out. */
const tryWithin = (
  parts: SessionParts,
  call: Call,
  deadline: Deadline,
  token: string | undefined,
): Promise<Tried> => {
  const attempt = (signal?: AbortSignal): Promise<Tried> =>
    tryOnce(parts.transport, call, token, Math.max(1, deadline.remainingMs()), signal);
  return call.method === "GET" || call.stream ? deadline.interruptible(call.action, attempt) : attempt();
};

/** The request in its tries. A refused token is replaced without counting as a try: nothing was done with it. */
async function sendUntilJudged(parts: SessionParts, call: Call): Promise<HttpAnswer> {
  assertTrusted(parts, call);
  const { clock, tokens } = parts;
  const { action, repeatable } = call;
  const deadline = call.deadline ?? deadlineAfter(clock, defaultBudgetMs);
  deadline.assertOpen(action);
  const aToken = { action, expected: "a token" };
  const start = clock.now();
  const budgetMs = deadline.remainingMs();
  let token = call.anonymous ? undefined : await deadline.limit(aToken, () => tokens.current());
  let refused: string | undefined;
  let open = false;
  for (let attempt = 1; ;) {
    const tried = await tryWithin(parts, call, deadline, token);
    if (token !== undefined && isRefused(tried)) {
      const sent = token;
      const again = sent === refused;
      refused = sent;
      token = await deadline.limit(aToken, () => tokens.replace(sent, again));
      continue;
    }
    const outcome = outcomeOf(tried, call, clock.now());
    if (!outcome) return (tried as { answer: HttpAnswer }).answer;
    const elapsedMs = clock.now() - start;
    const random = clock.random();
    const decision = decideRetry({ outcome, attempt, elapsedMs, budgetMs, random, repeatable });
    const judged = decision.kind === "giveUp" && decision.why === "final" && "answer" in tried;
    if (judged) return tried.answer;
    open ||= !surelyUndone(outcome);
    if (decision.kind === "giveUp") throw lastError(call, tried, open);
    await deadline.sleep(decision.ms, action).catch((interrupted: unknown) => {
      throw open && call.method !== "GET" ? lastError(call, tried, open) : interrupted;
    });
    attempt += 1;
  }
}

/** Joins transport, token and clock into the one loop that every request runs in. */
export function openSession(parts: SessionParts): Session {
  return Object.freeze({ clock: parts.clock, send: (call: Call) => sendUntilJudged(parts, call) });
}
