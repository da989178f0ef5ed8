import { ServiceError, type ErrorCode, type Failure } from "./errors";
import type { HttpResponse } from "./http";
import type { OperationRef } from "./operations";

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value's members; none where it is no object. */
export const membersOf = (value: unknown): JsonObject => (isObject(value) ? value : {});

/** The response's body when it is one JSON object. */
export function jsonObject(response: HttpResponse): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(response.text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const kinds = {
  anyText: (value: unknown) => typeof value === "string",
  text: (value: unknown) => typeof value === "string" && value !== "",
  number: (value: unknown) => typeof value === "number",
  list: (value: unknown) => Array.isArray(value),
};

/**
 * `operation`: the response names the operation that it started. `empty`: it has no body. Else a JSON object with at least
 * these members.
 */
type Shape = "operation" | "empty" | Readonly<Record<string, keyof typeof kinds>>;

/**
 * What a success is, for each call: the statuses that the Python client's traffic and contracts know, and for each the
 * shapes that its response may have. Whatever else comes with a 2xx (a sign-in page, "OK", `{}`) is not from the service.
 */
const successes = {
  readService: { 200: [{ name: "text" }] },
  listServices: { 200: [{ value: "list" }] },
  createService: { 200: ["operation"], 201: ["operation"], 202: ["operation"] },
  patchService: { 200: ["operation", { name: "text" }], 202: ["operation"] },
  removeService: { 200: ["operation", "empty", { name: "text" }], 202: ["operation"], 204: ["empty"] },
  migrateService: { 200: ["operation", "empty", { name: "text" }], 202: ["operation"] },
  readOperation: { 200: [{ state: "text" }] },
  listKeys: { 200: [{ primaryKey: "anyText", secondaryKey: "anyText" }] },
  regenerateKey: { 200: ["operation"], 202: ["operation"] },
  accessToken: {
    200: [{ accessToken: "text", expiryOn: "number" }],
    201: [{ accessToken: "text", expiryOn: "number" }],
  },
  readModel: { 200: [{ id: "text" }] },
  listModels: { 200: [{ value: "list" }] },
  registerModel: { 200: [{ id: "text" }], 201: [{ id: "text" }] },
  patchModel: { 200: [{ id: "text" }] },
  removeModel: { 200: ["empty", { id: "text" }], 204: ["empty"] },
  createAsset: { 200: [{ id: "text" }], 201: [{ id: "text" }] },
  readContentAddress: { 200: [{ contentUri: "text" }] },
  listContentAddresses: { 200: [{ value: "list" }] },
  readAsset: { 200: [{ artifacts: "list" }] },
  putBlob: { 201: ["empty"] },
} as const satisfies Readonly<Record<string, ShapesByStatus>>;

type ShapesByStatus = Readonly<Record<number, readonly Shape[]>>;

/** A call of the API whose successes are listed. */
export type ApiCall = keyof typeof successes;

/** What a successful response says. */
export interface Success {
  readonly status: number;
  /** Empty where the response has no body, or none that matters. */
  readonly body: JsonObject;
  readonly operation: OperationRef | undefined;
}

/**
 * Decides for every call whether its response is a success.
 *
 * @param action what was tried, as verb and resource, for the error
 * @throws ServiceError why it is not one; `ambiguous` for a 2xx, which may have taken effect all the same
 */
export function expectSuccess(call: ApiCall, action: string, response: HttpResponse): Success {
  if (response.status < 200 || response.status > 299) throw responseError(action, response);
  const accepted: ShapesByStatus = successes[call];
  const body = isPage(response) ? undefined : jsonObject(response);
  const shapes = isPage(response) ? [] : (accepted[response.status] ?? []);
  if (!shapes.some((shape) => hasShape(response, body, shape)))
    throw unexpectedResponse(action, response, expectedWith(response.status, accepted), wantsJson(accepted));
  return { status: response.status, body: body ?? {}, operation: operationIn(response, body) };
}

/** The JSON object of a 2xx response; anything else is the matching ServiceError. */
export function expectObject(action: string, response: HttpResponse): JsonObject {
  if (response.status < 200 || response.status > 299) throw responseError(action, response);
  const body = isPage(response) ? undefined : jsonObject(response);
  if (!body) throw unexpectedResponse(action, response, "a JSON object");
  return body;
}

const hasShape = (response: HttpResponse, body: JsonObject | undefined, shape: Shape): boolean => {
  if (shape === "operation") return operationIn(response, body) !== undefined;
  if (shape === "empty") return response.text.trim() === "";
  return body !== undefined && Object.entries(shape).every(([name, kind]) => kinds[kind](body[name]));
};

/** The operation that a response names, in its header or its body; undefined when it names none. */
function operationIn(response: HttpResponse, body: JsonObject | undefined): OperationRef | undefined {
  // An `Operation-Location` has it as the last segment of its path.
  const path = response.headers["operation-location"]?.split(/[?#]/)[0];
  const operationId = path?.split("/").findLast((segment) => segment !== "") ?? body?.["operationId"];
  return typeof operationId === "string" && operationId ? Object.freeze({ operationId }) : undefined;
}

/** What was expected beside this status; with the statuses, when it was another one. */
const expectedWith = (status: number, accepted: ShapesByStatus): string =>
  status in accepted
    ? inWords(accepted[status] ?? [])
    : Object.entries(accepted)
        .map(([other, shapes]) => `HTTP ${other} with ${inWords(shapes)}`)
        .join(", or ");

const inWords = (shapes: readonly Shape[]): string =>
  shapes
    .map((shape) => {
      if (shape === "operation") return "an Operation-Location header";
      if (shape === "empty") return "no body";
      return `a JSON object with ${Object.keys(shape).join(" and ")}`;
    })
    .join(" or ");

const wantsJson = (accepted: ShapesByStatus): boolean =>
  Object.values(accepted)
    .flat()
    .some((shape) => shape === "operation" || typeof shape === "object");

/** The error for a response that refuses. `more` sets what the caller knows better. */
export function responseError(
  action: string,
  response: HttpResponse,
  more: Partial<Failure> = {},
): ServiceError {
  return new ServiceError({
    action,
    code: codeOf(response),
    status: response.status,
    requestId: requestIdOf(response),
    detail: detailOf(response),
    ...more,
  });
}

/** The error for a response that accepts, with a body that cannot be used: the request may have taken effect all the same. */
export function unexpectedResponse(
  action: string,
  response: HttpResponse,
  expected: string,
  wantsJson = true,
): ServiceError {
  const isJson = jsonObject(response) !== undefined;
  const other = isJson || !wantsJson ? "UnexpectedAnswer" : "NotJson";
  return responseError(action, response, {
    code: isPage(response) ? "GatewayPage" : other,
    detail: `Expected ${expected}, found ${isJson && !isPage(response) ? "another JSON object" : excerpt(response)}.`,
    ambiguous: true,
  });
}

/** Whether a response is a web page, which no Azure ML service sends. */
export const isPage = (response: HttpResponse): boolean =>
  (response.headers["content-type"] ?? "").includes("html") ||
  /^\s*<(!doctype|html|head|body)/i.test(response.text);

/**
 * Whether an error was written by the service itself and not by a gateway before it: JSON whose error has a code. (API
 * gateways send JSON too, with a status and a message.)
 */
export function isOwnError(response: HttpResponse): boolean {
  if (response.status < 400 || isPage(response)) return false;
  const body = jsonObject(response);
  const error = isObject(body?.["error"]) ? body["error"] : body;
  return typeof error?.["code"] === "string" && error["code"] !== "";
}

/** Whether the service itself says that there is no such thing. */
export const isOwnNotFound = (response: HttpResponse): boolean =>
  response.status === 404 && isOwnError(response);

/** The id under which Azure support finds this request. */
const requestIdOf = ({ headers }: HttpResponse): string | undefined =>
  headers["x-ms-request-id"] ?? headers["request-id"] ?? headers["x-request-id"];

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

function codeOf(response: HttpResponse): ErrorCode {
  if (isPage(response) || (response.status >= 300 && response.status < 400)) return "GatewayPage";
  const known = codeByStatus[response.status];
  if (known) return known;
  return response.status >= 500 ? "ServerError" : "UnexpectedStatus";
}

function detailOf(response: HttpResponse): string {
  const body = isPage(response) ? undefined : jsonObject(response);
  const flat = body && flattenError(body);
  return flat ?? `Expected an answer of Azure ML, found ${excerpt(response)}.`;
}

/** What an unexpected body is, in one line: the title of a page, the beginning of a text. */
function excerpt(response: HttpResponse): string {
  const title = titleOf(response.text);
  if (title) return `a page titled "${title}"`;
  // A body that came with success may hold a key.
  const start =
    response.status < 300
      ? ""
      : response.text.trimStart().slice(0, 400).replace(/\s+/g, " ").slice(0, 200).trim();
  const type = response.headers["content-type"]?.split(";")[0] ?? "no content type";
  return `${start || `${response.text.length} characters`} (${type})`;
}

/** The title of a page. Found in one pass, since a page of millions of unclosed tags must not stop the provider. */
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

/**
 * One line for the error of a response or an operation: its code and message, then those of its details and inner errors.
 *
 * @returns undefined when there is nothing to read in it
 */
export function flattenError(error: unknown): string | undefined {
  const parts: ErrorPart[] = [];
  collectParts(error, 0, parts);
  const sentences = withoutRepeated(parts).flatMap(
    ({ code, message }) => (code && message ? `${code}: ${message}` : (code ?? message)) ?? [],
  );
  return sentences.length > 0
    ? [...new Set(sentences)].join("; ").replace(/\s+/g, " ").slice(0, 4000)
    : undefined;
}

interface ErrorPart {
  readonly code: string | undefined;
  readonly message: string | undefined;
}

const deepest = 6;

function collectParts(value: unknown, depth: number, parts: ErrorPart[]): void {
  if (depth > deepest) return;
  if (!isObject(value)) {
    parts.push({ code: undefined, message: trimmed(value) });
    return;
  }
  parts.push({
    code: trimmed(value["code"]),
    message: trimmed(value["message"]) ?? trimmed(value["Message"]),
  });
  for (const inner of innerErrors(value)) collectParts(inner, depth + 1, parts);
}

/** The members below which services nest the errors that caused an error. */
function innerErrors(error: JsonObject): unknown[] {
  const details = Array.isArray(error["details"]) ? (error["details"] as unknown[]) : [];
  return [...details, error["innererror"], error["innerError"], error["error"]];
}

const trimmed = (value: unknown): string | undefined =>
  typeof value === "string" && value.trim() ? value.trim() : undefined;

/** Without those whose message an inner error repeats, often under a more exact code. */
function withoutRepeated(parts: readonly ErrorPart[]): readonly ErrorPart[] {
  const lastWithCode = new Map(
    parts.flatMap(({ code, message }, index) => (code === undefined ? [] : [[message, index] as const])),
  );
  return parts.filter(
    ({ message }, index) => message === undefined || (lastWithCode.get(message) ?? -1) <= index,
  );
}
