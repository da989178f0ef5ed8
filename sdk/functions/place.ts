import * as pulumi from "@pulumi/pulumi";
import { CallError } from "../errors";
import { provider } from "./provider";
import type { Place } from "./provider";
import type { FunctionOptions } from "./values";

/** Inside a program its stack's configuration counts, as it does for the resources. */
const configured = (): Record<string, string> =>
  Object.fromEntries(
    provider().configKeys.flatMap((key) => {
      const value = pulumi.runtime.getConfig(key);
      return value === undefined ? [] : [[key, value]];
    }),
  );

const fullKey = (key: string): string => (key.includes(":") ? key : `azureml:${key}`);

const fullKeys = (config: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [fullKey(key), value]));

/**
 * The workspace and the configuration that a function uses.
 *
 * @param given the function's arguments by name
 * @param names its options beside those of every function
 * @throws BadArgument for an argument whose value is not there yet, and for an option that no one reads
 */
export const placeOf = (
  given: Readonly<Record<string, unknown>>,
  options: FunctionOptions = {},
  names: readonly string[] = [],
): Place => {
  provider().checkArguments(given, options, names);
  const { workspaceId, config = {} } = options;
  return {
    ...(workspaceId === undefined ? {} : { workspaceId }),
    config: { ...configured(), ...fullKeys(config) },
  };
};

/** @throws during `pulumi preview`, which must change nothing and call no model */
export const assertNotPreview = (call: string, instead: string): void => {
  if (pulumi.runtime.isDryRun())
    throw new CallError({
      code: "NotDuringPreview",
      message:
        `NotDuringPreview: ${call} must not run during a preview, and this is one. ` +
        `${instead} Or ask pulumi.runtime.isDryRun() first.`,
    });
};
