import { createReadStream, statSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { Reply } from "./reply";

const bytesOf = (body: unknown): Buffer | undefined => {
  if (body === undefined) return undefined;
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body), "utf8");
};

const typeOf = (body: unknown): Record<string, string> => {
  if (body === undefined) return {};
  return {
    "Content-Type":
      typeof body === "string" ? "text/plain; charset=utf-8" : "application/json; charset=utf-8",
  };
};

/** Sends a reply. A HEAD request gets its headers only (Node leaves the body out). */
export async function respond(response: ServerResponse, reply: Reply): Promise<void> {
  if (reply.file !== undefined) {
    response.writeHead(reply.status, { "Content-Length": statSync(reply.file).size, ...reply.headers });
    if (response.req.method === "HEAD") return void response.end();
    await pipeline(createReadStream(reply.file, { start: reply.from ?? 0 }), response);
    return;
  }
  const bytes = bytesOf(reply.body);
  const length = reply.status === 204 ? {} : { "Content-Length": bytes?.length ?? 0 };
  response.writeHead(reply.status, { ...typeOf(reply.body), ...length, ...reply.headers });
  response.end(bytes);
}
