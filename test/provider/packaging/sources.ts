import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { gunzipSync } from "node:zlib";
import { extract } from "tar-stream";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** Assets and archives as the host passes them on. */
export const asset = (content: Record<string, unknown>) => ({ [SIGNATURE]: ASSET, hash: "a1", ...content });
export const archive = (content: Record<string, unknown>) => ({
  [SIGNATURE]: ARCHIVE,
  hash: "b2",
  ...content,
});

/** A folder that is removed after each test. */
export function freshFolder(): () => string {
  let folder = "";
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "packaging-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return () => folder;
}

export async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export interface Unpacked {
  readonly header: { readonly name: string };
  readonly text: string;
}

/** The members of a gzip tar archive, read by a library and not by what wrote it. */
export async function unpacked(bytes: Buffer): Promise<Unpacked[]> {
  const found: Unpacked[] = [];
  const reader = extract();
  reader.end(gunzipSync(bytes));
  for await (const member of reader)
    found.push({
      header: member.header,
      text: (await bytesOf(member as unknown as Readable)).toString("utf8"),
    });
  return found;
}

export async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("expected a failure, found none");
}
