import { setTimeout as wait } from "node:timers/promises";
import type { Ready } from "./emulator-process";

/** A request that reached the workspace, from the emulator's log. */
export interface Call {
  readonly n: number;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly status: number | null;
}

/** `/modelmanagement/v1.0/subscriptions/…/workspaces/ws/services/fraud` → `services/fraud`. */
export const shortPath = (path: string): string =>
  path.replace(/^.*\/workspaces\/[^/]+\//, "").replace(/^\//, "");

export const isPoll = ({ method, path }: Call): boolean =>
  method === "GET" && /\/operations\/[^/]+$/.test(path);

/** Whether a request changes something: the rest are looks. */
export const isChange = ({ method, path }: Call): boolean => method !== "GET" && !/\/listkeys$/.test(path);

/** An upload's container is named by the content's digest and, after it, by chance. */
const withoutChance = (path: string): string =>
  path.replace(/(LocalUpload\/[0-9a-f]{16})-[0-9a-f]{8}/, "$1-…");

/** `PATCH services/fraud`; how often an operation is polled depends on the clock, so its polls are one. */
export const nameOf = (call: Call): string =>
  isPoll(call) ? "GET operations/…" : `${call.method} ${withoutChance(shortPath(call.path))}`;

/** What a scoring endpoint answered. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface ServiceDocument {
  readonly name: string;
  readonly createdTime: string;
  readonly [member: string]: unknown;
}

/** A hand on the workspace beside Pulumi's: what another tool, or a caller of the service, would do. */
export interface Workspace {
  /** Requests so far, in order. */
  calls(): Promise<readonly Call[]>;
  services(): Promise<readonly ServiceDocument[]>;
  /** Changes a service as the portal or a script would. */
  edit(service: string, patch: readonly object[]): Promise<void>;
  /** A service's authentication keys. */
  keys(service: string): Promise<{ readonly primaryKey: string; readonly secondaryKey: string }>;
  /** A scoring token of a service with token authentication. */
  scoringToken(service: string): Promise<string>;
  /** Makes the answers to the next polls of an operation wait. */
  delayPolls(milliseconds: number): Promise<void>;
  clearDelays(): Promise<void>;
}

/** Calls a scoring endpoint with a key or a token. */
export async function score(scoringUri: string, credential: string, input: unknown): Promise<Answer> {
  const response = await fetch(scoringUri, {
    method: "POST",
    headers: { Authorization: `Bearer ${credential}`, "Content-Type": "application/json" },
    body: JSON.stringify(input),
  });
  return { status: response.status, body: await response.json() };
}

/** Waits until an operation of the workspace has ended. */
async function ended(read: () => Promise<unknown>): Promise<void> {
  for (;;) {
    const { state } = (await read()) as { state: string };
    if (state === "Succeeded") return;
    if (!["NotStarted", "Running"].includes(state)) throw new Error(`the edit ended as ${state}`);
    await wait(50);
  }
}

/** A request beside Pulumi, as another tool sends it, to a path of the workspace such as `/services`. */
export const callWorkspace = (
  { url, workspaceId, accessToken }: Pick<Ready, "url" | "workspaceId" | "accessToken">,
  method: string,
  path: string,
  body?: unknown,
): Promise<Response> =>
  fetch(`${url}/modelmanagement/v1.0${workspaceId}${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${accessToken}`,
      "Content-Type": method === "PATCH" ? "application/json-patch+json" : "application/json",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

export function openWorkspace(workspace: Ready): Workspace {
  const { url, accessToken } = workspace;
  const succeeded = async (sent: Promise<Response>, what: string): Promise<Response> => {
    const response = await sent;
    if (!response.ok) throw new Error(`${what}: expected success, found ${response.status}`);
    return response;
  };
  const call = (method: string, path: string, body?: unknown): Promise<Response> =>
    succeeded(callWorkspace(workspace, method, path, body), `${method} ${path}`);
  const json = async (method: string, path: string): Promise<unknown> => (await call(method, path)).json();
  /** Of the emulator itself, or of an operation, which has an address of its own. */
  const at = (method: string, address: string, body?: unknown): Promise<Response> =>
    succeeded(
      fetch(address, {
        method,
        headers: { Authorization: `Bearer ${accessToken}`, "Content-Type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
      `${method} ${address}`,
    );
  const faults = `${url}/_emulator/faults`;
  return {
    calls: async () => (await (await at("GET", `${url}/_emulator/requests`)).json()) as readonly Call[],
    services: async () => ((await json("GET", "/services")) as { value: ServiceDocument[] }).value,
    edit: async (service, patch) => {
      const begun = await call("PATCH", `/services/${service}`, patch);
      const operation = begun.headers.get("Operation-Location");
      // Tags and properties take effect at once.
      if (operation !== null) await ended(async () => (await at("GET", operation)).json());
    },
    keys: async (service) =>
      (await json("POST", `/services/${service}/listkeys`)) as {
        primaryKey: string;
        secondaryKey: string;
      },
    scoringToken: async (service) =>
      ((await json("POST", `/services/${service}/token`)) as { accessToken: string }).accessToken,
    delayPolls: async (latency) =>
      void (await at("POST", faults, { method: "GET", path: "/operations/", times: 9, latency })),
    clearDelays: async () => void (await at("DELETE", faults)),
  };
}
