import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { Call } from "./call";
import { isoTime } from "../state/clock";
import { control, controlPrefix } from "./control";
import { ApiError, armErrorDocument, errorDocument, unauthorized } from "./errors";
import { outcomeOfFault, type FaultRule } from "./fault-rule";
import { faultReply, type Faults } from "./faults";
import type { Gates } from "./gates";
import { sameText } from "./same-text";
import { settle } from "../operations/operations";
import type { Reply } from "./reply";
import { shownBody, type LoggedRequest, type RequestLog } from "./request-log";
import { respond } from "./respond";
import { findRoute, requireWorkspace } from "./router";
import type { Access, Route } from "./routes";
import type { Throttle } from "./throttle";
import type { Workspace } from "../state/workspace";

export interface ServerParts {
  readonly workspace: Workspace;
  readonly accessToken: string;
  /** Milliseconds before every answer. */
  readonly latency: number;
  readonly throttle: Throttle;
  readonly faults: Faults;
  readonly gates: Gates;
  readonly log: RequestLog;
}

/** As long as ASP.NET lets a body be. */
const bodyLimit = 30_000_000;

/** Undefined when it is too long; it is read to its end even so, or the client would not get to the answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  let pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length <= bodyLimit) pieces.push(piece);
    else pieces = [];
  }
  return length > bodyLimit ? undefined : Buffer.concat(pieces);
}

const tooLong = new ApiError(413, "BodyTooLarge", `The request's body is longer than ${bodyLimit} bytes.`);

function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

function requireAccess(access: Access | undefined, request: IncomingMessage, token: string): void {
  if (access === "open") return;
  const given = /^Bearer (.*)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (given === undefined) throw unauthorized("The request has no bearer token in its Authorization header.");
  if (!sameText(given, token)) throw unauthorized("The bearer token is not valid.");
}

function routeOf(method: string, path: string): Route | undefined {
  try {
    return findRoute(method, path).route;
  } catch {
    return undefined;
  }
}

/** Scoring, stored files and the discovery document have servers of their own, which nobody throttles. */
const isOfWorkspace = (method: string, path: string): boolean => routeOf(method, path)?.access !== "open";

/** Whether the route of a path reads the request itself. */
const streams = (method: string, path: string): boolean => routeOf(method, path)?.streams === true;

async function handle(parts: ServerParts, call: Omit<Call, "params">): Promise<Reply> {
  const { route, params } = findRoute(call.method, call.path);
  try {
    requireAccess(route.access, call.stream, parts.accessToken);
    requireWorkspace(params, parts.workspace.id);
    return await route.handle({ ...call, params });
  } catch (error) {
    if (error instanceof ApiError && route.access === "arm")
      return { status: error.status, body: armErrorDocument(error) };
    throw error;
  }
}

/** An error of the API is answered; anything else is a mistake of the emulator and must be loud. */
function failure(error: unknown, call: Omit<Call, "params">): Reply {
  if (error instanceof ApiError) {
    const challenge = error.status === 401 ? { "WWW-Authenticate": "Bearer" } : {};
    return { status: error.status, body: errorDocument(error), headers: challenge };
  }
  // A client that went away in the middle of an upload is no mistake, and hears no answer.
  if (call.stream.complete) console.error(error);
  return { status: 500, body: errorDocument(new ApiError(500, "EmulatorError", String(error))) };
}

async function handled(parts: ServerParts, call: Omit<Call, "params">): Promise<Reply> {
  try {
    settle(parts.workspace);
    if (call.path.startsWith(controlPrefix)) return control({ ...call, params: {} }, parts);
    return await handle(parts, call);
  } catch (error) {
    return failure(error, call);
  }
}

/** A change is on disk before it is answered; one that cannot be kept is not answered as if it were. */
async function answer(parts: ServerParts, call: Omit<Call, "params">): Promise<Reply> {
  const reply = await handled(parts, call);
  try {
    parts.workspace.data.save();
    return reply;
  } catch (error) {
    return failure(error, call);
  }
}

function logged(parts: ServerParts, call: Omit<Call, "params">): LoggedRequest | undefined {
  if (call.path.startsWith(controlPrefix)) return undefined;
  const upload = `<${call.headers["content-length"] ?? "?"} bytes>`;
  const entry = {
    method: call.method,
    path: call.path,
    query: Object.fromEntries(call.query),
    body: streams(call.method, call.path) ? upload : shownBody(call.body),
    at: isoTime(parts.workspace.clock.now()),
  };
  return parts.log.add(entry, call.body.length);
}

/** A request that met a rule; undefined means that the connection was cut. */
async function withFault(
  parts: ServerParts,
  call: Omit<Call, "params">,
  rule: FaultRule,
): Promise<Reply | undefined> {
  if (rule.latency !== undefined) await wait(rule.latency, undefined, { ref: false });
  if (rule.cutBefore) return undefined;
  const reply = faultReply(rule, parts.workspace.clock.now());
  if (reply !== undefined) return reply;
  const outcome = rule.operation && outcomeOfFault(rule.operation);
  const handled = await answer(parts, { ...call, outcome });
  return rule.cutAfter ? undefined : handled;
}

/** A request that is not one to the emulator itself; undefined means that the connection was cut. */
async function throughGates(parts: ServerParts, call: Omit<Call, "params">): Promise<Reply | undefined> {
  const refusal = isOfWorkspace(call.method, call.path) ? parts.throttle.refusal() : undefined;
  if (refusal) return refusal;
  const { goesOn, operationGate } = await parts.gates.pass(call.method, call.path);
  if (!goesOn) return undefined;
  const rule = parts.faults.take(call.method, call.path);
  if (parts.latency > 0) await wait(parts.latency, undefined, { ref: false });
  const workspace = operationGate === undefined ? call.workspace : { ...call.workspace, operationGate };
  const passed = { ...call, workspace };
  return rule === undefined ? await answer(parts, passed) : await withFault(parts, passed, rule);
}

interface Received {
  readonly call: Omit<Call, "params">;
  /** Why it cannot be handled. */
  readonly refusal: ApiError | undefined;
}

async function receive(parts: ServerParts, request: IncomingMessage): Promise<Received> {
  // A request target of slashes only, or one that is a URL of its own, is a path of this server too.
  const url = new URL(`${parts.workspace.url}/${(request.url ?? "").replace(/^\/+/, "")}`);
  const [method, path] = [request.method ?? "GET", decoded(url.pathname)];
  const body = streams(method, path) ? Buffer.alloc(0) : await readBody(request);
  const base = { workspace: parts.workspace, query: url.searchParams, headers: request.headers };
  const call = { ...base, method, path, body: body ?? Buffer.alloc(0), stream: request, outcome: undefined };
  return { call, refusal: body ? undefined : tooLong };
}

async function serve(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { call, refusal } = await receive(parts, request);
  const entry = logged(parts, call);
  const reply = refusal
    ? failure(refusal, call)
    : await (entry ? throughGates(parts, call) : answer(parts, call));
  if (reply === undefined) return void request.socket.destroy();
  if (entry !== undefined) entry.status = reply.status;
  // What a handler left unread of an upload is passed over, so that the client gets to the answer.
  request.resume();
  await respond(response, {
    ...reply,
    headers: { "x-ms-request-id": randomUUID(), ...reply.headers },
  });
}

export interface Listening {
  readonly server: Server;
  readonly url: string;
}

/** Listens on loopback and gives the base URL. */
export async function listen(port: number): Promise<Listening> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Answers the requests of a server that listens. */
export function answerRequests(server: Server, parts: ServerParts): void {
  server.on("request", (request, response) => {
    serve(parts, request, response).catch(() => response.destroy());
  });
}
