import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  type BrotliDecompress,
  type Gunzip,
  type Inflate,
} from "node:zlib";
import { Readable } from "node:stream";
import { systemClock, type Clock } from "../../provider/azure/clock";
import { ServiceError } from "../../provider/azure/errors";
import { classifyFault, openAnswer, TransportFault, type FaultKind } from "../../provider/azure/http";
import { decideRetry, parseRetryAfter } from "../../provider/azure/retry";
import type { Endpoint } from "./endpoint";

/** Why there is no answer that could be compared. The words are stable. */
export type FailureClass =
  | "unreachable"
  | "tlsFailed"
  | "timedOut"
  | "connectionLost"
  | "throttled"
  | "unavailable"
  | "unauthorized"
  | "notFound"
  | "redirected"
  | "inputTooLarge"
  | "answerTooLarge"
  | "unreadable";

/** What the model answered: also that it refuses the input, or that it failed. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  /** Decoded. */
  readonly body: Buffer;
  /** From writing the request to the answer's last byte. */
  readonly ms: number;
}

export interface Failure {
  readonly failure: FailureClass;
  readonly says: string;
}

export type Sent = Answer | Failure;

export interface SendOptions {
  readonly clock: Clock;
  readonly interrupt: AbortSignal;
  /** For one try, to the answer's last byte. */
  readonly timeoutMs: number;
  /** How many bytes of an answer are read. */
  readonly mostBytes: number;
  /** Resolves when the next request may be sent. */
  readonly turn: () => Promise<void>;
  /** Called with each key that is sent, so that it is never shown. */
  readonly onKey: (key: string) => void;
}

interface Request {
  readonly contentType: string;
  readonly body: Buffer;
}

const THROTTLED_WITHIN_MS = 5 * 60_000;

/**
 * Sends one input, once. It is sent again only after the server has said that it did nothing with it: that it is throttled
 * (429, or 503 with a time to come back), or, where there is another key, that the key is refused. Both are bounded.
 */
export const sendInput = async (
  endpoint: Endpoint,
  request: Request,
  options: SendOptions,
): Promise<Sent> => {
  const { clock, interrupt } = options;
  const start = clock.now();
  const first = await keyOf(endpoint, false);
  if (isFailure(first)) return first;
  let key = first;
  let isRenewed = false;
  for (let attempt = 1; ;) {
    await options.turn();
    const tried = await tryOnce(endpoint, request, key, options);
    if (!("retryAfter" in tried)) return tried;
    const { status, retryAfter } = tried;
    if (status === 401 && !isRenewed) {
      isRenewed = true;
      const again = await keyOf(endpoint, true);
      if (isFailure(again)) return again;
      if (again === undefined || again === key) return refusalOf(status, attempt, endpoint);
      key = again;
      continue;
    }
    const retryAfterMs = parseRetryAfter(retryAfter, clock.now());
    const decision = decideRetry({
      outcome: { kind: "status", status, retryAfterMs },
      attempt,
      elapsedMs: clock.now() - start,
      budgetMs: THROTTLED_WITHIN_MS,
      random: clock.random(),
      repeatable: false,
    });
    if (decision.kind === "giveUp") return refusalOf(status, attempt, endpoint);
    await clock.sleep(decision.ms, interrupt);
    attempt += 1;
  }
};

/** The key to send; `refresh`: the one that was sent is refused. */
const keyOf = async (endpoint: Endpoint, refresh: boolean): Promise<string | undefined | Failure> => {
  try {
    return await endpoint.credential(refresh);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const { code, detail } = error;
    const why = refresh
      ? "its key was refused (HTTP 401), and could not be read anew"
      : "its key could not be read";
    return failure("unauthorized", `${why}: ${code}: ${detail ?? "no reason given"}`);
  }
};

export const isFailure = (sent: unknown): sent is Failure =>
  typeof sent === "object" && sent !== null && "failure" in sent;

const failure = (kind: FailureClass, says: string): Failure => ({ failure: kind, says });

/** A status with which something in front of the model answers in its place. */
const refusals: Readonly<Record<number, readonly [FailureClass, string]>> = {
  401: ["unauthorized", "its key or token was refused"],
  403: ["unauthorized", "it was forbidden"],
  404: ["notFound", "nothing is served at this address"],
  405: ["notFound", "nothing that can be scored is served at this address"],
  407: ["unauthorized", "a proxy asks for a password"],
  408: ["timedOut", "it took longer than the service allows"],
  410: ["notFound", "nothing is served at this address any more"],
  413: ["inputTooLarge", "the input is larger than the service takes"],
  429: ["throttled", "it takes no more requests at present"],
  502: ["unavailable", "its model crashed, or cannot be reached by its front end"],
  503: ["unavailable", "it has no free replica"],
  504: ["timedOut", "it took longer than the service allows"],
};

const isRefusal = (status: number): boolean =>
  status < 200 || (status >= 300 && status < 400) || status in refusals;

const refusalOf = (status: number, attempts: number, { advice }: Endpoint): Failure => {
  const [kind, says] = refusals[status] ?? [
    "redirected" as const,
    "it points to another address, and a key follows no one",
  ];
  const times = attempts > 1 ? `, ${attempts} times` : "";
  return failure(kind, `${says} (HTTP ${status}${times})${kind === "unauthorized" ? `. ${advice}` : ""}`);
};

/** An answer that is no model's, with what decides whether it is sent again. */
interface Refused {
  readonly status: number;
  readonly retryAfter: string | undefined;
}

const tryOnce = async (
  endpoint: Endpoint,
  request: Request,
  key: string | undefined,
  { clock, interrupt, timeoutMs, mostBytes, onKey }: SendOptions,
): Promise<Answer | Failure | Refused> => {
  if (key !== undefined) onKey(key);
  const stop = new AbortController();
  const disarm: (() => void)[] = [];
  // The HTTP library heeds a signal only once it has a connection, so that both ends are watched here.
  const stopped = new Promise<never>((_, reject) => {
    const end = (error: unknown): void => {
      reject(error);
      stop.abort();
    };
    const onInterrupt = (): void => end(interrupt.reason);
    if (interrupt.aborted) return onInterrupt();
    interrupt.addEventListener("abort", onInterrupt, { once: true });
    disarm.push(() => interrupt.removeEventListener("abort", onInterrupt));
    disarm.push(
      (clock.alarm ?? systemClock.alarm)(timeoutMs, () =>
        end(new TransportFault("TimedOut", true, "ETIMEDOUT")),
      ),
    );
  });
  try {
    return await Promise.race([
      exchange(endpoint.url, request, key, { clock, mostBytes, signal: stop.signal }),
      stopped,
    ]);
  } catch (error) {
    if (interrupt.aborted || !(error instanceof TransportFault)) throw error;
    return faulted(error, timeoutMs);
  } finally {
    for (const each of disarm) each();
    stop.abort();
  }
};

const faultClasses: Readonly<Record<FaultKind, FailureClass>> = {
  Refused: "unreachable",
  Unresolved: "unreachable",
  Tls: "tlsFailed",
  TimedOut: "timedOut",
  Cut: "connectionLost",
};

const faulted = ({ kind, reason }: TransportFault, timeoutMs: number): Failure => {
  const says: Readonly<Record<FaultKind, string>> = {
    Refused: `it takes no connection (${reason})`,
    Unresolved: `its name is not known (${reason})`,
    Tls: `its certificate is not accepted (${reason}); NODE_EXTRA_CA_CERTS names a company's`,
    TimedOut: `it did not answer within ${timeoutMs / 1000} s (--timeout)`,
    Cut: `the connection ended before the answer did (${reason})`,
  };
  return failure(faultClasses[kind], says[kind]);
};

interface ExchangeOptions {
  readonly clock: Clock;
  readonly mostBytes: number;
  readonly signal: AbortSignal;
}

const exchange = async (
  url: string,
  { contentType, body }: Request,
  key: string | undefined,
  { clock, mostBytes, signal }: ExchangeOptions,
): Promise<Answer | Failure | Refused> => {
  let start = clock.now();
  const { status, headers, content } = await openAnswer(
    {
      method: "POST",
      url,
      headers: {
        "content-type": contentType,
        accept: "*/*",
        "user-agent": "pulumi-azureml",
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      body,
      signal,
    },
    () => (start = clock.now()),
  );
  // What is not read to its end fails when the try ends, and nobody is to hear of it.
  if (content instanceof Readable) content.on("error", () => undefined);
  if (isRefusal(status)) return { status, retryAfter: headers["retry-after"] };
  const encoding = headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  const read = await readAnswer(classified(content), encoding, mostBytes);
  if (!Buffer.isBuffer(read)) return read;
  return { status, contentType: headers["content-type"] ?? "", body: read, ms: clock.now() - start };
};

/** An answer may end early, too. */
async function* classified(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* content;
  } catch (error) {
    throw classifyFault(error);
  }
}

type Decoder = Gunzip | Inflate | BrotliDecompress;

const decoders: Readonly<Record<string, () => Decoder>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Reads an answer to its end, but no more of it than may be in memory. */
const readAnswer = async (
  content: AsyncIterable<Uint8Array>,
  encoding: string,
  mostBytes: number,
): Promise<Buffer | Failure> => {
  if (encoding === "identity" || encoding === "") return collect(content, mostBytes);
  const decoder = Object.hasOwn(decoders, encoding) ? decoders[encoding]!() : undefined;
  if (!decoder) {
    return failure(
      "unreadable",
      `its answer is encoded as ${JSON.stringify(encoding)}, which cannot be read here`,
    );
  }
  let lost: unknown;
  const raw = Readable.from(content);
  raw.on("error", (error) => {
    lost = error;
    decoder.destroy(error);
  });
  try {
    return await collect(raw.pipe(decoder), mostBytes);
  } catch (error) {
    if (lost !== undefined) throw lost;
    const { code } = error as NodeJS.ErrnoException;
    return failure("unreadable", `its answer says that it is ${encoding}, and is not (${code ?? "broken"})`);
  } finally {
    raw.destroy();
    decoder.destroy();
  }
};

const collect = async (content: AsyncIterable<Uint8Array>, mostBytes: number): Promise<Buffer | Failure> => {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of content) {
    length += piece.length;
    if (length > mostBytes)
      return failure("answerTooLarge", `its answer is larger than ${mostBytes} bytes (--max-answer)`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces, length);
};
