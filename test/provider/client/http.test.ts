import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

type Http = typeof import("../../../provider/client/http");

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
async function freshSend(): Promise<Http["send"]> {
  let http: Promise<Http> | undefined;
  jest.isolateModules(() => {
    http = import("../../../provider/client/http");
  });
  return (await (http as Promise<Http>)).send;
}

const get = (url: string, timeoutMs = 5000) => ({ method: "GET" as const, url, headers: {}, timeoutMs });

it("gives status, lower-case headers and text, and follows no redirect", async () => {
  const url = await listen(
    createServer((_, response) => {
      response.writeHead(302, { Location: "http://elsewhere.invalid", "X-Many": ["a", "b"] });
      response.end("moved");
    }),
  );
  const send = await freshSend();
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
  const send = await freshSend();
  for (let count = 0; count < 3; count += 1) await send(get(url));
  expect(sockets.size).toBe(1);
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
  const send = await freshSend();
  await Promise.all(Array.from({ length: 64 }, () => send(get(url))));
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(16);
});

it.each<[string, (request: { socket: { destroy(): void } }) => void, string]>([
  ["a server that never answers", () => undefined, "TimedOut"],
  ["a server that hangs up", ({ socket }) => socket.destroy(), "Cut"],
])("tells %s", async (_, act, kind) => {
  const url = await listen(createServer((request) => act(request)));
  const send = await freshSend();
  await expect(send(get(url, 100))).rejects.toMatchObject({ name: "TransportFault", kind, sent: true });
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
  const send = await freshSend();
  expect(await send(get(url))).toMatchObject({ text: "direct" });
  expect(asked).toEqual([]);
  const fault = await send(get("https://workspace.invalid/")).catch((error: unknown) => error);
  expect(asked).toEqual(["workspace.invalid:443"]);
  expect(String(fault)).not.toContain("127.0.0.1");
});
