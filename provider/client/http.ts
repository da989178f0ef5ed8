import type { Readable } from "node:stream";
import type { Agent } from "undici";
import { classifyFault } from "./fault";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A stream is sent as it is read, and needs a `content-length` among the headers. */
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array> | undefined;
  /** How long one try may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** A complete answer; header names in lower case, the first value of each. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Sends one request once. Redirects are not followed. Throws TransportFault when no answer came. */
export type Transport = (request: HttpRequest) => Promise<HttpAnswer>;

const connectionsPerHost = 16;
const connectTimeoutMs = 10_000;
const largestAnswer = 64 * 1024 * 1024;

const agentOptions = Object.freeze({
  connections: connectionsPerHost,
  connect: { timeout: connectTimeoutMs },
  maxResponseSize: largestAnswer,
});

const loopback = "localhost,127.0.0.1,[::1]";

async function makeAgent(): Promise<Agent> {
  const { Agent: DirectAgent, EnvHttpProxyAgent } = await import("undici");
  const { env } = process;
  const proxied = env["HTTPS_PROXY"] ?? env["https_proxy"] ?? env["HTTP_PROXY"] ?? env["http_proxy"];
  const direct = env["no_proxy"] ?? env["NO_PROXY"] ?? "";
  if (!proxied || direct.trim() === "*") return new DirectAgent(agentOptions);
  const noProxy = `${direct},${loopback}`;
  return new EnvHttpProxyAgent({ ...agentOptions, noProxy }) as unknown as Agent;
}

let sharedAgent: Promise<Agent> | undefined;

/** The process has one agent: its connections stay open between requests, and their number is bounded. */
function agent(): Promise<Agent> {
  sharedAgent ??= makeAgent();
  return sharedAgent;
}

const firstValues = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const first = Array.isArray(value) ? value[0] : value;
      return first === undefined ? [] : [[name.toLowerCase(), first]];
    }),
  );

/** The transport over the process's agent. */
export const send: Transport = async (request) => {
  const { request: undiciRequest } = await import("undici");
  try {
    const answer = await undiciRequest(request.url, {
      dispatcher: await agent(),
      method: request.method,
      headers: request.headers,
      body: (request.body ?? null) as string | Uint8Array | Readable | null,
      signal: AbortSignal.timeout(Math.max(1, Math.ceil(request.timeoutMs))),
    });
    return {
      status: answer.statusCode,
      headers: firstValues(answer.headers),
      text: await answer.body.text(),
    };
  } catch (error) {
    throw classifyFault(error);
  }
};
