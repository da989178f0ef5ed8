import { deadlineAfter } from "./clock";
import { isSafe } from "./http";
import type { OperationRef } from "./operations";
import { expectObject, jsonObject } from "./response";
import { actionOn, operationUrl, request, serviceUrl, type Context } from "./workspace";

const defaultLines = 5000;

/** Reads the log of a service's container. */
export async function containerLog(
  context: Context,
  name: string,
  options: { readonly tail?: number; readonly init?: boolean } = {},
): Promise<string> {
  const action = actionOn("read the log of", name);
  const query = `?tail=${options.tail ?? defaultLines}&init=${options.init ? "True" : "False"}`;
  const response = await request(context, {
    action,
    method: "GET",
    url: serviceUrl(context, name, `/logs${query}`),
    repeatable: true,
  });
  const { content } = expectObject(action, response);
  return typeof content === "string" ? content : "";
}

const patienceMs = 20_000;

/** The end of an operation's log. It explains another failure, so that its own failures stay silent: empty text. */
export async function operationLog(context: Context, operation: OperationRef): Promise<string> {
  const { clock } = context.workspace.session;
  const left = context.deadline?.remainingMs() ?? patienceMs;
  const deadline = deadlineAfter(clock, Math.min(patienceMs, left), context.deadline?.interrupt);
  return readOperationLog({ ...context, deadline }, operation).catch(() => "");
}

async function readOperationLog(context: Context, operation: OperationRef): Promise<string> {
  if (!operation.operationId) return "";
  const response = await request(context, {
    action: `read the log of operation ${operation.operationId}`,
    method: "GET",
    url: operationUrl(context, operation.operationId),
    repeatable: true,
  });
  const document = response.status === 200 ? jsonObject(response) : undefined;
  if (!document) return "";
  const stored = mayRead(document["operationLog"]) ? await storedLog(context, document["operationLog"]) : "";
  const streamed = document["streamingOperationLog"];
  return tail(stored) || (typeof streamed === "string" ? readStreamedLog(streamed) : "");
}

const mayRead = (url: unknown): url is string =>
  typeof url === "string" && URL.canParse(url) && isSafe(new URL(url));

/** The log is stored elsewhere, under an address that carries its own permission: no token goes there. */
async function storedLog(context: Context, url: string): Promise<string> {
  const response = await request(context, {
    action: "read the operation log",
    method: "GET",
    url,
    repeatable: true,
    anonymous: true,
  });
  return response.status === 200 ? response.text : "";
}

/** A streamed operation log as lines for people: time of day and message, oldest first, the last 8000 characters. */
export function readStreamedLog(streamed: string): string {
  const lines = streamed.split("#").map(readEntry).filter(Boolean).join("\n");
  return tail(lines);
}

/** The newest message of a streamed log, in one line; undefined when there is none yet. */
export function newestLine(streamed: string): string | undefined {
  const last = readStreamedLog(streamed).split("\n").at(-1);
  return last?.replace(/^\d\d:\d\d:\d\d /, "") || undefined;
}

/** One entry of a streamed log is `yyyyMMddHHmmss|message`; entries end in `#`. */
function readEntry(entry: string): string {
  const [, stamp, message] = /^(\d{14})\|([\s\S]*)$/.exec(entry) ?? [];
  if (stamp === undefined || message === undefined) return entry.trim();
  return `${stamp.slice(8, 10)}:${stamp.slice(10, 12)}:${stamp.slice(12, 14)} ${message.trim()}`;
}

const keptCharacters = 8000;

/** The end of a log, cut at the beginning of a line. */
export function tail(log: string, characters = keptCharacters): string {
  if (log.length <= characters) return log;
  const end = log.slice(-characters);
  const line = end.indexOf("\n");
  return line >= 0 && line < end.length - 1 ? end.slice(line + 1) : end;
}
