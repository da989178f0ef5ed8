import { isDeepStrictEqual } from "node:util";
import { contentHash, sameContent, withoutContent } from "../content";
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

/** What outputs hold of a configuration: its files by their hash alone. */
export const withoutFiles = (value: unknown): unknown =>
  isObject(value) ? { ...value, source: withoutContent(value["source"]) } : value;

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

/** A copy without unset members, which mean nothing and would count as a difference. */
export const tidied = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(tidied);
  if (!isObject(value)) return value;
  const set = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(set.map(([key, member]) => [key, tidied(member)]));
};

/** A value as a message may show it. */
export const inWords = (value: unknown): string =>
  asConfig(value) ? configInWords(value) : (JSON.stringify(value) ?? "unset");
