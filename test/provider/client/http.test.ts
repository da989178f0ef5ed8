import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type * as http from "../../../provider/client/http";

const proxyNames = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];
const inherited = { ...process.env };
let servers: Server[] = [];

beforeEach(() => {
  for (const name of proxyNames) delete process.env[name];
});
afterEach(async () => {
  process.env = { ...inherited };
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

/** The module as a new process would have it: the agent is made once, from the environment of that moment. */
function freshSend(): typeof http.send {
  let fresh: typeof http | undefined;
  jest.isolateModules(() => {
    // A type argument here would hide this test from --findRelatedTests.
    fresh = jest.requireActual("../../../provider/client/http") as typeof http;
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
