import { createReadStream } from "node:fs";
import { Readable } from "node:stream";

/** One file of a source. */
export interface Entry {
  /** Its path within the source, with slashes. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Its content from the beginning; may be called again. */
  open(): Readable;
}

export const textEntry = (name: string, text: string): Entry => {
  const bytes = Buffer.from(text, "utf8");
  return { name, size: bytes.length, open: () => Readable.from([bytes], { objectMode: false }) };
};

export const fileEntry = (name: string, path: string, size: number): Entry => ({
  name,
  size,
  open: () => createReadStream(path),
});
