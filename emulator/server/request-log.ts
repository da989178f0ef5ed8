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

/** The requests since the start or the last clear, in memory only, the newest 10 000. */
export interface RequestLog {
  add(entry: Omit<LoggedRequest, "n" | "status">): LoggedRequest;
  all(): readonly LoggedRequest[];
  clear(): void;
}

const limit = 10_000;

export function makeRequestLog(): RequestLog {
  let entries: LoggedRequest[] = [];
  let n = 0;
  return {
    add(entry) {
      n += 1;
      const logged: LoggedRequest = { n, ...entry, status: null };
      entries.push(logged);
      if (entries.length > limit) entries = entries.slice(-limit);
      return logged;
    },
    all: () => entries.map((entry) => ({ ...entry })),
    clear() {
      entries = [];
      n = 0;
    },
  };
}

/** A body as the log shows it. */
export function shownBody(body: Buffer): unknown {
  if (body.length === 0) return null;
  const text = body.toString("utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
