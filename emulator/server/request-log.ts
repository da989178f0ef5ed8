import { parseJson } from "./json";

/** One request, as a test or a demo reads it. The Authorization header is never kept. */
export interface LoggedRequest {
  readonly n: number;
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** JSON where it is JSON, else the text; null when empty; `<N bytes>` for an upload. */
  readonly body: unknown;
  /** Null while the request is handled, and when its connection was cut. */
  status: number | null;
  /** ISO 8601. */
  readonly at: string;
}

/** The requests since the start or the last clear, in memory only, the newest 10 000; of large ones fewer. */
export interface RequestLog {
  /** @param bytes the length of the body */
  add(entry: Omit<LoggedRequest, "n" | "status">, bytes: number): LoggedRequest;
  all(): readonly LoggedRequest[];
  clear(): void;
}

const limit = 10_000;

/** Parsed bodies take many times their length: a long-lived emulator must not run out of memory. */
const bytesLimit = 64 * 1024 * 1024;

export function makeRequestLog(): RequestLog {
  let entries: { readonly logged: LoggedRequest; readonly bytes: number }[] = [];
  let [n, bytesKept] = [0, 0];
  return {
    add(entry, bytes) {
      n += 1;
      const logged: LoggedRequest = { n, ...entry, status: null };
      entries.push({ logged, bytes });
      bytesKept += bytes;
      while (entries.length > limit || (bytesKept > bytesLimit && entries.length > 1))
        bytesKept -= entries.shift()?.bytes ?? 0;
      return logged;
    },
    all: () => entries.map(({ logged }) => ({ ...logged })),
    clear() {
      entries = [];
      [n, bytesKept] = [0, 0];
    },
  };
}

/** A body as the log shows it. */
export function shownBody(body: Buffer): unknown {
  if (body.length === 0) return null;
  const text = body.toString("utf8");
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
