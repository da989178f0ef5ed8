import { existsSync } from "node:fs";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { brief } from "./brief-error";

/** What an asset or archive of any copy of Pulumi's SDK is made of; the classes tell only the two kinds apart. */
interface Parts {
  readonly path?: string | Promise<string>;
  readonly assets?: Promise<Readonly<Record<string, unknown>>>;
}

/** The paths on this machine that an asset or archive names, those of its members among them. */
const pathsOf = async (value: unknown): Promise<readonly string[]> => {
  if (!pulumi.asset.Asset.isInstance(value) && !pulumi.asset.Archive.isInstance(value)) return [];
  const { path, assets } = value as Parts;
  const members = await Promise.all(Object.values((await assets) ?? {}).map(pathsOf));
  return [...(path === undefined ? [] : [await path]), ...members.flat()];
};

/**
 * The same asset or archive once all its files are seen to be there. The engine reads them before any provider is asked, and
 * fails with no more than a stack.
 *
 * @param input the argument that holds it
 */
export const withExistingFiles = async (value: unknown, input: string): Promise<unknown> => {
  const missing = (await pathsOf(value)).find((path) => !existsSync(path));
  if (missing === undefined) return value;
  throw brief(
    new pulumi.RunError(
      `MissingFile: ${input} must be a file or folder on this machine; found none at ${resolve(missing)}. ` +
        "Correct the path: one that is not absolute begins at the program's folder.",
    ),
  );
};
