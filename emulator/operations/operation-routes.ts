import { param, type Call } from "../server/call";
import { isoTime } from "../state/clock";
import { forbidden, notFound } from "../server/errors";
import type { Operation } from "./operation";
import { logLines, logSignature, operationDocument } from "./operation-view";
import { ok, type Reply } from "../server/reply";
import { sameText } from "../server/same-text";

function findOperation(call: Call): Operation {
  const id = param(call, "id");
  const operation = call.workspace.state.operations[id];
  if (operation === undefined || operation.outcome.result === "lost")
    throw notFound("OperationNotFound", `The operation ${id} was not found.`, id);
  return operation;
}

/** GET operations/{id}?offset=N */
export function getOperation(call: Call): Reply {
  const offset = Math.max(0, Number(call.query.get("offset") ?? 0) || 0);
  return ok(operationDocument(call.workspace, findOperation(call), offset));
}

/** GET operationlogs/{id}?sig=…: the whole log as text; the signature stands in for a bearer token. */
export function getOperationLog(call: Call): Reply {
  const operation = findOperation(call);
  if (!sameText(call.query.get("sig") ?? "", logSignature(call.workspace, operation.id)))
    throw forbidden("AuthenticationFailed", "The signature of this URL is not valid.");
  const lines = logLines(operation, call.workspace.clock.now());
  return { status: 200, body: lines.map((l) => `${isoTime(l.time)} ${l.message}\n`).join("") };
}
