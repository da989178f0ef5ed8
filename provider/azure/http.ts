import type { Readable } from "node:stream";
import type { buildConnector, Dispatcher, Pool } from "undici";
import { systemClock, type Clock } from "./clock";
import { ServiceError } from "./errors";
import { classifyFault, TransportFault } from "./fault";
import { proxyFor } from "./proxy";
import { remember } from "./remember";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A stream is sent as it is read, and needs a `content-length` among the headers. */
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array> | undefined;
  /** How long one try may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends the request early. */
  readonly signal?: AbortSignal | undefined;
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
/** Until a request can be written: names, proxies and TLS together. */
const connectPatienceMs = 30_000;
const largestAnswer = 64 * 1024 * 1024;

const agentOptions = Object.freeze({ connections: connectionsPerHost, maxResponseSize: largestAnswer });

type Connector = buildConnector.connector;

/**
 * The HTTP library dials again without end, and without a pause, when a socket closes while it connects: that is meant
 * for a server's connection, and would never end with a proxy that closes.
 */
const givingUp =
  (connect: Connector): Connector =>
  (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (!error) return callback(null, socket);
      const endless = (error as NodeJS.ErrnoException).code === "UND_ERR_SOCKET";
      callback(endless ? new Error("the proxy closed the connection", { cause: error }) : error, null);
    });

async function makeAgent(proxy: URL | undefined): Promise<Dispatcher> {
  const { Agent, Pool, ProxyAgent } = await import("undici");
  const tls = { timeout: connectTimeoutMs };
  if (!proxy) return new Agent({ ...agentOptions, connect: tls });
  return new ProxyAgent({
    ...agentOptions,
    uri: proxy.href,
    proxyTls: tls,
    requestTls: tls,
    factory: (origin, options: Pool.Options) =>
      new Pool(origin, { ...options, connect: givingUp(options.connect as Connector) }),
    // A proxy that takes the connection and never answers.
    clientFactory: (origin, options) => new Pool(origin, { ...options, headersTimeout: connectPatienceMs }),
  });
}

const sharedAgents = new Map<string, Promise<Dispatcher>>();

/** The process has one agent for each proxy: its connections stay open between requests, and their number is bounded. */
async function sharedAgent(url: URL): Promise<Dispatcher> {
  const proxy = proxyFor(url, process.env);
  return remember(sharedAgents, proxy?.href ?? "", () => makeAgent(proxy));
}

const firstValues = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const first = Array.isArray(value) ? value[0] : value;
      return first === undefined ? [] : [[name.toLowerCase(), first]];
    }),
  );

/** What no header can carry is a wrong setting; its value may be a secret. */
function assertHeaders({ headers }: HttpRequest, { host }: URL): void {
  const wrong = Object.keys(headers).find((name) => /[^\t\x20-\x7e\x80-\xff]/.test(headers[name]!));
  if (wrong === undefined) return;
  throw new ServiceError({
    action: `send a request to ${host}`,
    code: "BadSettings",
    detail: `Expected text without line breaks in the header "${wrong}", found a character that no header can carry.`,
    advice:
      wrong === "authorization"
        ? "Set the access token, the key or the OIDC request token (ARM_OIDC_REQUEST_TOKEN) anew: it was pasted with a line break or another stray character."
        : "Correct the setting or option that it is made from, then run again.",
  });
}

/** The same dispatcher, which tells when the request is about to be written: before that the server has nothing of it. */
const noting = (dispatcher: Dispatcher, begin: () => void): Dispatcher =>
  dispatcher.compose(
    (dispatch) => (options, handler) =>
      dispatch(options, {
        onRequestStart: (...given) => {
          begin();
          handler.onRequestStart?.(...given);
        },
        onRequestUpgrade: (...given) => handler.onRequestUpgrade?.(...given),
        onResponseStart: (...given) => handler.onResponseStart?.(...given),
        onResponseData: (...given) => handler.onResponseData?.(...given),
        onResponseEnd: (...given) => handler.onResponseEnd?.(...given),
        onResponseError: (...given) => handler.onResponseError?.(...given),
      }),
  );

const tooSlow = (began: boolean, ms: number): TransportFault =>
  began
    ? new TransportFault("TimedOut", true, "ETIMEDOUT")
    : new TransportFault("Refused", false, `no connection within ${Math.ceil(ms / 1000)} s`);

/** A transport over the agents that it is given for each address. */
export function transportOver(
  agentFor: (url: URL) => Promise<Dispatcher>,
  alarm: NonNullable<Clock["alarm"]> = systemClock.alarm,
): Transport {
  /** How many requests each origin has under way. */
  const underWay = new Map<string, number>();
  const count = (origin: string, by: 1 | -1): void =>
    void underWay.set(origin, (underWay.get(origin) ?? 0) + by);

  return async (request) => {
    const url = new URL(request.url);
    assertHeaders(request, url);
    const { request: undiciRequest } = await import("undici");
    const dispatcher = await agentFor(url);
    const stop = new AbortController();
    const abort = (): void => stop.abort();
    const disarm: (() => void)[] = [() => request.signal?.removeEventListener("abort", abort)];
    request.signal?.addEventListener("abort", abort, { once: true });
    let began = false;
    const begin = (): void => {
      if (began || stop.signal.aborted) return;
      began = true;
      count(url.origin, 1);
    };

    const exchange = async (): Promise<HttpAnswer> => {
      const answer = await undiciRequest(url, {
        dispatcher: noting(dispatcher, begin),
        method: request.method,
        headers: request.headers,
        body: (request.body ?? null) as string | Uint8Array | Readable | null,
        signal: stop.signal,
        // Ours decide: a model may take longer than the library's own five minutes.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      const text = await answer.body.text();
      return { status: answer.statusCode, headers: firstValues(answer.headers), text };
    };

    // The library heeds a signal only once it has a connection, so that time is watched here.
    const late = new Promise<never>((_, reject) => {
      const end = (ms: number): void => {
        reject(tooSlow(began, ms));
        abort();
      };
      const awaitConnection = (): void => {
        const isQueued = (underWay.get(url.origin) ?? 0) >= connectionsPerHost;
        if (began) return;
        // Where all of the host's connections are in use, a request waits for its turn and not for a connection.
        if (isQueued) disarm.push(alarm(connectPatienceMs, awaitConnection));
        else end(connectPatienceMs);
      };
      disarm.push(alarm(request.timeoutMs, () => end(request.timeoutMs)));
      disarm.push(alarm(connectPatienceMs, awaitConnection));
    });

    try {
      return await Promise.race([exchange(), late]);
    } catch (error) {
      throw classifyFault(error, began);
    } finally {
      for (const each of disarm) each();
      if (began) count(url.origin, -1);
    }
  };
}

/** The transport over the process's agents. */
export const send: Transport = transportOver(sharedAgent);
