import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { SourceError } from "./source-error";

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
  open: () => Readable.from(contentOf(name, path), { objectMode: false }),
});

/** What was there when the source was listed may be gone when it is packed or sent. */
async function* contentOf(name: string, path: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path) as AsyncIterable<Buffer>;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    const found = code === "ENOENT" ? `no file at ${path} any more` : `${code} at ${path}`;
    throw new SourceError(
      "SourceChanged",
      `${name} to stay as it was while it is packed`,
      found,
      "Run again once nothing writes to it.",
    );
  }
}
