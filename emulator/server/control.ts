import { jsonBody, type Call } from "./call";
import { badRequest } from "./errors";
import { parseFaultRule, type FaultRule } from "./fault-rule";
import type { Faults } from "./faults";
import { ok, type Reply } from "./reply";
import type { RequestLog } from "./request-log";

/** The paths that drive the emulator itself. They need no token and are not in the request log. */
export const controlPrefix = "/_emulator/";

function parseRules(body: unknown): FaultRule[] {
  try {
    return (Array.isArray(body) ? body : [body]).map(parseFaultRule);
  } catch (error) {
    throw badRequest("InvalidFaultRule", `A fault rule: ${(error as Error).message}.`);
  }
}

/** Answers a control request: the request log and the fault rules. */
export function control(call: Call, log: RequestLog, faults: Faults): Reply {
  const rows: Readonly<Record<string, () => Reply>> = {
    "GET requests": () => ok(log.all()),
    "DELETE requests": () => (log.clear(), { status: 204 }),
    "GET faults": () => ok(faults.all()),
    "POST faults": () => (parseRules(jsonBody(call)).forEach((rule) => faults.add(rule)), { status: 204 }),
    "DELETE faults": () => (faults.clear(), { status: 204 }),
  };
  const key = `${call.method} ${call.path.slice(controlPrefix.length)}`;
  const row = rows[key];
  if (row === undefined)
    throw badRequest("UnknownControl", `There is no ${key}; expected ${Object.keys(rows).join(", ")}.`);
  return row();
}
