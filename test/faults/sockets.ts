import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { send, type HttpRequest } from "../../provider/azure/http";
import { exchange, withoutHeaders, type Answer } from "./http";
import type { WireParts } from "./wire";

/** The faults of the matrix that a real connection can have; by their names there. */
export const SOCKET_FAULTS = [
  "refused",
  "cut before",
  "cut after",
  "cut in the middle of the body",
  "no answer",
  "no answer, though it was done",
] as const;
export type SocketFault = (typeof SOCKET_FAULTS)[number];

/** A relay before the emulator, over which the provider's own transport goes, and which breaks real connections. */
export interface Sockets {
  send(request: HttpRequest, fault?: SocketFault): Promise<Answer>;
  close(): Promise<void>;
}

/** A request that is held is never answered, so that this only says how long the test waits for that. */
const HELD_MS = 250;

/** A port on which nobody listens. */
const closedPort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

export async function openSockets({ emulator, agent, clock }: Omit<WireParts, "witness">): Promise<Sockets> {
  let next: SocketFault | undefined;

  const forward = async (request: IncomingMessage): Promise<Answer> => {
    const headers = withoutHeaders(request.headers as Record<string, string>, "host", "connection");
    const url = `${emulator.url}${request.url}`;
    return exchange(agent, { method: request.method ?? "GET", url, headers, body: request });
  };

  const relay = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const fault = next;
    next = undefined;
    if (fault === "cut before") return void request.socket.destroy();
    if (fault === "no answer") return void request.resume();
    const { status, headers, text } = await forward(request);
    if (fault === "cut after") return void request.socket.destroy();
    if (fault === "no answer, though it was done") return;
    const kept = withoutHeaders(headers, "connection", "transfer-encoding");
    if (fault !== "cut in the middle of the body") {
      response.writeHead(status, kept);
      return void response.end(text);
    }
    response.writeHead(status, { ...kept, "content-length": String(Buffer.byteLength(text) + 64) });
    response.write(text.slice(0, Math.floor(text.length / 2)) || "{", () => request.socket.destroy());
  };

  const server = createHttpServer((request, response) => {
    relay(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const nowhere = `http://127.0.0.1:${await closedPort()}`;

  return {
    send: async (request, fault) => {
      const held = fault?.startsWith("no answer") === true;
      const base = fault === "refused" ? nowhere : url;
      next = fault === "refused" ? undefined : fault;
      const aimed = { ...request, url: request.url.replace(emulator.url, base) };
      try {
        return await clock.during(async () => send(held ? { ...aimed, timeoutMs: HELD_MS } : aimed));
      } finally {
        if (held) clock.advance(request.timeoutMs);
      }
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
