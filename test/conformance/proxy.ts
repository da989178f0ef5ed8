import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Breakage, Exchange } from "./breakages";

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

const kept = ["authorization", "content-type", "x-ms-blob-type", "accept"];

const headersOf = (request: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    kept.flatMap((name) => (request.headers[name] ? [[name, String(request.headers[name])]] : [])),
  );

interface Upstream {
  readonly exchange: Exchange;
  readonly text: string;
  readonly headers: Record<string, string>;
}

const headersBack = (answer: Response): Record<string, string> => {
  const location = answer.headers.get("operation-location");
  const type = { "Content-Type": answer.headers.get("content-type") ?? "application/json" };
  return location === null ? type : { ...type, "Operation-Location": location };
};

async function ask(request: IncomingMessage, target: string, breakage: Breakage): Promise<Upstream> {
  const [method, url] = [request.method ?? "GET", new URL(request.url ?? "/", target)];
  const bytes = await bytesOf(request);
  const sent = parsed(bytes.toString("utf8"));
  const changed = breakage.onRequest?.(method, url.pathname, sent);
  const payload = changed === undefined ? bytes : JSON.stringify(changed);
  const body = bytes.length === 0 ? {} : { body: payload };
  const answer = await fetch(url, { method, headers: headersOf(request), ...body });
  const text = (await answer.text()).replaceAll(target, `http://${request.headers.host}`);
  const exchange = { method, path: url.pathname, sent, status: answer.status, body: parsed(text) };
  return { exchange, text, headers: headersBack(answer) };
}

async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  target: string,
  breakage: Breakage,
): Promise<void> {
  const { exchange, text, headers } = await ask(request, target, breakage);
  breakage.onAnswer?.(exchange);
  response.writeHead(exchange.status, headers);
  response.end(exchange.body === undefined ? text : JSON.stringify(exchange.body));
}

/** A server in front of the emulator that makes it wrong in one way. The addresses in its answers are its own. */
export async function startBrokenProxy(
  target: string,
  breakage: Breakage,
): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    forward(request, response, target, breakage).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url, close };
}
