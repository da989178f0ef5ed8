import { expectObject, jsonObject } from "./answer";
import { deadlineAfter } from "./deadline";
import { isSafe } from "./host";
import type { OperationRef } from "./operation";
import { readStreamedLog, tail } from "./operation-log";
import { actionOn, operationUrl, serviceUrl, type Context } from "./workspace";

const defaultLines = 5000;
const patienceMs = 20_000;

/** Reads the log of a service's container. */
export async function containerLog(
  context: Context,
  name: string,
  options: { readonly tail?: number; readonly init?: boolean } = {},
): Promise<string> {
  const action = actionOn("read the log of", name);
  const query = `?tail=${options.tail ?? defaultLines}&init=${options.init ? "True" : "False"}`;
  const answer = await context.workspace.session.send({
    action,
    method: "GET",
    url: serviceUrl(context, name, `/logs${query}`),
    repeatable: true,
    deadline: context.deadline,
  });
  const { content } = expectObject({ action }, answer);
  return typeof content === "string" ? content : "";
}

const mayRead = (url: unknown): url is string =>
  typeof url === "string" && URL.canParse(url) && isSafe(new URL(url));

/** The log is stored elsewhere, under an address that carries its own permission: no token goes there. */
async function storedLog(context: Context, url: string): Promise<string> {
  const answer = await context.workspace.session.send({
    action: "read the operation log",
    method: "GET",
    url,
    repeatable: true,
    anonymous: true,
    deadline: context.deadline,
  });
  return answer.status === 200 ? answer.text : "";
}

async function readOperationLog(context: Context, operation: OperationRef): Promise<string> {
  if (!operation.operationId) return "";
  const answer = await context.workspace.session.send({
    action: `read the log of operation ${operation.operationId}`,
    method: "GET",
    url: operationUrl(context, operation.operationId),
    repeatable: true,
    deadline: context.deadline,
  });
  const document = answer.status === 200 ? jsonObject(answer) : undefined;
  if (!document) return "";
  const stored = mayRead(document["operationLog"]) ? await storedLog(context, document["operationLog"]) : "";
  const streamed = document["streamingOperationLog"];
  return tail(stored) || (typeof streamed === "string" ? readStreamedLog(streamed) : "");
}

/** The end of an operation's log. It explains another failure, so that its own failures stay silent: empty text. */
export async function operationLog(context: Context, operation: OperationRef): Promise<string> {
  const { clock } = context.workspace.session;
  const left = context.deadline?.remainingMs() ?? patienceMs;
  const deadline = deadlineAfter(clock, Math.min(patienceMs, left), context.deadline?.interrupt);
  return readOperationLog({ ...context, deadline }, operation).catch(() => "");
}
