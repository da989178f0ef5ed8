import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { badRequest } from "./errors";
import { isObject, parseJson, typeName, type JsonObject } from "./json";
import type { Outcome } from "../operations/operation";
import type { Workspace } from "../state/workspace";

/** One request, as a handler sees it. */
export interface Call {
  readonly workspace: Workspace;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The pieces of the path that the route names. */
  readonly params: Readonly<Record<string, string>>;
  /** The body; empty for a route that streams. */
  readonly body: Buffer;
  /** The request itself, for a route that streams. */
  readonly stream: IncomingMessage;
  /** How an operation that this request begins is made to end by a fault rule. */
  readonly outcome: Outcome | undefined;
}

export const param = (call: Call, name: string): string => call.params[name] ?? "";

/** The body as JSON, null when it is empty; a 400 when it is not JSON. */
export function jsonBody(call: Call): unknown {
  const text = call.body.toString("utf8");
  return text.trim() === "" ? null : parseJson(text);
}

/** The body as a JSON object, or a 400. */
export function objectBody(call: Call): JsonObject {
  const body = jsonBody(call);
  if (isObject(body)) return body;
  throw badRequest("InvalidBody", `The request's body must be an object, found ${typeName(body)}.`);
}

/** The outcome that a fault rule wants, or success. */
export const outcomeOf = (call: Call): Outcome => call.outcome ?? { result: "succeeded" };
