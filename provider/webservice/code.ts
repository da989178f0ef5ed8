import type { ServiceDocument } from "../azure/webservices";
import { inputOf } from "../schema/fields";
import { driverScript } from "../packaging/driver";
import { listEntries } from "../packaging/entries";
import { textEntry } from "../packaging/entry";
import { packed } from "../packaging/pack";
import { withScratch, spool, type Scratch, type Content } from "../packaging/scratch";
import { readSource, SourceError } from "../packaging/source";
import { isArchive } from "../core/content";
import { isBroken } from "../core/service-state";
import {
  asConfig,
  codeName,
  containerFor,
  driverName,
  scriptPath,
  SOURCE_FOLDER,
  type InferenceConfig,
} from "../core/inference-config/config";
import {
  codeAsset,
  driverAsset,
  environmentPart,
  liveAssets,
  type ImageRequest,
  type RequestAsset,
} from "../core/inference-config/wire";
import { isObject } from "../core/values";
import type { Values } from "./context";
import type { OperationContext } from "./operation-context";
import { freshSuffix, upload, type UploadContext } from "./upload";

/**
 * What the program's code is called in the service's JSON. Driver and code are uploaded first, each only where the live
 * service has another, or is broken: its files may be missing behind their names. Nothing of the service is changed.
 *
 * @returns undefined for a program without code
 */
export const uploadSources = async (
  context: OperationContext,
  inputs: Values,
  document: ServiceDocument | undefined,
): Promise<ImageRequest | undefined> => {
  const config = asConfig(inputs[inputOf("inferenceConfig")]);
  if (!config) return undefined;
  const request = document?.["environmentImageRequest"];
  const live = isObject(request) ? request : {};
  const known = document && !isBroken(document) ? liveAssets(config, live) : undefined;
  const container = containerFor(config, freshSuffix());
  const driver = known?.driver ?? (await uploadDriver(context, container, config));
  const code = known?.code ?? (await uploadCode(context, container, config));
  return {
    driverProgram: driverName(config),
    assets: [driver, code],
    ...environmentPart(config, context.resource.name, live),
  };
};

const uploadDriver = async (
  context: UploadContext,
  container: string,
  config: InferenceConfig,
): Promise<RequestAsset> => {
  const name = driverName(config);
  const url = await upload(context, container, name, textEntry(name, driverScript(scriptPath(config))));
  return driverAsset(config, url);
};

const uploadCode = (
  context: UploadContext,
  container: string,
  config: InferenceConfig,
): Promise<RequestAsset> =>
  context.deadline.limit({ action: "deploy the code", expected: "it to be packed and uploaded" }, (signal) =>
    withScratch(async (scratch) => {
      const content = await contentOf(config, scratch, signal);
      const url = await upload(context, container, codeName(config), content);
      return codeAsset(config, url);
    }),
  );

/** One script as it is, several files as an archive. */
const contentOf = async (
  { source, entryScript }: InferenceConfig,
  scratch: Scratch,
  signal: AbortSignal,
): Promise<Content> => {
  const entries = await listEntries(readSource(source), scratch);
  if (!isArchive(source)) return entries[0]!;
  const names = entries.map(({ name }) => name);
  if (!names.includes(entryScript))
    throw new SourceError("EntryScriptMissing", ...scriptMissing(entryScript, names));
  return spool(packed(entries, SOURCE_FOLDER), scratch, signal);
};

const SHOWN = 5;

/** What was expected, what was found, and what to do when the entry script is not among the files of its source. */
export const scriptMissing = (
  entryScript: string,
  names: readonly string[],
): readonly [expected: string, found: string, next: string] => {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "";
  return [
    `inferenceConfig.entryScript "${entryScript}" among the files of source`,
    `${names.slice(0, SHOWN).join(", ")}${more}`,
    "Write its path from the top of source, or put it there.",
  ];
};
