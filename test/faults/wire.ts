import type { Agent } from "node:http";
import type { Emulator } from "../../emulator/index";
import type { HttpRequest, Transport } from "../../provider/azure/http";
import type { Fault, Trouble } from "./faults";
import { exchange, type Answer } from "./http";
import type { SocketFault, Sockets } from "./sockets";
import type { VirtualClock } from "./virtual-clock";
import type { Witness } from "./witness";

/** One request of a run as a cell names it: `PATCH /services/fraud#1` is the first of its kind in the run. */
export interface Place {
  readonly kind: string;
  readonly nth: number;
}

/** How many requests one run may send before it counts as a storm; a run that polls for an hour stays far below. */
const STORM = 600;

/** The line between provider and emulator: it counts, and at one place it does what the fault says. */
export interface Wire {
  readonly transport: Transport;
  /** Every request of the current run, in order. */
  places(): readonly Place[];
  /** How many of them were no polls: an operation, or the same service over and over, is polled. */
  beyondPolls(): number;
  /** Whether the fault has met its request. */
  met(): boolean;
  stormed(): boolean;
  /** Begins a run. Without a fault every request gets through. */
  begin(fault?: { readonly fault: Fault; readonly at: Place }): void;
}

export interface WireParts {
  readonly emulator: Emulator;
  readonly clock: VirtualClock;
  readonly agent: Agent;
  readonly witness: Witness;
  /** Where the faults are those of real connections. */
  readonly sockets?: Sockets;
}

/** The kind of a request: its method and what its path means, without ids that differ from run to run. */
function kindOf(method: string, url: string): string {
  const path = decodeURIComponent(new URL(url).pathname)
    .replace(/^\/(modelmanagement\/v1\.0|artifact\/v2\.0)\/subscriptions\/.+?\/workspaces\/[^/]+/, "")
    .replace(/^\/(operations|operationlogs|assets|blob)\/.+/, "/$1/*")
    .replace(/^\/artifacts\/(batch\/metadata|contentinfo)\/.+/, "/artifacts/$1/*")
    .replace(/^\/models\/.+/, "/models/*");
  return `${method} ${path}`;
}

const isService = (kind: string): boolean => /^GET \/services\/[^/]+$/.test(kind);

const isPoll = (kind: string, before: string | undefined): boolean =>
  kind === "GET /operations/*" || (isService(kind) && (before === kind || before === "GET /operations/*"));

export function openWire(parts: WireParts): Wire {
  let places: Place[] = [];
  let trouble: { fault: Fault; at: Place; state: Trouble } | undefined;
  let met = false;

  const placeOf = (request: HttpRequest): Place => {
    const kind = kindOf(request.method, request.url);
    const place = { kind, nth: places.filter((each) => each.kind === kind).length + 1 };
    places.push(place);
    return place;
  };

  const forward = (request: HttpRequest): Promise<Answer> =>
    parts.sockets ? parts.sockets.send(request) : parts.clock.during(() => exchange(parts.agent, request));

  const hits = (place: Place): boolean => {
    if (!trouble || place.kind !== trouble.at.kind) return false;
    return trouble.fault.always ? place.nth >= trouble.at.nth : place.nth === trouble.at.nth;
  };

  const transport: Transport = async (request) => {
    const place = placeOf(request);
    if (places.length > STORM) throw new Error("Storm: the cell was ended after too many requests");
    const pass = async (): Promise<Answer> => {
      const answer = await forward(request);
      return trouble?.state.rewrite ? trouble.state.rewrite(place.kind, answer) : answer;
    };
    if (!hits(place)) return pass();
    met = true;
    if (parts.sockets) return parts.sockets.send(request, trouble!.fault.name as SocketFault);
    return trouble!.fault.act({ ...parts, request, forward: pass, state: trouble!.state });
  };

  return {
    transport,
    places: () => places,
    beyondPolls: () => places.filter(({ kind }, n) => !isPoll(kind, places[n - 1]?.kind)).length,
    met: () => met,
    stormed: () => places.length > STORM,
    begin: (fault) => {
      places = [];
      met = false;
      trouble = fault && { ...fault, state: { rewrite: undefined } };
    },
  };
}
