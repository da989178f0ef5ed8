import { randomUUID } from "node:crypto";
import type { TokenSource } from "./auth/token-chain";
import { deadlineAfter, type Clock, type Deadline } from "./clock";
import { ServiceError, type ErrorCode, type Failure } from "./errors";
import { TransportFault, type FaultKind, type HttpRequest, type HttpResponse, type Transport } from "./http";
import { openRateLimiter, type RateLimiter } from "./rate-limit";
import { responseError } from "./response";
import { decideRetry, parseRetryAfter, surelyUndone, type Busy, type Outcome } from "./retry";
import { safeText, type SafeText } from "./safe-text";
import { longestUploadMs, openPass, type StreamedBody } from "./streamed-body";

/** One request to the service, with what its retries depend on. */
export interface RequestOptions {
  /** Verb and resource, for errors: `read service "fraud"`. */
  readonly action: string;
  readonly method: HttpRequest["method"];
  readonly url: string;
  readonly body?: unknown;
  /** Content that is too large to hold, in place of `body`. */
  readonly stream?: StreamedBody;
  /** Default `application/json` where there is a body. */
  readonly contentType?: string;
  /** Beside those that every request has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Doing it twice is the same as doing it once. */
  readonly repeatable: boolean;
  /** Whether this 409 means that another operation runs on the service; default: it does not. */
  readonly isBusy?: (response: HttpResponse) => Busy;
  /** Texts that must not show up in an error. */
  readonly secrets?: readonly string[];
  /** When to give up; default five minutes from now. */
  readonly deadline?: Deadline | undefined;
  /** How long one try may take, in milliseconds; default 80 seconds, or by the size of a stream. */
  readonly longestTryMs?: number;
  /** Sent without a token. Default false. */
  readonly anonymous?: boolean;
}

export interface Session {
  readonly clock: Clock;
  /**
   * Sends until there is a response worth judging: transient ones are repeated, a refused token is replaced.
   *
   * @throws ServiceError when no such response came in time; `ambiguous` when the request may have taken effect;
   * Interrupted when the user interrupts before it is sent, or while it is repeated
   */
  send(request: RequestOptions): Promise<HttpResponse>;
}

export interface SessionParts {
  readonly clock: Clock;
  readonly transport: Transport;
  readonly tokens: TokenSource;
  /** Whether this URL may get the token. */
  readonly mayTrust: (url: string) => boolean;
}

/** Joins transport, token and clock into the one loop that every request runs in. */
export function openSession(parts: SessionParts): Session {
  const limiter = openRateLimiter(parts.clock);
  return Object.freeze({
    clock: parts.clock,
    // What needs no token goes to other servers than the workspace's, which may be slow or not for reasons of their own.
    send: (request: RequestOptions) =>
      sendWithRetry(parts, request.anonymous ? openRateLimiter(parts.clock) : limiter, request),
  });
}

const defaultBudgetMs = 5 * 60_000;

/** The request in its tries. A refused token is replaced without counting as a try: nothing was done with it. */
async function sendWithRetry(
  parts: SessionParts,
  limiter: RateLimiter,
  request: RequestOptions,
): Promise<HttpResponse> {
  assertTrusted(parts, request);
  const { clock, tokens } = parts;
  const { action, repeatable } = request;
  const deadline = request.deadline ?? deadlineAfter(clock, defaultBudgetMs);
  deadline.assertOpen(action);
  const aToken = { action, expected: "a token" };
  const start = clock.now();
  const budgetMs = deadline.remainingMs();
  let token = request.anonymous ? undefined : await deadline.limit(aToken, () => tokens.current());
  let refused: string | undefined;
  let ambiguous = false;
  await limiter.acquire(deadline, action, 0);
  for (let attempt = 1; ;) {
    const sentAt = clock.now();
    const result = await tryWithin(parts, request, deadline, token);
    if (token !== undefined && isUnauthorized(result)) {
      const sent = token;
      const again = sent === refused;
      refused = sent;
      token = await deadline.limit(aToken, () => tokens.replace(sent, again));
      continue;
    }
    const outcome = outcomeOf(result, request, clock.now());
    if (!outcome) return (result as { response: HttpResponse }).response;
    // Also where this request gives up: the others are not to be refused, too.
    limiter.failed(sentAt, outcome);
    const elapsedMs = clock.now() - start;
    const random = clock.random();
    const decision = decideRetry({ outcome, attempt, elapsedMs, budgetMs, random, repeatable });
    const isFinal = decision.kind === "giveUp" && decision.why === "final" && "response" in result;
    if (isFinal) return result.response;
    ambiguous ||= !surelyUndone(outcome);
    if (decision.kind === "giveUp") throw lastError(request, result, ambiguous);
    await limiter.acquire(deadline, action, decision.ms).catch((unsent: unknown) => {
      throw ambiguous && request.method !== "GET" ? lastError(request, result, ambiguous) : unsent;
    });
    attempt += 1;
  }
}

function assertTrusted(parts: SessionParts, request: RequestOptions): void {
  if (request.anonymous || parts.mayTrust(request.url)) return;
  throw new ServiceError({
    action: request.action,
    code: "ForeignAddress",
    detail: `Expected an address of the workspace, found one at ${hostOf(request.url)}.`,
  });
}

/** How one try ended: with a response, or without one. */
type TryResult = { readonly response: HttpResponse } | { readonly fault: TransportFault };

const isUnauthorized = (result: TryResult): boolean => "response" in result && result.response.status === 401;

/** One try. An interrupt ends reads and uploads at once; what may change the service is heard out. */
const tryWithin = (
  parts: SessionParts,
  request: RequestOptions,
  deadline: Deadline,
  token: string | undefined,
): Promise<TryResult> => {
  const attempt = (signal?: AbortSignal): Promise<TryResult> =>
    tryOnce(parts.transport, request, token, Math.max(1, deadline.remainingMs()), signal);
  return request.method === "GET" || request.stream
    ? deadline.interruptible(request.action, attempt)
    : attempt();
};

const defaultLongestTryMs = 80_000;

/** Sends a request once, with the token where there is one. */
async function tryOnce(
  transport: Transport,
  request: RequestOptions,
  token: string | undefined,
  leftMs: number,
  signal?: AbortSignal,
): Promise<TryResult> {
  const { stream } = request;
  const pass = stream && openPass(stream);
  const longestTryMs = request.longestTryMs ?? (stream ? longestUploadMs(stream.size) : defaultLongestTryMs);
  try {
    const response = await transport({
      method: request.method,
      url: request.url,
      headers: headersOf(request, token),
      body: pass?.bytes ?? bodyOf(request.body),
      timeoutMs: Math.min(longestTryMs, leftMs),
      signal,
    });
    return { response: withoutSecrets(response, safeText([...(request.secrets ?? []), token ?? ""])) };
  } catch (error) {
    pass?.assertReadable();
    if (error instanceof TransportFault) return { fault: error };
    throw error;
  }
}

const sessionId = randomUUID();

function headersOf(request: RequestOptions, token: string | undefined): Record<string, string> {
  return {
    accept: "application/json",
    "user-agent": "pulumi-azureml",
    "x-ms-client-session-id": sessionId,
    "x-ms-client-request-id": randomUUID(),
    ...(request.body === undefined && !request.stream
      ? {}
      : { "content-type": request.contentType ?? "application/json" }),
    ...(request.stream ? { "content-length": String(request.stream.size) } : {}),
    ...request.headers,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
}

/** Text and bytes as they are, anything else as JSON. */
const bodyOf = (body: unknown): string | Uint8Array | undefined =>
  body === undefined || typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);

/** A response may echo the request: secrets are removed where they enter, but for documents, which carry keys. */
const withoutSecrets = (response: HttpResponse, safe: SafeText): HttpResponse => ({
  status: response.status,
  headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, safe(value)])),
  text: isDocument(response) ? response.text : safe(response.text),
});

const isDocument = (response: HttpResponse): boolean =>
  response.status >= 200 && response.status < 300 && !/^\s*</.test(response.text);

/** What the retry decides on; undefined for a response that the caller judges. */
function outcomeOf(result: TryResult, request: RequestOptions, now: number): Outcome | undefined {
  if ("fault" in result) return { kind: "fault", fault: result.fault.kind, sent: result.fault.sent };
  const { response } = result;
  const retryAfterMs = parseRetryAfter(response.headers["retry-after"], now);
  const busy = busyOf(request, response);
  if (busy) return { kind: "busy", certain: busy === true, retryAfterMs };
  if (response.status < 400 || response.status === 409) return undefined;
  return { kind: "status", status: response.status, retryAfterMs };
}

const busyOf = (request: RequestOptions, response: HttpResponse): Busy =>
  response.status === 409 && request.isBusy !== undefined && request.isBusy(response);

const faultCodes: Readonly<Record<FaultKind, ErrorCode>> = Object.freeze({
  Refused: "Unreachable",
  Unresolved: "Unreachable",
  Tls: "TlsFailed",
  TimedOut: "NoAnswer",
  Cut: "ConnectionLost",
});

/** The error after the last try. `ambiguous`: one of the tries may have taken effect. */
function lastError(request: RequestOptions, result: TryResult, ambiguous: boolean): ServiceError {
  const { action } = request;
  if ("fault" in result)
    return new ServiceError({
      action,
      code: faultCodes[result.fault.kind],
      detail: `Expected an answer from ${hostOf(request.url)}, found ${result.fault.reason}.`,
      ambiguous,
    });
  const { response } = result;
  return responseError(action, response, { ambiguous, ...retriedFailure(request, response) });
}

/** What a response means after it was repeated in vain. */
function retriedFailure(request: RequestOptions, response: HttpResponse): Partial<Failure> {
  if (response.status === 429) return { code: "Throttled" };
  if (response.status !== 409) return {};
  return busyOf(request, response) === true
    ? { code: "OperationInProgress", advice: undefined }
    : { advice: "See what the service says, then run again." };
}

/** A host without its path: enough to find the fault, nothing that could be a secret. */
const hostOf = (url: string): string => new URL(url).host;
