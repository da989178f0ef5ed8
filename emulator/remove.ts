import { outcomeOf, param, type Call } from "./call";
import { accepted } from "./accepted";
import { beginOperation, cancelOperation, runningOperation } from "./operations";
import type { Reply } from "./reply";

/** DELETE services/{name}: 204 when there is none. A deployment that still runs is cancelled. */
export function deleteService(call: Call): Reply {
  const { workspace } = call;
  const service = workspace.state.services[param(call, "name")];
  if (service === undefined) return { status: 204 };
  const running = runningOperation(workspace, service.name);
  if (running?.kind === "Delete" && running.outcome.result !== "stuck") return accepted(workspace, running);
  if (running !== undefined) cancelOperation(workspace, running);
  service.state = "Transitioning";
  const details = { kind: "Delete", target: service.name, outcome: outcomeOf(call), builds: false } as const;
  const operation = beginOperation(workspace, details);
  service.operationId = operation.id;
  return accepted(workspace, operation);
}
