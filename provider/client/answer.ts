import { ServiceError, type ErrorCode, type Failure } from "./errors";
import { flattenError } from "./error-text";
import type { HttpAnswer } from "./http";

export type JsonObject = Readonly<Record<string, unknown>>;

/** What was tried, for the error of an answer. */
export interface Attempted {
  readonly action: string;
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The answer's body when it is one JSON object. */
export function jsonObject(answer: HttpAnswer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(answer.text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The id under which the service's people find this request. */
export const requestIdOf = (answer: HttpAnswer): string | undefined =>
  answer.headers["x-ms-request-id"] ?? answer.headers["request-id"] ?? answer.headers["x-request-id"];

const looksLikePage = (answer: HttpAnswer): boolean =>
  (answer.headers["content-type"] ?? "").includes("html") ||
  /^\s*<(!doctype|html|head|body)/i.test(answer.text);

const codeByStatus: Readonly<Record<number, ErrorCode>> = Object.freeze({
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  408: "NoAnswer",
  409: "Conflict",
  422: "BadRequest",
  429: "Throttled",
});

function codeOf(answer: HttpAnswer): ErrorCode {
  if (looksLikePage(answer) || (answer.status >= 300 && answer.status < 400)) return "GatewayPage";
  const known = codeByStatus[answer.status];
  if (known) return known;
  return answer.status >= 500 ? "ServerError" : "UnexpectedStatus";
}

const typeOf = (answer: HttpAnswer): string =>
  answer.headers["content-type"]?.split(";")[0] ?? "no content type";

/** What a body is that was not expected, in one line: the title of a page, the beginning of a text. */
function excerpt(answer: HttpAnswer): string {
  const title = /^\s*<[\s\S]*?<title[^>]*>([^<]{1,120})/i.exec(answer.text)?.[1];
  if (title) return `a page titled "${title.trim()}"`;
  // A body that came with success may hold a key.
  const start = answer.status < 300 ? "" : answer.text.trim().replace(/\s+/g, " ").slice(0, 200);
  return `${start || `${answer.text.length} characters`} (${typeOf(answer)})`;
}

function detailOf(answer: HttpAnswer): string {
  const body = looksLikePage(answer) ? undefined : jsonObject(answer);
  const flat = body && flattenError(body);
  return flat ?? `Expected an answer of Azure ML, found ${excerpt(answer)}.`;
}

/** The error for an answer that refuses. `more` sets what the caller knows better. */
export function refusal(attempted: Attempted, answer: HttpAnswer, more: Partial<Failure> = {}): ServiceError {
  return new ServiceError({
    action: attempted.action,
    code: codeOf(answer),
    status: answer.status,
    requestId: requestIdOf(answer),
    detail: detailOf(answer),
    ...more,
  });
}

/** The error for an answer that accepts, with a body that cannot be used. */
export function unusable(attempted: Attempted, answer: HttpAnswer, expected: string): ServiceError {
  const page = looksLikePage(answer);
  const code = page ? "GatewayPage" : jsonObject(answer) ? "UnexpectedAnswer" : "NotJson";
  const found = code === "UnexpectedAnswer" ? "another JSON object" : excerpt(answer);
  return refusal(attempted, answer, {
    code,
    detail: `Expected ${expected}, found ${found}.`,
  });
}

/** The JSON object of a 2xx answer; anything else is the matching ServiceError. */
export function expectObject(attempted: Attempted, answer: HttpAnswer): JsonObject {
  if (answer.status < 200 || answer.status > 299) throw refusal(attempted, answer);
  const body = looksLikePage(answer) ? undefined : jsonObject(answer);
  if (!body) throw unusable(attempted, answer, "a JSON object");
  return body;
}

/**
 * Whether a 404 was written by the service itself and not by a gateway before it: JSON whose error has a code. (API
 * gateways answer JSON too, with a status and a message.)
 */
export function isOwnNotFound(answer: HttpAnswer): boolean {
  if (answer.status !== 404 || looksLikePage(answer)) return false;
  const body = jsonObject(answer);
  const error = isObject(body?.["error"]) ? body["error"] : body;
  return typeof error?.["code"] === "string" && error["code"] !== "";
}
