import type { TokenSource } from "./auth/token-chain";
import { deadlineAt, systemClock, type Clock, type Deadline } from "./clock";
import { ServiceError, type ErrorCode } from "./errors";
import { send, type HttpResponse, type Transport } from "./http";
import { remember } from "./remember";
import { jsonObject, responseError } from "./response";
import { openSession } from "./session";
import type { Webservices } from "./webservices";

/**
 * Gives the key or token for a scoring call: undefined where the service takes none.
 *
 * @param refresh the service refused the one that was given: give a new one
 */
export type ScoringCredential = (refresh: boolean) => Promise<string | undefined>;

export interface ScoringOptions {
  /** Verb and resource, for errors. Default: `score`. */
  readonly action?: string;
  /** Default: `application/json` for text and values, `application/octet-stream` for bytes. */
  readonly contentType?: string;
  /** When to give up, in milliseconds on the clock; default five minutes from now. */
  readonly deadline?: number;
  readonly clock?: Clock;
  readonly transport?: Transport;
}

/**
 * Sends one input to a deployed model and returns its result: a JSON value, or text where it is not JSON.
 *
 * @param input bytes and text are sent as they are, anything else as JSON
 * @throws ServiceError Overloaded (no free replica), ModelFailed (the scoring script failed), BadRequest, TimedOut,
 * Unauthorized, Unreachable
 */
export async function score(
  uri: string,
  input: unknown,
  credential: ScoringCredential,
  options: ScoringOptions = {},
): Promise<unknown> {
  const { action = "score" } = options;
  const first = await credential(false);
  const { origin } = new URL(uri);
  const clock = options.clock ?? systemClock;
  const session = openSession({
    clock,
    transport: options.transport ?? send,
    tokens: first === undefined ? none : tokensOf(action, credential, first),
    mayTrust: (url) => new URL(url).origin === origin,
  });
  try {
    const response = await session.send({
      action,
      method: "POST",
      url: uri,
      body: input,
      contentType: options.contentType ?? contentTypeOf(input),
      repeatable: false,
      anonymous: first === undefined,
      deadline: deadlineOf(options, clock),
      // The service ends what takes longer than its scoringTimeoutMs, which may be more than a try of other calls.
      longestTryMs: Number.POSITIVE_INFINITY,
    });
    if (response.status >= 200 && response.status < 300) return resultOf(response);
    throw responseError(
      action,
      response,
      jsonObject(response) ? {} : { detail: response.text.trim().slice(0, 1000) },
    );
  } catch (error) {
    throw error instanceof ServiceError ? scoringError(action, error, input) : error;
  }
}

/** For a service without authentication. */
export const noCredential: ScoringCredential = () => Promise.resolve(undefined);

/**
 * The primary key of a service with key authentication: read once, also for calls at the same time, and again when it is
 * refused or could not be read.
 */
export function keyCredential(services: Pick<Webservices, "listKeys">, name: string): ScoringCredential {
  const made = new Map<string, Promise<string>>();
  const read = async (): Promise<string> => (await services.listKeys(name)).primaryKey;
  return (refresh) => {
    if (refresh) made.delete(name);
    return remember(made, name, read);
  };
}

const TOO_LARGE = 413;

const codeByStatus: Readonly<Record<number, ErrorCode>> = Object.freeze({
  400: "BadRequest",
  408: "TimedOut",
  [TOO_LARGE]: "BadRequest",
  422: "BadRequest",
  429: "Overloaded",
  500: "ModelFailed",
  502: "ModelFailed",
  503: "Overloaded",
  504: "TimedOut",
});

const adviceByCode: Partial<Readonly<Record<ErrorCode, string>>> = Object.freeze({
  BadRequest: "Correct the input; the service's swaggerUri describes what its model takes.",
  TimedOut: "Raise scoringTimeoutMs, or send less in one request.",
  Unauthorized: "Check the key or the token; renewing it once did not help.",
});

const isBytes = (input: unknown): input is Uint8Array => input instanceof Uint8Array;

const contentTypeOf = (input: unknown): string =>
  isBytes(input) ? "application/octet-stream" : "application/json";

/** Servers take at least this much, in bytes; beyond, one may close the connection instead of answering. */
const SURELY_TAKEN = 8 * 1024 * 1024;

const lengthOf = (input: unknown): number => (typeof input === "string" || isBytes(input) ? input.length : 0);

function adviceFor(code: ErrorCode, status: number | undefined, length: number): string | undefined {
  if (status === TOO_LARGE) return "The input is larger than the service takes: send it in parts.";
  if (code !== "ConnectionLost" || length <= SURELY_TAKEN) return adviceByCode[code];
  return `The input has ${Math.round(length / 1e6)} MB, which may be more than the service takes: send it in parts, or run again.`;
}

/** In front of a model the same statuses mean other things than in front of the workspace. */
function scoringError(action: string, from: ServiceError, input: unknown): ServiceError {
  const { status } = from;
  const code = (status === undefined ? undefined : codeByStatus[status]) ?? from.code;
  const advice = adviceFor(code, status, lengthOf(input));
  return new ServiceError({ ...from, action, code, advice });
}

/** A credential as the session takes it: renewed once, then its refusal stands. */
function tokensOf(action: string, credential: ScoringCredential, first: string): TokenSource {
  let renewed = false;
  const refused = (): ServiceError =>
    new ServiceError({
      action,
      code: "Unauthorized",
      status: 401,
      detail: "Expected the key or token to be accepted, found that it is refused, renewed or not.",
      advice: adviceByCode.Unauthorized,
    });
  return {
    current: () => Promise.resolve(first),
    replace: async () => {
      const fresh = renewed ? undefined : await credential(true);
      renewed = true;
      if (fresh === undefined) throw refused();
      return fresh;
    },
  };
}

const none: TokenSource = { current: () => Promise.resolve(""), replace: () => Promise.resolve("") };

function resultOf({ text }: HttpResponse): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

const deadlineOf = ({ deadline }: ScoringOptions, clock: Clock): Deadline | undefined =>
  deadline === undefined ? undefined : deadlineAt(clock, deadline);
