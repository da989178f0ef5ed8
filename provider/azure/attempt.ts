import { randomUUID } from "node:crypto";
import type { Deadline } from "./deadline";
import { TransportFault } from "./fault";
import type { HttpAnswer, HttpRequest, Transport } from "./http";
import { safeText, type SafeText } from "./safe-text";
import { beginPass, longestUploadMs, type StreamedBody } from "./streamed-body";

/** One request to the service, with what the retry has to know of it. */
export interface Call {
  /** Verb and resource, for errors: `read service "fraud"`. */
  readonly action: string;
  readonly method: HttpRequest["method"];
  readonly url: string;
  readonly body?: unknown;
  /** Content that is too large to hold, in place of `body`. */
  readonly stream?: StreamedBody;
  /** Default `application/json` where there is a body. */
  readonly contentType?: string;
  /** Beside those that every request has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Doing it twice is the same as doing it once. */
  readonly repeatable: boolean;
  /** Whether this 409 means that another operation runs on the service; default: it does not. */
  readonly isBusy?: (answer: HttpAnswer) => boolean | "perhaps";
  /** Texts that must not show up in an error. */
  readonly secrets?: readonly string[];
  /** When to give up; default five minutes from now. */
  readonly deadline?: Deadline | undefined;
  /** How long one try may take, in milliseconds; default 80 seconds, or by the size of a stream. */
  readonly longestTryMs?: number;
  /** Sent without a token. Default false. */
  readonly anonymous?: boolean;
}

/** How one try ended: with an answer, or without one. */
export type Tried = { readonly answer: HttpAnswer } | { readonly fault: TransportFault };

const longestTryMs = 80_000;
const sessionId = randomUUID();

function headersOf(call: Call, token: string | undefined): Record<string, string> {
  return {
    accept: "application/json",
    "user-agent": "pulumi-azureml",
    "x-ms-client-session-id": sessionId,
    "x-ms-client-request-id": randomUUID(),
    ...(call.body === undefined && !call.stream
      ? {}
      : { "content-type": call.contentType ?? "application/json" }),
    ...(call.stream ? { "content-length": String(call.stream.size) } : {}),
    ...call.headers,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
}

/** Text and bytes as they are, anything else as JSON. */
const bodyOf = (body: unknown): string | Uint8Array | undefined =>
  body === undefined || typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);

const isDocument = (answer: HttpAnswer): boolean =>
  answer.status >= 200 && answer.status < 300 && !/^\s*</.test(answer.text);

/** An answer may echo the request: what must not be shown is struck where it enters, but for documents. */
const struck = (answer: HttpAnswer, safe: SafeText): HttpAnswer => ({
  status: answer.status,
  headers: Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, safe(value)])),
  text: isDocument(answer) ? answer.text : safe(answer.text),
});

const longestTryOf = ({ longestTryMs: own, stream }: Call): number =>
  own ?? (stream ? longestUploadMs(stream.size) : longestTryMs);

/** Sends a request once, with the token where there is one. */
export async function tryOnce(
  transport: Transport,
  call: Call,
  token: string | undefined,
  leftMs: number,
  signal?: AbortSignal,
): Promise<Tried> {
  const pass = call.stream && beginPass(call.stream);
  try {
    const answer = await transport({
      method: call.method,
      url: call.url,
      headers: headersOf(call, token),
      body: pass?.bytes ?? bodyOf(call.body),
      timeoutMs: Math.min(longestTryOf(call), leftMs),
      signal,
    });
    return { answer: struck(answer, safeText([...(call.secrets ?? []), token ?? ""])) };
  } catch (error) {
    pass?.assertReadable();
    if (error instanceof TransportFault) return { fault: error };
    throw error;
  }
}
