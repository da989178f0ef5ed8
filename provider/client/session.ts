import { randomUUID } from "node:crypto";
import { refusal } from "./answer";
import type { Clock } from "./clock";
import { redact } from "./error-text";
import { ServiceError, type ErrorCode } from "./errors";
import { TransportFault, type FaultKind } from "./fault";
import type { HttpAnswer, HttpRequest, Transport } from "./http";
import { decideRetry, type Decision, type Outcome } from "./retry";
import { parseRetryAfter } from "./retry-after";
import type { TokenSource } from "./token";

/** One request to the service, with what the retry has to know of it. */
export interface Call {
  /** Verb and resource, for errors: `read service "fraud"`. */
  readonly action: string;
  readonly method: HttpRequest["method"];
  readonly url: string;
  readonly body?: unknown;
  /** Default `application/json` where there is a body. */
  readonly contentType?: string;
  /** Doing it twice is the same as doing it once. */
  readonly repeatable: boolean;
  /** Whether this 409 means that another operation runs on the service; default: none does. */
  readonly isBusy?: (answer: HttpAnswer) => boolean;
  /** Texts that must not show up in an error. */
  readonly secrets?: readonly string[];
  /** When to give up, on the session's clock; default five minutes from now. */
  readonly deadline?: number | undefined;
  /** Sent without a token. Default false. */
  readonly anonymous?: boolean;
}

export interface Session {
  readonly clock: Clock;
  /**
   * Sends until there is an answer worth judging: transient ones are repeated, a refused token is replaced.
   *
   * @throws ServiceError when no such answer came in time; `ambiguous` when the request may have taken effect
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
const longestTryMs = 80_000;
const sessionId = randomUUID();

type Tried = { readonly answer: HttpAnswer } | { readonly fault: TransportFault };

const faultCodes: Readonly<Record<FaultKind, ErrorCode>> = Object.freeze({
  Refused: "Unreachable",
  Unresolved: "Unreachable",
  Tls: "TlsFailed",
  TimedOut: "TimedOut",
  Cut: "ConnectionLost",
});

function headersOf(call: Call, token: string | undefined): Record<string, string> {
  return {
    accept: "application/json",
    "user-agent": "pulumi-azureml",
    "x-ms-client-session-id": sessionId,
    "x-ms-client-request-id": randomUUID(),
    ...(call.body === undefined ? {} : { "content-type": call.contentType ?? "application/json" }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
}

function outcomeOf(tried: Tried, call: Call, now: number): Outcome | undefined {
  if ("fault" in tried) return { kind: "fault", fault: tried.fault.kind, sent: tried.fault.sent };
  const { answer } = tried;
  const retryAfterMs = parseRetryAfter(answer.headers["retry-after"], now);
  if (answer.status === 409 && call.isBusy?.(answer)) return { kind: "busy", retryAfterMs };
  if (answer.status < 400 || answer.status === 409) return undefined;
  return { kind: "status", status: answer.status, retryAfterMs };
}

/** A host without its path: enough to find the fault, nothing that could be a secret. */
const hostOf = (url: string): string => new URL(url).host;

function faultError(call: Call, fault: TransportFault): ServiceError {
  return new ServiceError({
    action: call.action,
    code: faultCodes[fault.kind],
    detail: `Expected an answer from ${hostOf(call.url)}, found ${fault.reason}.`,
    ambiguous: fault.sent,
    ...(fault.kind === "TimedOut" ? { advice: "Check the network and run again." } : {}),
  });
}

/** The error after the last try. An answer that no repeat would change is returned for the verb to judge. */
function ended(call: Call, tried: Tried, decision: Decision): HttpAnswer {
  const why = decision.kind === "giveUp" ? decision.why : "spent";
  if ("fault" in tried) throw faultError(call, tried.fault);
  if (why === "final") return tried.answer;
  const busy = tried.answer.status === 409;
  throw refusal({ action: call.action }, tried.answer, {
    ambiguous: tried.answer.status >= 500 || tried.answer.status === 408,
    ...(busy ? { code: "OperationInProgress" as const } : {}),
  });
}

/** Text and bytes as they are, anything else as JSON. */
const bodyOf = (body: unknown): string | Uint8Array | undefined =>
  body === undefined || typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);

/** A refusal may echo the request: what must not be shown is struck where it enters. */
const struck = (answer: HttpAnswer, secrets: readonly string[]): HttpAnswer =>
  answer.status < 400 ? answer : { ...answer, text: redact(answer.text, secrets) };

async function tryOnce(
  parts: SessionParts,
  call: Call,
  token: string | undefined,
  leftMs: number,
): Promise<Tried> {
  try {
    const answer = await parts.transport({
      method: call.method,
      url: call.url,
      headers: headersOf(call, token),
      body: bodyOf(call.body),
      timeoutMs: Math.min(longestTryMs, leftMs),
    });
    return { answer: struck(answer, [...(call.secrets ?? []), token ?? ""]) };
  } catch (error) {
    if (error instanceof TransportFault) return { fault: error };
    throw error;
  }
}

function assertTrusted(parts: SessionParts, call: Call): void {
  if (call.anonymous || parts.mayTrust(call.url)) return;
  throw new ServiceError({
    action: call.action,
    code: "ForeignAddress",
    detail: `Expected an address of the workspace, found one at ${hostOf(call.url)}.`,
  });
}

async function sendUntilJudged(parts: SessionParts, call: Call): Promise<HttpAnswer> {
  assertTrusted(parts, call);
  const { clock, tokens } = parts;
  const start = clock.now();
  const budgetMs = Math.max(1, (call.deadline ?? start + defaultBudgetMs) - start);
  let token = call.anonymous ? undefined : await tokens.current();
  for (let attempt = 1; ;) {
    const elapsedMs = clock.now() - start;
    const tried = await tryOnce(parts, call, token, Math.max(1, budgetMs - elapsedMs));
    if ("answer" in tried && tried.answer.status === 401 && token !== undefined) {
      // Not a try: the request was refused before it did anything, and the chain of credentials is finite.
      token = await tokens.replace(token);
      continue;
    }
    const outcome = outcomeOf(tried, call, clock.now());
    if (!outcome && "answer" in tried) return tried.answer;
    const decision = decideRetry({
      outcome: outcome as Outcome,
      attempt,
      elapsedMs: clock.now() - start,
      budgetMs,
      random: clock.random(),
      repeatable: call.repeatable,
    });
    if (decision.kind === "giveUp") return ended(call, tried, decision);
    await clock.sleep(decision.ms);
    attempt += 1;
  }
}

/** Joins transport, token and clock into the one loop that every request runs in. */
export function openSession(parts: SessionParts): Session {
  return Object.freeze({ clock: parts.clock, send: (call: Call) => sendUntilJudged(parts, call) });
}
