import { createHash, randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { param, type Call } from "../server/call";
import type { Reply } from "../server/reply";
import { refusal } from "./signed-url";
import type { Artifact } from "../state/store";
import type { Workspace } from "../state/workspace";

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** A storage error: XML, and the code in a header too. */
const storageError = (status: number, code: string, message: string): Reply => ({
  status,
  body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${escaped(message)}</Message></Error>`,
  headers: { "Content-Type": "application/xml", "x-ms-error-code": code },
});

/** The file that holds an artifact's bytes. */
export const blobFile = (workspace: Workspace, sha256: string): string =>
  path.join(workspace.data.blobs, sha256);

interface Received {
  readonly sha256: string;
  readonly md5: string;
  readonly bytes: number;
}

/** Streams the request's body into a new file; the file is complete or gone. */
async function receive(call: Call, file: string): Promise<Received> {
  const [sha256, md5] = [createHash("sha256"), createHash("md5")];
  let bytes = 0;
  const count = new Transform({
    transform(piece: Buffer, _encoding, done) {
      sha256.update(piece);
      md5.update(piece);
      bytes += piece.length;
      done(null, piece);
    },
  });
  try {
    await pipeline(call.stream, count, fs.createWriteStream(file, { mode: 0o600 }));
  } catch (error) {
    fs.rmSync(file, { force: true });
    throw error;
  }
  return { sha256: sha256.digest("hex"), md5: md5.digest("base64"), bytes };
}

const headersOf = (artifact: Artifact): Record<string, string> => ({
  ETag: `"0x${(artifact.sha256 ?? "").slice(0, 16).toUpperCase()}"`,
  "Last-Modified": new Date(artifact.updatedAt).toUTCString(),
  "x-ms-version": "2024-11-04",
});

function refused(call: Call, id: string): Reply | undefined {
  const why = refusal(call.workspace, id, call.query);
  if (why !== undefined)
    return storageError(403, "AuthenticationFailed", `Server failed to authenticate the request. ${why}`);
  if (call.workspace.state.artifacts[id] !== undefined) return undefined;
  return storageError(404, "BlobNotFound", "The specified blob does not exist.");
}

function wrongUpload(call: Call): Reply | undefined {
  if (call.query.has("comp"))
    return storageError(
      501,
      "NotImplemented",
      "Only a single Put Blob is implemented; send the whole block blob.",
    );
  if (call.headers["x-ms-blob-type"] === "BlockBlob") return undefined;
  return storageError(
    400,
    "MissingRequiredHeader",
    "An HTTP header that's mandatory is missing: x-ms-blob-type.",
  );
}

/** PUT blob/{id}: stores a block blob that is sent in one request. */
export async function putBlob(call: Call): Promise<Reply> {
  const { workspace } = call;
  const id = param(call, "id");
  const wrong = refused(call, id) ?? wrongUpload(call);
  if (wrong !== undefined) return wrong;
  const file = path.join(workspace.data.blobs, `${randomUUID()}.new`);
  const received = await receive(call, file);
  const md5 = call.headers["content-md5"];
  if (md5 !== undefined && md5 !== received.md5) {
    fs.rmSync(file);
    return storageError(
      400,
      "Md5Mismatch",
      "The MD5 value specified in the request did not match the one calculated.",
    );
  }
  fs.renameSync(file, blobFile(workspace, received.sha256));
  const artifact = { sha256: received.sha256, bytes: received.bytes, updatedAt: workspace.clock.now() };
  workspace.state.artifacts[id] = artifact;
  return { status: 201, headers: { ...headersOf(artifact), "Content-MD5": received.md5 } };
}

/** GET and HEAD blob/{id} */
export function getBlob(call: Call): Reply {
  const id = param(call, "id");
  const wrong = refused(call, id);
  if (wrong !== undefined) return wrong;
  const artifact = call.workspace.state.artifacts[id];
  if (artifact?.sha256 == null)
    return storageError(404, "BlobNotFound", "The specified blob does not exist.");
  const headers = {
    ...headersOf(artifact),
    "x-ms-blob-type": "BlockBlob",
    "Content-Type": "application/octet-stream",
    "Content-Length": String(artifact.bytes),
  };
  const file = blobFile(call.workspace, artifact.sha256);
  const from = Number(/^bytes=(\d+)-$/.exec(call.headers["range"] ?? "")?.[1] ?? 0);
  if (from === 0) return { status: 200, headers, file };
  if (from >= artifact.bytes)
    return storageError(
      416,
      "InvalidRange",
      "The range specified is invalid for the current size of the resource.",
    );
  const range = {
    "Content-Length": String(artifact.bytes - from),
    "Content-Range": `bytes ${from}-${artifact.bytes - 1}/${artifact.bytes}`,
  };
  return { status: 206, headers: { ...headers, ...range }, file, from };
}
