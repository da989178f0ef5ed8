import { isDeepStrictEqual } from "node:util";
import { contentHash, contentMemory, sameContent, shownContent } from "../content";
import { isObject } from "../unknown";
import { asConfig, type InferenceConfig } from "./config";

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

/** What to remember of a configuration: its files by their hash alone. */
export const configMemory = (value: unknown): unknown =>
  isObject(value) && "source" in value ? { ...value, source: contentMemory(value["source"]) } : value;

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
