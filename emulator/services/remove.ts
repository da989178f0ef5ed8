import { outcomeOf, param, type Call } from "../server/call";
import { accepted, cancelOperation, runningOperation, start } from "../operations/operations";
import type { Reply } from "../server/reply";

/** DELETE services/{name}: 204 when there is none. A deployment that still runs is cancelled. */
export function deleteService(call: Call): Reply {
  const { workspace } = call;
  const { services, otherServices } = workspace.state;
  const name = param(call, "name");
  const service = services[name];
  if (service === undefined) {
    const status = otherServices[name] === undefined ? 204 : 200;
    delete otherServices[name];
    return { status };
  }
  const running = runningOperation(workspace, service.name);
  if (running?.kind === "Delete" && running.outcome.result !== "stuck") return accepted(workspace, running);
  if (running !== undefined) cancelOperation(workspace, running);
  service.state = "Transitioning";
  return start(workspace, { kind: "Delete", target: service.name, outcome: outcomeOf(call) }, service);
}
