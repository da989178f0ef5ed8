import { listEntries, ownName } from "../packaging/entries";
import { withScratch } from "../packaging/scratch";
import { readSource, type Source } from "../packaging/source";
import { freshSuffix, upload, type UploadContext } from "../webservice/upload";

/** As the Python client names its containers: `yymmddThhmmss-` and eight hexadecimal digits. */
const containerAt = (now: number): string => {
  const stamp = new Date(now).toISOString().replace(/[-:]/g, "").slice(2, 15);
  return `${stamp}-${freshSuffix()}`;
};

const isFolder = (source: Source): boolean => source.kind === "archive" || source.kind === "members";

/**
 * Uploads a model's files: one file under its own name, several below a folder.
 *
 * @param name for what has no name of its own
 * @returns the prefix that the ids of all of them begin with
 */
export const uploadModel = (to: UploadContext, value: unknown, name: string): Promise<string> =>
  withScratch(async (scratch) => {
    const source = readSource(value);
    const entries = await listEntries(source, scratch);
    const container = containerAt(to.provider.clock.now());
    const base = ownName(source) ?? name;
    for (const entry of entries)
      await upload(to, container, isFolder(source) ? `${base}/${entry.name}` : base, entry);
    return `LocalUpload/${container}/${base}`;
  });
