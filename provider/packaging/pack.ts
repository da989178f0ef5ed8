import { PassThrough, Transform, type Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Pack } from "tar-stream";
import { createGzip } from "node:zlib";
import type { Entry } from "./entry";
import { SourceError } from "./source";

/** One mode must serve scripts and programs alike, whatever a checkout made of theirs. */
const MODE = 0o755;
const NO_TIME = new Date(0);

const headerOf = (entry: Entry, folder: string) => ({
  name: folder ? `${folder}/${entry.name}` : entry.name,
  size: entry.size,
  mode: MODE,
  mtime: NO_TIME,
  uid: 0,
  gid: 0,
  uname: "",
  gname: "",
  type: "file" as const,
});

const changed = (entry: Entry): SourceError =>
  new SourceError(
    "SourceChanged",
    `${entry.name} to stay as it was while it is packed`,
    "another size",
    "Run again once nothing writes to it.",
  );

/** Refuses content of another length than the header said, which would spoil everything behind it. */
async function* exactly(entry: Entry): AsyncGenerator<Buffer> {
  let left = entry.size;
  for await (const chunk of entry.open() as AsyncIterable<Buffer>) {
    left -= chunk.length;
    if (left < 0) throw changed(entry);
    yield chunk;
  }
  if (left > 0) throw changed(entry);
}

async function fill(tar: Pack, entries: readonly Entry[], folder: string): Promise<void> {
  for (const entry of entries) {
    const header = headerOf(entry, folder);
    if (entry.size === 0) tar.entry(header, Buffer.alloc(0));
    else await pipeline(exactly(entry), tar.entry(header) as unknown as Writable);
  }
  tar.finalize();
}

/**
 * The entries as a gzip-compressed tar archive, below one folder: the same bytes for the same names and content, whatever the
 * clock, the order on disk, the owner or the umask. Read as it is made, so that memory stays small.
 */
export function packed(entries: readonly Entry[], folder = ""): Readable {
  const out = new PassThrough();
  fillThrough(entries, folder, out).catch((error: Error) => out.destroy(error));
  return out;
}

async function fillThrough(entries: readonly Entry[], folder: string, out: Writable): Promise<void> {
  const { pack } = await import("tar-stream");
  const tar = pack();
  const flowing = pipeline([tar as unknown as Readable, ...gzipStages(), out]);
  const filling = fill(tar, entries, folder).catch((error: unknown) => {
    tar.destroy();
    throw error;
  });
  const [filled] = await Promise.allSettled([filling, flowing]);
  // A reader that goes away ends the flow; what the filling says is the cause of anything else.
  if (filled.status === "rejected") throw filled.reason;
}

const OS_BYTE = 9;
const OS_UNKNOWN = 255;
/** How much is compressed at a time; the same on every machine, whatever sizes the disk gives. */
const BLOCK_BYTES = 64 * 1024;

/** Passes bytes on in blocks of one size. */
function sameBlocks(): Transform {
  let held: Buffer[] = [];
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      held.push(chunk);
      bytes += chunk.length;
      if (bytes < BLOCK_BYTES) return done();
      let all = Buffer.concat(held);
      for (; all.length >= BLOCK_BYTES; all = all.subarray(BLOCK_BYTES))
        this.push(all.subarray(0, BLOCK_BYTES));
      held = [all];
      bytes = all.length;
      done();
    },
    flush(done) {
      done(null, Buffer.concat(held));
    },
  });
}

/** The header of a gzip stream names the operating system that wrote it; this one names none. */
function withoutSystem(): Transform {
  let passed = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const at = OS_BYTE - passed;
      passed += chunk.length;
      if (at < 0 || at >= chunk.length) return done(null, chunk);
      const copy = Buffer.from(chunk);
      copy[at] = OS_UNKNOWN;
      done(null, copy);
    },
  });
}

/** The stages that compress a stream to the same bytes wherever they run: no time, no name, no system. */
const gzipStages = (): readonly Transform[] => [sameBlocks(), createGzip({ level: 6 }), withoutSystem()];
