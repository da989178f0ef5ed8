import { createHash, type Hash } from "node:crypto";
import { createReadStream, promises as fs } from "node:fs";
import { dirname } from "node:path";
import { classifyFault, TransportFault, type Download } from "../../provider/azure/http";
import { ServiceError } from "../../provider/azure/errors";
import type { Webservices } from "../../provider/azure/webservices";
import { CannotRun } from "../cannot-run";
import { cannotWrite } from "../folder";
import type { CliContext } from "../program";

const MOST_TRIES = 5;
const FIRST_PAUSE_MS = 1000;

export interface Downloaded {
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Downloads an uploaded file to a path, piece by piece: a part that an earlier run or try left is carried on. The file is there
 * when it is whole, by its length and, where the storage has it, its MD5.
 *
 * @throws ServiceError when it cannot be read; CannotRun when it cannot be written
 */
export const download = async (
  { clock, interrupt }: Pick<CliContext, "clock" | "interrupt">,
  services: Pick<Webservices, "files">,
  artifactId: string,
  path: string,
): Promise<Downloaded> => {
  const part = `${path}.part`;
  try {
    await fs.mkdir(dirname(path), { recursive: true });
  } catch (error) {
    throw cannotWrite(path, error);
  }
  for (let tries = 1; ; tries += 1) {
    try {
      const downloaded = await oneTry(services, artifactId, part, interrupt);
      await fs.rename(part, path);
      return downloaded;
    } catch (error) {
      if (interrupt.aborted || !(error instanceof TransportFault)) throw error;
      if (tries >= MOST_TRIES) throw unreachable(artifactId, error);
      await clock.sleep(FIRST_PAUSE_MS * 2 ** (tries - 1), interrupt);
    }
  }
};

const unreachable = (artifactId: string, { reason }: TransportFault): ServiceError =>
  new ServiceError({
    action: `download "${artifactId}"`,
    code: "ConnectionLost",
    detail: `Expected its content, found ${reason} in each of ${MOST_TRIES} tries.`,
    advice: "Run again: what has arrived is kept.",
  });

interface Digests {
  readonly sha256: Hash;
  readonly md5: Hash;
  bytes: number;
}

const oneTry = async (
  { files }: Pick<Webservices, "files">,
  artifactId: string,
  part: string,
  interrupt: AbortSignal,
): Promise<Downloaded> => {
  let digests = await digestsOf(part);
  const answer = await files.open(artifactId, digests.bytes, interrupt).catch(async (error: unknown) => {
    // The part is as long as the file, or longer than one that was replaced since.
    if (!(error instanceof ServiceError) || error.status !== 416) throw error;
    await fs.rm(part, { force: true });
    return files.open(artifactId, 0, interrupt);
  });
  if (answer.status === 200) digests = noDigests();
  const expected = digests.bytes + Number(answer.headers["content-length"] ?? Number.NaN);
  await append(answer, part, digests);
  await assertWhole({ artifactId, part, expected }, answer, digests);
  return { bytes: digests.bytes, sha256: digests.sha256.digest("hex") };
};

const noDigests = (): Digests => ({ sha256: createHash("sha256"), md5: createHash("md5"), bytes: 0 });

/** The digests of what is there already. */
const digestsOf = async (part: string): Promise<Digests> => {
  const digests = noDigests();
  try {
    for await (const chunk of createReadStream(part) as AsyncIterable<Buffer>) add(digests, chunk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw cannotWrite(part, error);
  }
  return digests;
};

const add = (digests: Digests, chunk: Uint8Array): void => {
  digests.sha256.update(chunk);
  digests.md5.update(chunk);
  digests.bytes += chunk.length;
};

/** Writes each piece before it reads the next: no more than a few are in memory, and none that has arrived is lost. */
const append = async (answer: Download, part: string, digests: Digests): Promise<void> => {
  const file = await fs.open(part, answer.status === 206 ? "a" : "w").catch((error: unknown) => {
    throw cannotWrite(part, error);
  });
  try {
    for await (const chunk of answer.content) {
      await file.writeFile(chunk).catch((error: unknown) => {
        throw cannotWrite(part, error);
      });
      add(digests, chunk);
    }
  } catch (error) {
    throw error instanceof CannotRun ? error : classifyFault(error);
  } finally {
    await file.close();
  }
};

interface Awaited {
  readonly artifactId: string;
  readonly part: string;
  /** In bytes; NaN where the storage does not say. */
  readonly expected: number;
}

/** A part with wrong content is removed: nothing may be added to it. */
const assertWhole = async (
  { artifactId, part, expected }: Awaited,
  { status, headers }: Download,
  { bytes, md5 }: Digests,
): Promise<void> => {
  if (bytes > expected) await fs.rm(part, { force: true });
  if (Number.isFinite(expected) && bytes !== expected)
    throw new TransportFault("Cut", true, `${bytes} of ${expected} bytes`);
  const named = status === 200 ? headers["content-md5"] : headers["x-ms-blob-content-md5"];
  if (named === undefined || named === md5.digest("base64")) return;
  await fs.rm(part, { force: true });
  if (status !== 200) throw new TransportFault("Cut", true, "a part of another file");
  throw new CannotRun(
    "DigestDiffers",
    `expected "${artifactId}" to have the MD5 that the storage names, found another. Run again; when that does not help, the stored file is damaged.`,
  );
};
