import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createReadStream, createWriteStream } from "node:fs";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** A folder of this process alone, for what has to lie on disk for a while. */
export interface Scratch {
  /** A path in the folder that nothing has used before. */
  next(): string;
}

/** Runs `use` with a fresh folder, and removes it however `use` ends. */
export async function withScratch<Result>(use: (scratch: Scratch) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-azureml-"));
  let made = 0;
  try {
    return await use({ next: () => join(folder, String((made += 1))) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Content with a known length that can be read again and again. */
export interface Content {
  /** In bytes. */
  readonly size: number;
  open(): Readable;
}

/** Writes a stream to disk: an upload must know its length beforehand, and start again when it is cut. */
export async function spool(content: Readable, scratch: Scratch, signal?: AbortSignal): Promise<Content> {
  const path = scratch.next();
  const file = createWriteStream(path, { mode: 0o600, flags: "wx" });
  await pipeline(content, file, { signal });
  return { size: file.bytesWritten, open: () => createReadStream(path) };
}
