import { Transform } from "node:stream";
import { createGzip } from "node:zlib";

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
export const gzipStages = (): readonly Transform[] => [
  sameBlocks(),
  createGzip({ level: 6 }),
  withoutSystem(),
];
