import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { CliContext } from "../../../cli/program";

/** What was sent to a stand-in. */
export interface Received {
  readonly body: string;
  readonly headers: IncomingMessage["headers"];
}

/** An answer: JSON unless it is text or bytes, or a function that answers by hand. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly by?: (response: ServerResponse) => void;
}

/** A scoring endpoint on loopback. */
export interface StandIn {
  readonly url: string;
  readonly received: Received[];
  close(): void;
}

const bytesOf = (body: unknown): string | Buffer =>
  typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);

export const standIn = async (reply: (request: Received, number: number) => Reply): Promise<StandIn> => {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const one = { body: Buffer.concat(pieces).toString(), headers: request.headers };
      received.push(one);
      const { status = 200, headers = {}, body = {}, by } = reply(one, received.length);
      if (by) return by(response);
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(bytesOf(body));
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/score`,
    received,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

/** A clock on which sleeping takes no time, and alarms ring when a test says so. */
export const stillClock = () => {
  let now = 1_000_000;
  const slept: number[] = [];
  const alarms = new Set<() => void>();
  const clock: CliContext["clock"] = {
    now: () => now,
    random: () => 0,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
    alarm: (_ms, ring) => {
      alarms.add(ring);
      return () => alarms.delete(ring);
    },
  };
  return {
    clock,
    slept,
    pass: (ms: number) => void (now += ms),
    ring: () => {
      for (const ring of [...alarms]) ring();
    },
  };
};
