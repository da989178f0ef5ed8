import type { Readable } from "node:stream";
import type { buildConnector, Dispatcher, Pool } from "undici";
import { systemClock, type Clock } from "./clock";
import { ServiceError } from "./errors";
import { isLoopbackName, proxyFor } from "./proxy";
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

/** A complete response; header names in lower case, the first value of each. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Sends one request once. Redirects are not followed. Throws TransportFault when no response came. */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;

/** The transport over the process's agents. */
export const send: Transport = transportOver((url) => agentOf(url, agentOptions));

/** A transport over the agents that it is given for each address. */
export function transportOver(
  agentFor: (url: URL) => Promise<Dispatcher>,
  alarm: NonNullable<Clock["alarm"]> = systemClock.alarm,
): Transport {
  /** How many requests each origin has open. */
  const openRequests = new Map<string, number>();
  const count = (origin: string, by: 1 | -1): void =>
    void openRequests.set(origin, (openRequests.get(origin) ?? 0) + by);

  return async (request) => {
    const url = new URL(request.url);
    assertHeaders(request, url);
    const { request: undiciRequest } = await import("undici");
    const dispatcher = await agentFor(url);
    const stop = new AbortController();
    const abort = (): void => stop.abort();
    const disarm: (() => void)[] = [() => request.signal?.removeEventListener("abort", abort)];
    request.signal?.addEventListener("abort", abort, { once: true });
    let started = false;
    const start = (): void => {
      if (started || stop.signal.aborted) return;
      started = true;
      count(url.origin, 1);
    };

    const exchange = async (): Promise<HttpResponse> => {
      const response = await undiciRequest(url, {
        dispatcher: watchStart(dispatcher, start),
        method: request.method,
        headers: request.headers,
        body: (request.body ?? null) as string | Uint8Array | Readable | null,
        signal: stop.signal,
        // Ours decide: a model may take longer than the library's own five minutes.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      const text = await response.body.text();
      return { status: response.statusCode, headers: firstValues(response.headers), text };
    };

    // The library heeds a signal only once it has a connection, so that time is watched here.
    const late = new Promise<never>((_, reject) => {
      const end = (ms: number): void => {
        reject(tooSlow(started, ms));
        abort();
      };
      const awaitConnection = (): void => {
        const isQueued = (openRequests.get(url.origin) ?? 0) >= connectionsPerHost;
        if (started) return;
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
      throw classifyFault(error, started);
    } finally {
      for (const each of disarm) each();
      if (started) count(url.origin, -1);
    }
  };
}

/** What no header can carry is a wrong setting; its value may be a secret. */
function assertHeaders({ headers }: Pick<HttpRequest, "headers">, { host }: URL): void {
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

/** The same dispatcher, which calls back when the request is about to be written: before that the server has nothing of it. */
const watchStart = (dispatcher: Dispatcher, onStart: () => void): Dispatcher =>
  dispatcher.compose(
    (dispatch) => (options, handler) =>
      dispatch(options, {
        onRequestStart: (...given) => {
          onStart();
          handler.onRequestStart?.(...given);
        },
        onRequestUpgrade: (...given) => handler.onRequestUpgrade?.(...given),
        onResponseStart: (...given) => handler.onResponseStart?.(...given),
        onResponseData: (...given) => handler.onResponseData?.(...given),
        onResponseEnd: (...given) => handler.onResponseEnd?.(...given),
        onResponseError: (...given) => handler.onResponseError?.(...given),
      }),
  );

const tooSlow = (started: boolean, ms: number): TransportFault =>
  started
    ? new TransportFault("TimedOut", true, "ETIMEDOUT")
    : new TransportFault("Refused", false, `no connection within ${Math.ceil(ms / 1000)} s`);

const connectionsPerHost = 16;
const connectTimeoutMs = 10_000;
/** Until a request can be written: names, proxies and TLS together. */
const connectPatienceMs = 30_000;
const largestResponse = 64 * 1024 * 1024;

interface AgentOptions {
  readonly connections: number;
  /** In bytes; -1 where the response is read as it comes. */
  readonly maxResponseSize: number;
}

const agentOptions = Object.freeze({ connections: connectionsPerHost, maxResponseSize: largestResponse });
const downloadOptions = Object.freeze({ ...agentOptions, maxResponseSize: -1 });

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

async function makeAgent(proxy: URL | undefined, options: AgentOptions): Promise<Dispatcher> {
  const { Agent, Pool, ProxyAgent } = await import("undici");
  const tls = { timeout: connectTimeoutMs };
  if (!proxy) return new Agent({ ...options, connect: tls });
  return new ProxyAgent({
    ...options,
    uri: proxy.href,
    proxyTls: tls,
    requestTls: tls,
    factory: (origin, options: Pool.Options) =>
      new Pool(origin, { ...options, connect: givingUp(options.connect as Connector) }),
    // A proxy that takes the connection and never responds.
    clientFactory: (origin, options) => new Pool(origin, { ...options, headersTimeout: connectPatienceMs }),
  });
}

const sharedAgents = new Map<string, Promise<Dispatcher>>();

/** The process has one agent for each proxy: its connections stay open between requests, and their number is bounded. */
async function agentOf(url: URL, options: AgentOptions): Promise<Dispatcher> {
  const proxy = proxyFor(url, process.env);
  const key = `${options.maxResponseSize} ${proxy?.href ?? ""}`;
  return remember(sharedAgents, key, () => makeAgent(proxy, options));
}

/** An answer whose content is read as it comes. */
export interface Download {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly content: AsyncIterable<Uint8Array>;
}

/** Opens an address that carries its own permission; no token goes there. @throws TransportFault */
export async function openDownload(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Download> {
  const { request } = await import("undici");
  try {
    const response = await request(url, {
      dispatcher: await agentOf(new URL(url), downloadOptions),
      headers,
      signal: signal ?? null,
      headersTimeout: connectPatienceMs,
      bodyTimeout: connectPatienceMs,
    });
    return { status: response.statusCode, headers: firstValues(response.headers), content: response.body };
  } catch (error) {
    throw classifyFault(error);
  }
}

/**
 * Sends one request once, on a connection of its own, and gives the answer's content as it comes.
 *
 * @param onStart called when the request is about to be written: the connection is there
 * @throws TransportFault; ServiceError for a header that cannot be sent
 */
export async function openAnswer(
  { url, method, headers, body, signal }: Omit<HttpRequest, "timeoutMs">,
  onStart: () => void,
): Promise<Download> {
  const address = new URL(url);
  assertHeaders({ headers }, address);
  const { request } = await import("undici");
  let started = false;
  const start = (): void => {
    started = true;
    onStart();
  };
  try {
    const response = await request(address, {
      dispatcher: watchStart(await agentOf(address, downloadOptions), start),
      method,
      headers,
      body: (body ?? null) as string | Uint8Array | Readable | null,
      signal: signal ?? null,
      // A server that ends idle connections would otherwise cut one request now and then.
      reset: true,
      // The caller decides: a model may take longer than the library's own five minutes.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    return {
      status: response.statusCode,
      headers: firstValues(response.headers),
      content: response.body,
    };
  } catch (error) {
    throw classifyFault(error, started);
  }
}

const firstValues = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const first = Array.isArray(value) ? value[0] : value;
      return first === undefined ? [] : [[name.toLowerCase(), first]];
    }),
  );

/** A token never leaves the machine in the clear: http is for an emulator on loopback alone. */
export const isSafe = (url: URL): boolean =>
  url.protocol === "https:" || (url.protocol === "http:" && isLoopbackName(url.hostname));

/** Why no response came: the first three are certain to have happened before the request left. */
export type FaultKind = "Refused" | "Unresolved" | "Tls" | "TimedOut" | "Cut";

/** No response came. The message names neither proxy nor secret. */
export class TransportFault extends Error {
  /** @param sent whether the server may have got the request */
  constructor(
    readonly kind: FaultKind,
    readonly sent: boolean,
    readonly reason: string,
  ) {
    super(`${kind}: ${reason}`);
    this.name = "TransportFault";
  }
}

const beforeSending: Readonly<Record<string, FaultKind>> = Object.freeze({
  ECONNREFUSED: "Refused",
  EHOSTUNREACH: "Refused",
  ENETUNREACH: "Refused",
  EACCES: "Refused",
  UND_ERR_CONNECT_TIMEOUT: "Refused",
  ENOTFOUND: "Unresolved",
  EAI_AGAIN: "Unresolved",
  EPROTO: "Tls",
});

const timeouts = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "ETIMEDOUT"]);

const tlsCode =
  /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA|CRL_)/;

interface Coded {
  readonly code?: unknown;
  readonly name?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** The codes of an error, of its causes and of the attempts it gathers (one per address of a host). */
function codesOf(error: unknown, depth = 0): string[] {
  if (typeof error !== "object" || error === null || depth > 4) return [];
  const { code, name, cause, errors } = error as Coded;
  const own = typeof code === "string" ? [code] : name === "TimeoutError" ? ["ETIMEDOUT"] : [];
  const gathered = Array.isArray(errors) ? errors.flatMap((each) => codesOf(each, depth + 1)) : [];
  return [...own, ...gathered, ...codesOf(cause, depth + 1)];
}

/** The status of a proxy that would not let the connection through; the HTTP library only has it in its message. */
const proxyStatus = (error: unknown): string | undefined =>
  error instanceof Error ? /^Proxy response \((\d+)\)/.exec(error.message)?.[1] : undefined;

/**
 * Sorts what the HTTP library threw: what kind of fault, and whether the server may have got the request.
 *
 * @param started whether writing the request had started; default: unknown
 */
export function classifyFault(error: unknown, started = true): TransportFault {
  if (error instanceof TransportFault) return error;
  const proxy = proxyStatus(error);
  if (proxy) return new TransportFault("Refused", false, `a proxy on the way that answered ${proxy}`);
  const codes = codesOf(error);
  const tls = codes.find((code) => tlsCode.test(code));
  if (tls) return new TransportFault("Tls", false, tls);
  const early = codes.find((code) => beforeSending[code] !== undefined);
  if (early) return new TransportFault(beforeSending[early] as FaultKind, false, early);
  if (!started) return new TransportFault("Refused", false, codes[0] ?? "no connection");
  const late = codes.find((code) => timeouts.has(code));
  if (late) return new TransportFault("TimedOut", true, late);
  return new TransportFault("Cut", true, codes[0] ?? "the connection ended early");
}
