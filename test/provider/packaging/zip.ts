import { crc32 } from "./crc32";

interface Member {
  readonly name: string;
  readonly text: string;
  /** Unix mode with the file type; default a plain file. */
  readonly mode?: number;
}

const fields = (size: number, ...values: readonly (readonly [number, 2 | 4, number])[]): Buffer => {
  const bytes = Buffer.alloc(size);
  for (const [at, width, value] of values)
    if (width === 2) bytes.writeUInt16LE(value, at);
    else bytes.writeUInt32LE(value >>> 0, at);
  return bytes;
};

/** A zip file of stored members, with any name and mode: the tools that make zips refuse to write bad ones. */
export function zipOf(members: readonly Member[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, text, mode = 0o100644 } of members) {
    const [nameBytes, content] = [Buffer.from(name), Buffer.from(text)];
    const sum = crc32(content);
    const sizes = [content.length, content.length] as const;
    const head = fields(
      30,
      [0, 4, 0x04034b50],
      [4, 2, 20],
      [14, 4, sum],
      [18, 4, sizes[0]],
      [22, 4, sizes[1]],
      [26, 2, nameBytes.length],
    );
    local.push(head, nameBytes, content);
    central.push(
      fields(
        46,
        [0, 4, 0x02014b50],
        [4, 2, (3 << 8) | 20],
        [6, 2, 20],
        [16, 4, sum],
        [20, 4, sizes[0]],
        [24, 4, sizes[1]],
        [28, 2, nameBytes.length],
        [38, 4, mode << 16],
        [42, 4, offset],
      ),
      nameBytes,
    );
    offset += head.length + nameBytes.length + content.length;
  }
  const directory = Buffer.concat(central);
  const end = fields(
    22,
    [0, 4, 0x06054b50],
    [8, 2, members.length],
    [10, 2, members.length],
    [12, 4, directory.length],
    [16, 4, offset],
  );
  return Buffer.concat([...local, directory, end]);
}
