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
const requestIdOf = (answer: HttpAnswer): string | undefined =>
  answer.headers["x-ms-request-id"] ?? answer.headers["request-id"] ?? answer.headers["x-request-id"];

/** Whether an answer is a web page, which no Azure ML service sends. */
export const isPage = (answer: HttpAnswer): boolean =>
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
  if (isPage(answer) || (answer.status >= 300 && answer.status < 400)) return "GatewayPage";
  const known = codeByStatus[answer.status];
  if (known) return known;
  return answer.status >= 500 ? "ServerError" : "UnexpectedStatus";
}

const typeOf = (answer: HttpAnswer): string =>
  answer.headers["content-type"]?.split(";")[0] ?? "no content type";

/** The title of a page. Looked for in one pass, since a page of millions of unclosed tags must not stop the provider. */
function titleOf(text: string): string | undefined {
  if (!/^\s*</.test(text)) return undefined;
  const tag = text.search(/<title/i);
  const start = tag < 0 ? -1 : text.indexOf(">", tag);
  if (start < 0) return undefined;
  return text
    .slice(start + 1, start + 121)
    .split("<")[0]
    ?.trim();
}

/** What a body is that was not expected, in one line: the title of a page, the beginning of a text. */
function excerpt(answer: HttpAnswer): string {
  const title = titleOf(answer.text);
  if (title) return `a page titled "${title}"`;
  // A body that came with success may hold a key.
  const start =
    answer.status < 300
      ? ""
      : answer.text.trimStart().slice(0, 400).replace(/\s+/g, " ").slice(0, 200).trim();
  return `${start || `${answer.text.length} characters`} (${typeOf(answer)})`;
}

function detailOf(answer: HttpAnswer): string {
  const body = isPage(answer) ? undefined : jsonObject(answer);
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

/** The error for an answer that accepts, with a body that cannot be used: what was asked may have been done all the same. */
export function unusable(
  attempted: Attempted,
  answer: HttpAnswer,
  expected: string,
  wantsJson = true,
): ServiceError {
  const isJson = jsonObject(answer) !== undefined;
  const other = isJson || !wantsJson ? "UnexpectedAnswer" : "NotJson";
  return refusal(attempted, answer, {
    code: isPage(answer) ? "GatewayPage" : other,
    detail: `Expected ${expected}, found ${isJson && !isPage(answer) ? "another JSON object" : excerpt(answer)}.`,
    ambiguous: true,
  });
}

/** The JSON object of a 2xx answer; anything else is the matching ServiceError. */
export function expectObject(attempted: Attempted, answer: HttpAnswer): JsonObject {
  if (answer.status < 200 || answer.status > 299) throw refusal(attempted, answer);
  const body = isPage(answer) ? undefined : jsonObject(answer);
  if (!body) throw unusable(attempted, answer, "a JSON object");
  return body;
}

/**
 * Whether an error was written by the service itself and not by a gateway before it: JSON whose error has a code. (API
 * gateways answer JSON too, with a status and a message.)
 */
export function isOwnError(answer: HttpAnswer): boolean {
  if (answer.status < 400 || isPage(answer)) return false;
  const body = jsonObject(answer);
  const error = isObject(body?.["error"]) ? body["error"] : body;
  return typeof error?.["code"] === "string" && error["code"] !== "";
}

/** Whether the service itself says that there is no such thing. */
export const isOwnNotFound = (answer: HttpAnswer): boolean => answer.status === 404 && isOwnError(answer);
