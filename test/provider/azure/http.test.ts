import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent, Dispatcher, request } from "undici";
import { classifyFault, transportOver, type FaultKind } from "../../../provider/azure/http";
import type * as http from "../../../provider/azure/http";

const proxyNames = [
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "ALL_PROXY",
  "all_proxy",
];
const inherited = { ...process.env };
let servers: Server[] = [];
/** What a proxy was asked to connect is no connection of its server any more. */
let tunnels: { destroy(): void }[] = [];

beforeEach(() => {
  for (const name of proxyNames) delete process.env[name];
});
afterEach(async () => {
  process.env = { ...inherited };
  for (const tunnel of tunnels) tunnel.destroy();
  tunnels = [];
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
  servers = [];
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A proxy that does this with the connections it is asked for, which it counts. */
async function proxyThat(act: (socket: { destroy(): void }) => void): Promise<readonly string[]> {
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    tunnels.push(socket);
    act(socket);
  });
  process.env["HTTPS_PROXY"] = await listen(proxy);
  return asked;
}

/** The module as a new process would have it: the agent is made once, from the environment of that moment. */
function freshSend(): typeof http.send {
  let fresh: typeof http | undefined;
  jest.isolateModules(() => {
    // A type argument here would hide this test from --findRelatedTests.
    fresh = jest.requireActual("../../../provider/azure/http") as typeof http;
  });
  return (fresh as typeof http).send;
}

const get = (url: string, timeoutMs = 5000) => ({ method: "GET" as const, url, headers: {}, timeoutMs });

it("gives status, lower-case headers and text, and follows no redirect", async () => {
  const url = await listen(
    createServer((_, response) => {
      response.writeHead(302, { Location: "http://elsewhere.invalid", "X-Many": ["a", "b"] });
      response.end("moved");
    }),
  );
  const send = freshSend();
  const answer = await send(get(url));
  expect(answer).toMatchObject({ status: 302, text: "moved" });
  expect(answer.headers["location"]).toBe("http://elsewhere.invalid");
});

it("keeps its connections", async () => {
  const sockets = new Set<unknown>();
  const url = await listen(
    createServer((request, response) => {
      sockets.add(request.socket);
      response.end("ok");
    }),
  );
  const send = freshSend();
  for (let count = 0; count < 12; count += 1) await send(get(url));
  // The pool may open a second one while the first is just being given back.
  expect(sockets.size).toBeLessThan(4);
});

it("has a limit to the connections it opens at once", async () => {
  let [open, most] = [0, 0];
  const url = await listen(
    createServer((_, response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        response.end("ok");
      }, 5);
    }),
  );
  const send = freshSend();
  await Promise.all(Array.from({ length: 64 }, () => send(get(url))));
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(16);
});

it.each<[string, (request: { socket: { destroy(): void } }) => void, string]>([
  ["a server that never answers", () => undefined, "TimedOut"],
  ["a server that hangs up", ({ socket }) => socket.destroy(), "Cut"],
])("tells %s", async (_, act, kind) => {
  const url = await listen(createServer((request) => act(request)));
  const send = freshSend();
  await expect(send(get(url, 100))).rejects.toMatchObject({ name: "TransportFault", kind, sent: true });
});

it("uses no proxy where NO_PROXY says so", async () => {
  process.env["HTTP_PROXY"] = "http://127.0.0.1:9";
  process.env["NO_PROXY"] = "*";
  await expect(freshSend()(get("http://workspace.invalid/"))).rejects.toMatchObject({ kind: "Unresolved" });
});

it("goes through the proxy of the environment, but never for loopback", async () => {
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  process.env["HTTP_PROXY"] = process.env["HTTPS_PROXY"] = await listen(proxy);
  const url = await listen(createServer((_, response) => response.end("direct")));
  const send = freshSend();
  expect(await send(get(url))).toMatchObject({ text: "direct" });
  expect(asked).toEqual([]);
  const fault: unknown = await send(get("https://workspace.invalid/")).catch((error: unknown) => error);
  expect(asked).toEqual(["workspace.invalid:443"]);
  expect(fault).toMatchObject({
    kind: "Refused",
    sent: false,
    reason: "a proxy on the way that answered 502",
  });
});

it("tells that a proxy which closes every connection let nothing through, and does not dial it again and again", async () => {
  const asked = await proxyThat((socket) => socket.destroy());
  const send = freshSend();
  const fault: unknown = await send(get("https://workspace.invalid/", 20_000)).catch(
    (error: unknown) => error,
  );
  expect(fault).toMatchObject({ name: "TransportFault", kind: "Refused", sent: false });
  expect(asked).toEqual(["workspace.invalid:443"]);
});

it("does not wait for a proxy that takes the connection and never answers", async () => {
  const asked = await proxyThat(() => undefined);
  const fault: unknown = await freshSend()(get("https://workspace.invalid/", 500)).catch(
    (error: unknown) => error,
  );
  expect(fault).toMatchObject({ name: "TransportFault", kind: "Refused", sent: false });
  expect(asked).toEqual(["workspace.invalid:443"]);
});

it("ends at once a request that is interrupted", async () => {
  let taken = (): void => undefined;
  const isTaken = new Promise<void>((done) => (taken = done));
  const url = await listen(createServer(() => taken()));
  const user = new AbortController();
  const end = freshSend()({ ...get(url, 60_000), signal: user.signal }).catch((error: unknown) => error);
  await isTaken;
  user.abort();
  expect(await end).toMatchObject({ name: "TransportFault" });
});

describe("settings that no request can be sent with", () => {
  it("names the variable of a proxy that is no URL, at once", async () => {
    process.env["HTTPS_PROXY"] = "user:hunter2@proxy:3128";
    const error: unknown = await freshSend()(get("https://workspace.invalid/")).catch(
      (each: unknown) => each,
    );
    expect(error).toMatchObject({
      code: "BadSettings",
      message: expect.stringContaining("HTTPS_PROXY") as string,
    });
    expect((error as Error).message).not.toContain("hunter2");
  });

  it.each([
    ["authorization", "Bearer pasted\nhunter2", "token"],
    ["content-type", "text/pl\u0430in hunter2", "option"],
  ])("names a header that cannot be sent: %s", async (name, value, hint) => {
    const asked: string[] = [];
    const url = await listen(createServer((request) => asked.push(request.url ?? "")));
    const error: unknown = await freshSend()({ ...get(url), headers: { [name]: value } }).catch(
      (each: unknown) => each,
    );
    expect(error).toMatchObject({
      code: "BadSettings",
      message: expect.stringContaining(`"${name}"`) as string,
    });
    expect((error as Error).message).toContain(hint);
    expect((error as Error).message).not.toContain("hunter2");
    expect(asked).toEqual([]);
  });
});

describe("times of the HTTP library", () => {
  it("do not end what a model takes longer for", async () => {
    const agent = new Agent({ headersTimeout: 50, bodyTimeout: 50 });
    let answer = (): void => undefined;
    const mayAnswer = new Promise<void>((done) => (answer = done));
    const url = await listen(
      createServer((request, response) => {
        if (request.url === "/late") void mayAnswer.then(() => response.end("scored"));
      }),
    );
    try {
      const scored = transportOver(() => Promise.resolve(agent))(get(`${url}/late`, 60_000));
      // The same agent gives up on another request meanwhile, by its own time.
      await expect(request(`${url}/never`, { dispatcher: agent })).rejects.toMatchObject({
        code: "UND_ERR_HEADERS_TIMEOUT",
      });
      answer();
      expect(await scored).toMatchObject({ status: 200, text: "scored" });
    } finally {
      await agent.destroy();
    }
  });
});

describe("a connection that does not come", () => {
  /** Alarms that ring when the test says so, in the order in which they were set. */
  const handAlarms = () => {
    const set: { readonly ms: number; readonly ring: () => void }[] = [];
    const alarm = (ms: number, ring: () => void) => {
      set.push({ ms, ring });
      return () => undefined;
    };
    return { set, alarm };
  };
  /** Dispatches nothing, as a library that never gets a connection. */
  const stuck = new (class extends Dispatcher {
    override dispatch(): boolean {
      return true;
    }
  })();

  it("ends the try long before an upload's time is up, and nothing was sent", async () => {
    const { set, alarm } = handAlarms();
    const transport = transportOver(() => Promise.resolve(stuck), alarm);
    const end = transport(get("https://storage.example/", 6 * 60 * 60_000)).catch((error: unknown) => error);
    while (set.length < 2) await new Promise(setImmediate);
    const shortest = set.reduce((a, b) => (a.ms < b.ms ? a : b));
    expect(shortest.ms).toBeLessThanOrEqual(60_000);
    shortest.ring();
    expect(await end).toMatchObject({ kind: "Refused", sent: false });
  });

  it("is no fault of the network while all connections of the host are in use", async () => {
    const { set, alarm } = handAlarms();
    let finish = (): void => undefined;
    const mayEnd = new Promise<void>((done) => (finish = done));
    let taken = 0;
    const url = await listen(
      createServer((_, response) => {
        taken += 1;
        void mayEnd.then(() => response.end("ok"));
      }),
    );
    const agent = new Agent({ connections: 16 });
    const transport = transportOver(() => Promise.resolve(agent), alarm);
    try {
      const answers = Array.from({ length: 17 }, () => transport(get(url, 60 * 60_000)));
      while (taken < 16 || set.length < 34) await new Promise(setImmediate);
      for (const { ms, ring } of [...set]) if (ms < 60 * 60_000) ring();
      finish();
      expect((await Promise.all(answers)).map(({ text }) => text)).toEqual(Array(17).fill("ok"));
    } finally {
      await agent.destroy();
    }
  });
});

describe("classifyFault", () => {
  const coded = (code: string, cause?: unknown): Error =>
    Object.assign(new Error("secret words"), { code, cause });

  it.each<[string, unknown, FaultKind, boolean]>([
    ["ECONNREFUSED", coded("ECONNREFUSED"), "Refused", false],
    [
      "both addresses refused",
      Object.assign(new Error(), { errors: [coded("ECONNREFUSED")] }),
      "Refused",
      false,
    ],
    ["no route", coded("ENETUNREACH"), "Refused", false],
    ["a connect timeout", coded("UND_ERR_CONNECT_TIMEOUT"), "Refused", false],
    ["ENOTFOUND", coded("ENOTFOUND"), "Unresolved", false],
    ["EAI_AGAIN as cause", coded("UND_ERR", coded("EAI_AGAIN")), "Unresolved", false],
    ["a self-signed certificate", coded("DEPTH_ZERO_SELF_SIGNED_CERT"), "Tls", false],
    ["an unknown authority", coded("UNABLE_TO_VERIFY_LEAF_SIGNATURE"), "Tls", false],
    ["another host's certificate", coded("ERR_TLS_CERT_ALTNAME_INVALID"), "Tls", false],
    ["an expired certificate", coded("CERT_HAS_EXPIRED"), "Tls", false],
    ["no TLS at the other end", coded("ERR_SSL_WRONG_VERSION_NUMBER"), "Tls", false],
    ["no answer in time", coded("UND_ERR_HEADERS_TIMEOUT"), "TimedOut", true],
    ["an aborted try", new DOMException("late", "TimeoutError"), "TimedOut", true],
    ["a closed socket", coded("UND_ERR_SOCKET"), "Cut", true],
    ["ECONNRESET", coded("ECONNRESET"), "Cut", true],
    ["anything else", "text", "Cut", true],
  ])("sorts %s", (_, error, kind, sent) => {
    const found = classifyFault(error);
    expect(found).toMatchObject({ kind, sent });
    expect(found.message).not.toContain("secret");
  });
});
