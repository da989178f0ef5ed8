import type { Entry as Member } from "yauzl";
import type { Entry } from "./entry";
import { badArchive, extracted, linkInside, specialInside } from "./extracted";
import type { Scratch } from "./scratch";

const FILE_TYPE = 0o170000;
const LINK = 0o120000;

const PLAIN = [0, 0o100000, 0o040000];

const isFolder = (member: Member): boolean => member.fileName.endsWith("/");

/** Unix tools keep a file's mode in the upper half of the attributes. */
const typeOf = (member: Member): number => (member.externalFileAttributes >>> 16) & FILE_TYPE;

/** The files of a zip archive, each put on disk. */
export async function filesOfZip(path: string, scratch: Scratch): Promise<readonly Entry[]> {
  const { openPromise } = await import("yauzl");
  try {
    const zip = await openPromise(path);
    const found: Entry[] = [];
    for await (const member of zip.eachEntry()) {
      const type = typeOf(member);
      if (type === LINK) throw linkInside(path, member.fileName);
      if (!PLAIN.includes(type)) throw specialInside(path, member.fileName, "device, pipe or socket");
      if (isFolder(member)) continue;
      found.push(await extracted(scratch, member.fileName, await zip.openReadStreamPromise(member)));
    }
    return found;
  } catch (error) {
    throw badArchive(path, error);
  }
}
