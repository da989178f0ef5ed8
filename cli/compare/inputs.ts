import { createHash } from "node:crypto";
import { createReadStream, promises as fs } from "node:fs";
import { extname, join } from "node:path";
import { CannotRun } from "../cannot-run";
import { NotJson, parseJson } from "./json-text";

/** A recorded request. */
export interface Input {
  /** The file's name, or `line 7`. */
  readonly id: string;
  /** Of content and type: two inputs with the same one are the same request. */
  readonly digest: string;
  readonly contentType: string;
  /** Reads the body; undefined when it is not what it was when the run began. */
  readonly read: () => Promise<Buffer | undefined>;
}

/** An input that is not sent, and why. */
export interface Skipped {
  readonly id: string;
  readonly why: string;
}

export interface Inputs {
  readonly all: readonly Input[];
  readonly skipped: readonly Skipped[];
  /** Inputs that are the same as an earlier one; that one is sent for both. */
  readonly duplicates: readonly { readonly id: string; readonly of: string }[];
}

/** More than the servers of either kind of service take. */
const LARGEST_INPUT = 32 * 1024 * 1024;

const TOO_LARGE = `larger than ${LARGEST_INPUT / 1024 / 1024} MB`;

const JSON_TYPE = "application/json";

const contentTypes: Readonly<Record<string, string>> = {
  ".json": JSON_TYPE,
  ".csv": "text/csv",
  ".txt": "text/plain",
  ".xml": "application/xml",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".png": "image/png",
};

/**
 * Finds the inputs: each file of a folder, or each line of a file. Only one of them is in memory at a time.
 *
 * @throws CannotRun NoInputs
 */
export const findInputs = async (path: string, interrupt: AbortSignal): Promise<Inputs> => {
  const stat = await fs.stat(path).catch(() => undefined);
  if (stat === undefined)
    throw noInputs(
      `a folder of requests, or a file with one on each line, in --inputs, found nothing at ${path}`,
    );
  const found = await collected(stat.isDirectory() ? filesIn(path) : linesIn(path), interrupt);
  if (found.all.length > 0) return found;
  const [first] = found.skipped;
  const odd = first
    ? `${found.skipped.length} that cannot be sent, the first for this: ${first.id} is ${first.why}`
    : "none";
  throw noInputs(
    stat.isDirectory()
      ? `a request in each file of ${path}, found ${odd}`
      : `a request as JSON on each line of ${path}, found ${odd}. Requests of another kind go into a folder, one in each file`,
  );
};

const noInputs = (expected: string): CannotRun =>
  new CannotRun("NoInputs", `expected ${expected}. Record some requests first; docs/comparing.md says how.`);

const collected = async (found: AsyncIterable<Input | Skipped>, interrupt: AbortSignal): Promise<Inputs> => {
  const all = new Map<string, Input>();
  const [skipped, duplicates]: [Skipped[], { id: string; of: string }[]] = [[], []];
  for await (const one of found) {
    interrupt.throwIfAborted();
    if ("why" in one) skipped.push(one);
    else {
      const earlier = all.get(one.digest);
      if (earlier) duplicates.push({ id: one.id, of: earlier.id });
      else all.set(one.digest, one);
    }
  }
  return { all: [...all.values()], skipped, duplicates };
};

const digestOf = (contentType: string, body: Uint8Array): string =>
  createHash("sha256").update(`${contentType}\n`).update(body).digest("hex").slice(0, 32);

async function* filesIn(folder: string): AsyncGenerator<Input | Skipped> {
  const entries = await fs.readdir(folder, { withFileTypes: true });
  for (const { name } of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (name.startsWith(".")) continue;
    const path = join(folder, name);
    const stat = await fs.stat(path).catch(() => undefined);
    if (!stat?.isFile()) yield { id: name, why: stat?.isDirectory() ? "a folder" : "no file" };
    else if (stat.size > LARGEST_INPUT) yield { id: name, why: TOO_LARGE };
    else yield await inputOf(name, contentTypes[extname(name).toLowerCase()], () => fs.readFile(path));
  }
}

const inputOf = async (
  id: string,
  contentType = "application/octet-stream",
  readBody: () => Promise<Buffer>,
): Promise<Input | Skipped> => {
  const read = (): Promise<Buffer | undefined> => readBody().catch(() => undefined);
  const body = await read();
  if (body === undefined) return { id, why: "not readable" };
  return inputWith(id, contentType, body, read);
};

const inputWith = (
  id: string,
  contentType: string,
  body: Buffer,
  read: () => Promise<Buffer | undefined>,
): Input => {
  const digest = digestOf(contentType, body);
  const readSame = async (): Promise<Buffer | undefined> => {
    const again = await read();
    return again && digestOf(contentType, again) === digest ? again : undefined;
  };
  return { id, digest, contentType, read: readSame };
};

/** Each line of a file is a request's body, sent byte for byte. Empty lines are none. */
async function* linesIn(file: string): AsyncGenerator<Input | Skipped> {
  for await (const { number, from, length, bytes } of rawLines(file)) {
    const id = `line ${number}`;
    if (bytes === undefined) yield { id, why: TOO_LARGE };
    else {
      const wrong = isBlank(bytes) ? undefined : notJson(bytes.toString());
      if (wrong !== undefined) yield { id, why: `no JSON: ${wrong}` };
      else if (!isBlank(bytes)) yield inputWith(id, JSON_TYPE, bytes, () => slice(file, from, length));
    }
  }
}

const isBlank = (bytes: Buffer): boolean => bytes.toString("latin1").trim() === "";

/** Python's NaN is sent as it is: the service may take it. */
const notJson = (text: string): string | undefined => {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    try {
      parseJson(text);
      return undefined;
    } catch (error) {
      if (error instanceof NotJson) return error.message;
      throw error;
    }
  }
};

interface RawLine {
  readonly number: number;
  /** Where in the file it begins, and how many bytes it has. */
  readonly from: number;
  readonly length: number;
  /** Undefined for one that is too large. */
  readonly bytes: Buffer | undefined;
}

const [LF, CR] = [0x0a, 0x0d];

async function* rawLines(file: string): AsyncGenerator<RawLine> {
  let [number, from, length] = [1, 0, 0];
  let pieces: Buffer[] = [];
  const line = (): RawLine => {
    const bytes = length > LARGEST_INPUT ? undefined : Buffer.concat(pieces);
    const mark = number === 1 && bytes?.subarray(0, 3).equals(Buffer.from("\ufeff")) ? 3 : 0;
    const end = bytes?.at(-1) === CR ? 1 : 0;
    return {
      number,
      from: from + mark,
      length: length - mark - end,
      bytes: bytes?.subarray(mark, length - end),
    };
  };
  const add = (piece: Buffer): void => {
    length += piece.length;
    if (length > LARGEST_INPUT) pieces = [];
    else if (piece.length > 0) pieces.push(piece);
  };
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let at = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, at)) {
      add(chunk.subarray(at, end));
      yield line();
      at = end + 1;
      from += length + 1;
      [number, length, pieces] = [number + 1, 0, []];
    }
    add(chunk.subarray(at));
  }
  if (length > 0) yield line();
}

const slice = async (file: string, from: number, length: number): Promise<Buffer> => {
  const handle = await fs.open(file);
  try {
    const bytes = Buffer.alloc(length);
    await handle.read(bytes, 0, length, from);
    return bytes;
  } finally {
    await handle.close();
  }
};
