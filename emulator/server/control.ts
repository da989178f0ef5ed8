import { jsonBody, type Call } from "./call";
import { badRequest, notFound } from "./errors";
import { parseFaultRule } from "./fault-rule";
import type { Faults } from "./faults";
import { parseGateRule, type Gates } from "./gates";
import { ok, type Reply } from "./reply";
import type { RequestLog } from "./request-log";

/** What a control request reads and changes. */
export interface Controlled {
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly gates: Gates;
}

/** The paths that drive the emulator itself. They need no token and are not in the request log. */
export const controlPrefix = "/_emulator/";

/** The rule or the rules of a body; a 400 that says what was expected. */
function parseRules<T>(call: Call, what: string, parse: (value: unknown) => T): T[] {
  const body = jsonBody(call);
  try {
    return (Array.isArray(body) ? body : [body]).map(parse);
  } catch (error) {
    throw badRequest(`Invalid${what}Rule`, `A ${what.toLowerCase()} rule: ${(error as Error).message}.`);
  }
}

const done: Reply = { status: 204 };

function openGate(gates: Gates, id: string): Reply {
  if (gates.open(id)) return done;
  throw notFound("GateNotFound", `There is no gate ${id}, or it is open.`, id);
}

/** Answers a control request: the request log, the fault rules and the gates. */
export function control(call: Call, { log, faults, gates }: Controlled): Reply {
  const [row, gate] = /^gates\/(.+)$/.exec(call.path.slice(controlPrefix.length)) ?? [];
  const rows: Readonly<Record<string, () => Reply>> = {
    "GET requests": () => ok(log.all()),
    "DELETE requests": () => (log.clear(), done),
    "GET faults": () => ok(faults.all()),
    "POST faults": () => (
      parseRules(call, "Fault", parseFaultRule).forEach((rule) => faults.add(rule)),
      done
    ),
    "DELETE faults": () => (faults.clear(), done),
    "GET gates": () => ok(gates.all()),
    "POST gates": () =>
      ok(parseRules(call, "Gate", parseGateRule).map((rule) => ({ id: gates.add(rule).id }))),
    "DELETE gates": () => (gates.openAll(), done),
    "DELETE gates/{id}": () => openGate(gates, gate ?? ""),
  };
  const key = `${call.method} ${row === undefined ? call.path.slice(controlPrefix.length) : "gates/{id}"}`;
  const answer = Object.hasOwn(rows, key) ? rows[key] : undefined;
  if (answer === undefined)
    throw badRequest("UnknownControl", `There is no ${key}; expected ${Object.keys(rows).join(", ")}.`);
  return answer();
}
