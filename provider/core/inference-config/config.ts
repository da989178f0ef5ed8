import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import {
  contentDigest,
  isArchive,
  contentHash,
  recordedContent,
  sameContent,
  shownContent,
} from "../content";
import { isObject } from "../values";

/** An inference configuration as checked: what serves, from which files, in which environment. */
export interface InferenceConfig {
  readonly entryScript: string;
  readonly source: unknown;
  /** `name:version`, or a definition. */
  readonly environment?: unknown;
  /** Which environment the service had right after this one was deployed; OTHER when it surely was another. */
  readonly deployedEnvironment?: string;
}

/** In place of the live environment's digest: what was deployed was said otherwise, if only by its password. */
export const OTHER = "other";

/** The folder that an archive's files are below, in the service; one name for all, so that a renamed folder is no change. */
export const SOURCE_FOLDER = "src";

/** A setting's value as an inference configuration; undefined for anything else. */
export const asConfig = (value: unknown): InferenceConfig | undefined =>
  isObject(value) && typeof value["entryScript"] === "string"
    ? (value as unknown as InferenceConfig)
    : undefined;

/** Where the entry script is, beside the driver. */
export const scriptPath = ({ entryScript, source }: InferenceConfig): string =>
  isArchive(source) ? `${SOURCE_FOLDER}/${entryScript}` : entryScript;

const shortHash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 8);

/** The driver's file name: a Python module's, and the same for the same entry script. */
export const driverName = (config: InferenceConfig): string => `driver_${shortHash(scriptPath(config))}.py`;

/** The code's file name: an archive's own, or the script's. */
export const codeName = ({ entryScript, source }: InferenceConfig): string =>
  isArchive(source) ? `${contentDigest(source).slice(0, 8)}.tar.gz` : entryScript;

/** Variables by which the service's own software finds the script. */
export const scriptVariables = (config: InferenceConfig): Readonly<Record<string, string>> => ({
  AZUREML_ENTRY_SCRIPT: scriptPath(config),
  ...(isArchive(config.source) ? { AZUREML_SOURCE_DIRECTORY: SOURCE_FOLDER } : {}),
});

const ARTIFACT = "aml://artifact/LocalUpload/";

/** A new place for uploads, whose name tells the content. @param suffix that makes it unique */
export const containerFor = ({ source }: InferenceConfig, suffix: string): string =>
  `${contentDigest(source)}-${suffix}`;

/** Whether uploaded code is this one's, by the name of the place where it is. */
export const isCodeOf = ({ source }: InferenceConfig, url: unknown): boolean =>
  typeof url === "string" && url.startsWith(`${ARTIFACT}${contentDigest(source)}-`);

/** Whether two configurations mean the same: their files by content, all else by value. */
export const sameConfig = (a: unknown, b: unknown): boolean => {
  const [one, other] = [asConfig(a), asConfig(b)];
  if (!one || !other) return isDeepStrictEqual(a ?? undefined, b ?? undefined);
  return (
    one.entryScript === other.entryScript &&
    sameContent(one.source, other.source) &&
    isDeepStrictEqual(one.environment ?? undefined, other.environment ?? undefined)
  );
};

/** What is recorded of a configuration: its files by their hash alone. */
export const recordedConfig = (value: unknown): unknown =>
  isObject(value) && "source" in value ? { ...value, source: recordedContent(value["source"]) } : value;

/** A configuration as an output shows it. @param before the same output as it was */
export const shownConfig = (value: unknown, before: unknown): unknown =>
  isObject(value) && "source" in value
    ? { ...value, source: shownContent(value["source"], isObject(before) ? before["source"] : undefined) }
    : value;

/** A configuration in a few words, none of them secret. */
export const configInWords = (value: unknown): string => {
  const config = asConfig(value);
  return config ? `${config.entryScript} of ${contentOf(config)} in ${environmentOf(config)}` : "no code";
};

const contentOf = ({ source }: InferenceConfig): string => contentHash(source)?.slice(0, 7) ?? "a source";

const environmentOf = ({ environment }: InferenceConfig): string => {
  if (typeof environment === "string") return environment;
  const name = isObject(environment) ? environment["name"] : undefined;
  return typeof name === "string" ? name : environment ? "its own environment" : "the live environment";
};

/** A value as a message may show it. */
export const inWords = (value: unknown): string =>
  asConfig(value) ? configInWords(value) : (JSON.stringify(value) ?? "unset");
