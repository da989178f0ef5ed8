import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * What the state stores as the provider: a reference, never code. Every version of this package
 * must go on to answer it, because refresh and destroy run the text that an earlier `up` stored.
 */
export const PROVIDER_TEXT = 'exports.handler=()=>require("pulumi-azureml/provider").aksWebservice;';

/**
 * The dynamic host resolves the reference from the program's folder.
 *
 * @throws when the package cannot be found from there, at once instead of in the middle of an update
 */
export const assertProviderResolvable = (folder: string = process.cwd()): void => {
  try {
    // Resolved from here, with `paths` or not, the package would always find itself.
    createRequire(join(folder, "package.json")).resolve("pulumi-azureml/provider");
  } catch {
    throw new Error(
      "PackageNotFound: the provider of AksWebservice must be resolvable from the Pulumi program's folder, and is not. " +
        'Add "pulumi-azureml" to the package.json of the Pulumi project and install it there.',
    );
  }
};
