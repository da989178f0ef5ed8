import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * What the state stores as the provider: a reference, never code. Every version of this package must go on to answer what
 * any version stored, because refresh and destroy run the text of an earlier `up`. The first ones were, with `aksWebservice`
 * and `model`, `exports.handler=()=>require("pulumi-azureml/provider").aksWebservice;`.
 */
export const PROVIDER_TEXT = providerText("aksWebservice");
export const MODEL_PROVIDER_TEXT = providerText("model");

/**
 * Refresh and destroy run the text without the program, so that it says itself what is missing. The host prints an error's
 * text and stack besides its message, which would say it three times.
 */
function providerText(name: "aksWebservice" | "model"): string {
  return (
    `exports.handler=()=>{try{return require("pulumi-azureml/provider").${name}}catch(e){` +
    'if(e.code!=="MODULE_NOT_FOUND")throw e;' +
    'throw Object.assign(Error("PackageNotFound: run `npm ci`, or `npm install pulumi-azureml`, ' +
    'in the folder of Pulumi.yaml, then this command again."),' +
    '{stack:"see the error",toString:()=>"pulumi-azureml"})}};'
  );
}

const resolvable = new Set<string>();

/**
 * The dynamic host resolves the reference from the program's folder.
 *
 * @throws when the package cannot be found from there, at once instead of in the middle of an update
 */
export const assertProviderResolvable = (folder: string = process.cwd()): void => {
  if (resolvable.has(folder)) return;
  try {
    // Resolved from here, with `paths` or not, the package would always find itself.
    createRequire(join(folder, "package.json")).resolve("pulumi-azureml/provider");
    resolvable.add(folder);
  } catch {
    throw new Error(
      "PackageNotFound: the provider of AksWebservice must be resolvable from the Pulumi program's folder, and is not. " +
        'Add "pulumi-azureml" to the package.json of the Pulumi project and install it there.',
    );
  }
};
