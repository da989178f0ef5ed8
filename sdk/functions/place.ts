import * as pulumi from "@pulumi/pulumi";
import { provider, type Place } from "./provider";
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

const given = (config: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [fullKey(key), value]));

/** The workspace and the configuration that a function uses. */
export const placeOf = ({ workspaceId, config = {} }: FunctionOptions = {}): Place => ({
  ...(workspaceId === undefined ? {} : { workspaceId }),
  config: { ...configured(), ...given(config) },
});

/** @throws during `pulumi preview`, which must change nothing and call no model */
export const assertNotPreview = (call: string, instead: string): void => {
  if (pulumi.runtime.isDryRun())
    throw new Error(
      `NotDuringPreview: ${call} must not run during a preview, and this is one. ` +
        `${instead} Or ask pulumi.runtime.isDryRun() first.`,
    );
};
