import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../../../provider/azure/clock";
import { connect, type ClientSettings } from "../../../provider/azure/connect";
import type { Webservices } from "../../../provider/azure/webservices";

/** A request as the fake server saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A canned answer; `cut` breaks the connection instead. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly cut?: true;
}

export type Responder = (seen: Seen, earlier: number) => Reply;

export interface FakeWorkspace {
  readonly url: string;
  readonly seen: readonly Seen[];
  close(): Promise<void>;
}

export const address = { subscriptionId: "sub-1", resourceGroupName: "rg", workspaceName: "ws" };
export const scope =
  "/subscriptions/sub-1/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws";
export const root = `/modelmanagement/v1.0${scope}`;
export const ownNotFound: Reply = {
  status: 404,
  body: { code: "WebserviceNotFound", statusCode: 404, message: "none" },
};

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

const bodyOf = (body: unknown): string =>
  typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body);

/**
 * A real HTTP server on loopback. `respond` is keyed by method and path below the workspace ("GET /services/a"), or by
 * the whole path; it also gets how often that key was asked before.
 */
export async function fakeWorkspace(routes: Record<string, Reply | Responder>): Promise<FakeWorkspace> {
  const seen: Seen[] = [];
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    void textOf(request).then((body) => {
      const url = new URL(request.url ?? "/", "http://fake");
      const path = url.pathname.startsWith(root) ? url.pathname.slice(root.length) : url.pathname;
      const key = `${request.method} ${path}`;
      const one = {
        method: request.method ?? "",
        path,
        query: url.searchParams,
        headers: request.headers,
        body,
      };
      seen.push(one);
      const earlier = counts.get(key) ?? 0;
      counts.set(key, earlier + 1);
      const known = routes[key];
      const reply =
        typeof known === "function"
          ? known(one, earlier)
          : (known ??
            (path === "/discovery"
              ? { body: { modelmanagement: `http://${request.headers.host}` } }
              : { status: 404, body: "no such route" }));
      if (reply.cut) return void request.socket.destroy();
      const content = typeof reply.body === "string" ? {} : { "content-type": "application/json" };
      response.writeHead(reply.status ?? 200, { ...content, ...reply.headers });
      response.end(bodyOf(reply.body));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((done) => {
      server.closeAllConnections();
      server.close(() => done());
    });
  return { url: `http://127.0.0.1:${port}`, seen, close };
}

/** A clock that stands still but for sleeps, which end at once and are written down. */
export interface TestClock extends Clock {
  readonly sleeps: number[];
}

export function testClock(start = Date.UTC(2026, 0, 1)): TestClock {
  let now = start;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => now,
    random: () => 0.5,
    sleep: (ms) => {
      sleeps.push(ms);
      now += ms;
      return Promise.resolve();
    },
  };
}

export const settingsFor = (url: string, more: Partial<ClientSettings> = {}): ClientSettings => ({
  config: more.config ?? {},
  env: { AZUREML_ACCESS_TOKEN: "access-token-1", AZUREML_DISCOVERY_URL: `${url}/discovery`, ...more.env },
});

export const connectTo = (fake: FakeWorkspace, clock: Clock = testClock()): Promise<Webservices> =>
  connect(address, settingsFor(fake.url), { clock });

/** The requests beside discovery, as "METHOD path". */
export const calls = (fake: Pick<FakeWorkspace, "seen">): string[] =>
  fake.seen.filter(({ path }) => path !== "/discovery").map(({ method, path }) => `${method} ${path}`);

/** The error that a promise rejects with. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("expected a failure, found none");
}

/** Gives each test of a file a fake workspace, which ends with the test. */
export function fakeForEachTest() {
  let fake: FakeWorkspace | undefined;
  afterEach(async () => {
    await fake?.close();
    fake = undefined;
  });
  return {
    start: async (routes: Record<string, Reply | Responder> = {}): Promise<FakeWorkspace> =>
      (fake = await fakeWorkspace(routes)),
    /** What it has seen so far. */
    seen: (): readonly Seen[] => fake?.seen ?? [],
  };
}
