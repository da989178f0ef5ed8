import * as pulumi from "@pulumi/pulumi";
import type { AksWebserviceArgs, DeploymentSetting } from "../args";
import { provider } from "./provider";

/** How a service is deployed, without its workspace, name and models: the 31 parameters of the Python class's configuration. */
export type DeployConfiguration = Partial<Pick<AksWebserviceArgs, DeploymentSetting>>;

/** The engine's text for a value that is not known yet; a setting with it breaks no rule. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const known = (value: unknown): unknown => {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return UNKNOWN;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, known(member)]));
};

/** The stack of a refusal begins at the line that is wrong: a file may have several configurations. */
function check(settings: Record<string, unknown>): void {
  try {
    provider().checkConfiguration(settings);
  } catch (error) {
    if (error instanceof Error) Error.captureStackTrace(error, deployConfiguration);
    throw error;
  }
}

/**
 * Settings for one or several services, checked at once by the rules of the resource. Spread them into its arguments:
 * `new AksWebservice("fraud", { ...small, models: ["fraud:7"], computeTargetName: "aks-prod" })`.
 *
 * @throws BadConfiguration with every setting that is wrong; outputs are checked later, when they are known
 */
export const deployConfiguration = <Given extends DeployConfiguration>(
  settings: Given & { readonly [Name in Exclude<keyof Given, keyof DeployConfiguration>]: never },
): Readonly<Given> => {
  check(known(settings) as Record<string, unknown>);
  return Object.freeze({ ...settings });
};
