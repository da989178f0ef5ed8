import { createReadStream } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { Entry } from "./entry";
import { badArchive, extracted, linkInside, specialInside } from "./extracted";
import type { Scratch } from "./scratch";

/** What the library's reader is to us: its own streams, used as Node's. */
type TarReader = Writable &
  AsyncIterable<
    Readable & {
      readonly header: { readonly name: string; readonly type?: string | null; readonly pax?: object | null };
    }
  >;

async function takeFiles(archive: TarReader, path: string, scratch: Scratch): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  for await (const member of archive) {
    const { name, type, pax } = member.header;
    if (type === "symlink" || type === "link") throw linkInside(path, name);
    // Only the extended header tells such a file from one whose content is all there.
    if (Object.keys(pax ?? {}).some((key) => key.startsWith("GNU.sparse.")))
      throw specialInside(path, name, "sparse");
    if (type === "file" || type === "contiguous-file") found.push(await extracted(scratch, name, member));
    else if (type === "directory") member.resume();
    else throw specialInside(path, name, type);
  }
  return found;
}

/** The files of a tar archive, gzip-compressed or not, each put on disk. */
export async function filesOfTar(
  path: string,
  scratch: Scratch,
  compressed: boolean,
): Promise<readonly Entry[]> {
  const { extract } = await import("tar-stream");
  const archive = extract() as unknown as TarReader;
  const stages = compressed ? [createGunzip(), archive] : [archive];
  // The feed also fails when the reader stops early; the reader's own reason is the one to tell.
  const fed = pipeline([createReadStream(path), ...stages]).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  try {
    const found = await takeFiles(archive, path, scratch);
    const broken = await fed;
    if (broken) throw broken.error;
    return found;
  } catch (error) {
    archive.destroy();
    throw badArchive(path, error);
  }
}
