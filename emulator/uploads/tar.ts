import { createReadStream } from "node:fs";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";

const blockSize = 512;

interface Entry {
  readonly name: string;
  readonly size: number;
  readonly type: string;
}

const textOf = (block: Buffer, start: number, length: number): string =>
  block.toString("utf8", start, start + length).replace(/\0[^]*$/, "");

function entryOf(block: Buffer): Entry {
  const prefix = textOf(block, 257, 5) === "ustar" ? textOf(block, 345, 155) : "";
  const name = textOf(block, 0, 100);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    size: Number.parseInt(textOf(block, 124, 12).trim() || "0", 8),
    type: textOf(block, 156, 1) || "0",
  };
}

/** A name that is longer than a header holds comes in an entry of its own (GNU `L`, or `path` in a pax `x`). */
function longName(type: string, content: Buffer): string | undefined {
  if (type === "L") return content.toString("utf8").replace(/\0[^]*$/, "");
  return /(?:^|\n)[0-9]+ path=([^\n]+)\n/.exec(content.toString("utf8"))?.[1];
}

/** A script is shorter, and an archive that says otherwise must not fill the memory. */
export const longestScript = 16 * 1024 * 1024;

/** Gives exactly as many bytes as are asked for. */
function makeReader(source: AsyncIterator<Buffer>) {
  let held: Buffer = Buffer.alloc(0);
  let done = false;
  const fill = async (length: number): Promise<void> => {
    const pieces = [held];
    let have = held.length;
    while (have < length && !done) {
      const next = await source.next();
      done = next.done === true;
      if (!next.done) pieces.push(next.value);
      have += next.done ? 0 : next.value.length;
    }
    held = Buffer.concat(pieces);
  };
  const take = async (length: number): Promise<Buffer> => {
    if (length > longestScript) throw new Error(`an entry of ${length} bytes is too long to be read`);
    await fill(length);
    const taken = held.subarray(0, length);
    held = held.subarray(length);
    return taken;
  };
  /** Passes over bytes without holding them all. */
  const skip = async (length: number): Promise<void> => {
    for (let left = length; left > 0; left -= 65_536) await take(Math.min(left, 65_536));
  };
  return { take, skip };
}

const padded = (size: number): number => Math.ceil(size / blockSize) * blockSize;

const sameName = (a: string, b: string): boolean => a.replace(/^\.\//, "") === b.replace(/^\.\//, "");

/** The content of one file in a gzip tar archive; undefined when it is not in it. Throws when it is no archive. */
export async function readFromArchive(file: string, name: string): Promise<Buffer | undefined> {
  const unzipped = createGunzip();
  // The reader meets the errors; it may also stop before the end.
  const source = pipeline(createReadStream(file), unzipped, () => undefined);
  try {
    return await findEntry(source, name);
  } finally {
    source.destroy();
  }
}

async function findEntry(source: Readable, name: string): Promise<Buffer | undefined> {
  const reader = makeReader(source[Symbol.asyncIterator]() as AsyncIterator<Buffer>);
  let override: string | undefined;
  for (;;) {
    const header = await reader.take(blockSize);
    if (header.length < blockSize || header[0] === 0) return undefined;
    const entry = entryOf(header);
    if (entry.type === "L" || entry.type === "x") {
      override = longName(entry.type, (await reader.take(padded(entry.size))).subarray(0, entry.size));
      continue;
    }
    if (entry.type === "0" && sameName(override ?? entry.name, name)) return await reader.take(entry.size);
    override = undefined;
    await reader.skip(padded(entry.size));
  }
}
