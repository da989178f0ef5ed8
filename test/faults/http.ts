import { Agent, request as httpRequest } from "node:http";

export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array> | undefined | null;
}

export const withoutHeaders = (
  headers: Readonly<Record<string, string>>,
  ...names: readonly string[]
): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));

/** Connections of one cell: they end with it. */
export const openAgent = (): Agent => new Agent({ keepAlive: true, maxSockets: 4 });

/** The whole body at once, as the headers announce it. */
async function bytesOf(body: Sent["body"]): Promise<Buffer> {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body === "string") return Buffer.from(body, "utf8");
  if (body instanceof Uint8Array) return Buffer.from(body);
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** One request over a real connection, by nothing but Node's own client. */
export async function exchange(agent: Agent, sent: Sent): Promise<Answer> {
  const body = await bytesOf(sent.body);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(sent.url, {
      agent,
      method: sent.method,
      headers: { ...sent.headers, "content-length": String(body.length) },
    });
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => {
      const pieces: Buffer[] = [];
      incoming.on("data", (piece: Buffer) => pieces.push(piece));
      incoming.on("error", reject);
      incoming.on("end", () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: Object.fromEntries(
            Object.entries(incoming.headers).map(([name, value]) => [
              name,
              String(Array.isArray(value) ? value[0] : value),
            ]),
          ),
          text: Buffer.concat(pieces).toString("utf8"),
        }),
      );
    });
    outgoing.end(body);
  });
}
