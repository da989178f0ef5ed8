import { createHash, randomBytes } from "node:crypto";
import { makeCatalogue } from "./state/catalogue";
import type { Seed } from "./state/catalogue";
import { systemClock } from "./state/clock";
import type { Clock } from "./state/clock";
import { openDataFolder, type DataFolder } from "./state/data-folder";
import { parseFaultRule } from "./server/fault-rule";
import type { FaultRule } from "./server/fault-rule";
import { makeFaults } from "./server/faults";
import { makeGates, parseGateRule } from "./server/gates";
import type { Gate, GateRule } from "./server/gates";
import { makeRequestLog } from "./server/request-log";
import type { LoggedRequest } from "./server/request-log";
import { seedServices } from "./state/seed";
import { answerRequests, listen, type Listening } from "./server/server";
import { defaultWorkspaceId, parseWorkspaceId, type Workspace } from "./state/workspace";
import { releaseAll, releaseOperation } from "./operations/operations";
import { makeThrottle } from "./server/throttle";
import { discoveryUrl } from "./server/workspace-routes";

export type { Compute, Seed } from "./state/catalogue";
export type { Clock } from "./state/clock";
export type { Phase } from "./operations/operation";
export type { ErrorDetail, ErrorDocument } from "./server/errors";
export type { FaultRule, OperationFault } from "./server/fault-rule";
export type { Gate, GateRule } from "./server/gates";
export type { JsonObject } from "./server/json";
export type { LoggedRequest } from "./server/request-log";

/** What an emulated workspace is like. Every member has a default. */
export interface EmulatorOptions {
  /** The port on 127.0.0.1; 0 (the default) takes a free one. */
  readonly port?: number;
  /** The bearer token that the API accepts; a made-up one when absent. */
  readonly accessToken?: string;
  /** The workspace's ARM id; a made-up one when absent. */
  readonly workspaceId?: string;
  /** A folder that keeps the state over a restart; in memory when absent. */
  readonly data?: string;
  /** Milliseconds before every answer; 0 when absent. */
  readonly latency?: number;
  /** How many requests the workspace takes in a second, beyond which it answers 429; any number when absent. */
  readonly requestsPerSecond?: number;
  /** How long an operation runs, in milliseconds; 300 when absent. */
  readonly operationTime?: number;
  /** What exists in the workspace; every compute, model and image when absent. */
  readonly seed?: Seed;
  /** Services on one page of a list; 100 when absent. */
  readonly pageSize?: number;
  /** How long a scoring token is good for, in seconds; 43200 when absent. */
  readonly tokenLifetime?: number;
  /** How long an upload URL is good for, in seconds; 3600 when absent. */
  readonly uploadLifetime?: number;
  /** Where the time comes from; the system when absent. */
  readonly clock?: Clock;
}

/** A running emulator. */
export interface Emulator {
  /** The base URL, `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly discoveryUrl: string;
  readonly accessToken: string;
  readonly workspaceId: string;
  /** The requests since the start or the last clear. */
  requests(): readonly LoggedRequest[];
  clearRequests(): void;
  /** Adds a fault rule. Throws where it is not one. */
  addFault(rule: FaultRule): void;
  clearFaults(): void;
  /** Stops the next such request, or the operation that it begins, until the gate is opened. Throws where it is not one. */
  gate(rule: GateRule): Gate;
  /** Stops listening, cuts open connections and saves the state. */
  close(): Promise<void>;
}

/** A GUID that is the same for the same workspace. */
const guidOf = (id: string): string => {
  const hex = createHash("sha256").update(id.toLowerCase()).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
};

function makeWorkspace(options: EmulatorOptions, data: DataFolder, url: string): Workspace {
  const id = parseWorkspaceId(options.workspaceId ?? defaultWorkspaceId);
  const workspace: Workspace = {
    id,
    guid: guidOf(id.id),
    url,
    clock: options.clock ?? systemClock,
    state: data.state,
    data,
    catalogue: makeCatalogue(options.seed),
    operationTime: options.operationTime ?? 300,
    pageSize: options.pageSize ?? 100,
    tokenLifetime: options.tokenLifetime ?? 43_200,
    uploadLifetime: options.uploadLifetime ?? 3600,
  };
  seedServices(workspace, options.seed);
  releaseAll(workspace);
  return workspace;
}

/**
 * Starts an emulated workspace on loopback.
 * @throws when the workspace id, the seed or the data folder's state cannot be used, or the port is taken.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  parseWorkspaceId(options.workspaceId ?? defaultWorkspaceId);
  const data = openDataFolder(options.data);
  let listening: Listening | undefined;
  try {
    listening = await listen(options.port ?? 0);
    return serveWorkspace(listening, makeWorkspace(options, data, listening.url), options);
  } catch (error) {
    listening?.server.close();
    data.release();
    throw error;
  }
}

function serveWorkspace(
  { server, url }: Listening,
  workspace: Workspace,
  options: EmulatorOptions,
): Emulator {
  const { data } = workspace;
  const accessToken = options.accessToken ?? randomBytes(24).toString("base64url");
  const [faults, log] = [makeFaults(), makeRequestLog()];
  const gates = makeGates((operation) => releaseOperation(workspace, operation));
  const throttle = makeThrottle(workspace.clock, options.requestsPerSecond);
  const latency = options.latency ?? 0;
  answerRequests(server, { workspace, accessToken, latency, throttle, faults, gates, log });
  const close = async () => {
    gates.close();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
    data.save();
    data.release();
  };
  return {
    url,
    discoveryUrl: discoveryUrl(url),
    accessToken,
    workspaceId: workspace.id.id,
    requests: () => log.all(),
    clearRequests: () => log.clear(),
    addFault: (rule) => faults.add(parseFaultRule(rule)),
    clearFaults: () => faults.clear(),
    gate: (rule) => gates.add(parseGateRule(rule)),
    close,
  };
}
