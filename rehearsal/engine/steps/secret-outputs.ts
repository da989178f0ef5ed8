import type { ResourceState } from "../../state/resource";
import { has, Secret } from "../../values/property";
import type { Property } from "../../values/property";
import type { Deployment } from "../deployment";

/**
 * Marks outputs as secret that the program's options name, and those whose input of the same name is secret.
 * Only whole top-level outputs can be named: a path into one is ignored without a word.
 */
export function markSecretOutputs(resource: ResourceState, { report, options }: Deployment): void {
  const { outputs, inputs, additionalSecretOutputs } = resource;
  if (!outputs || options.faults.has("secrets-not-marked-again")) return;
  if (additionalSecretOutputs.includes("id")) {
    report.diagnostic("warning", resource.urn, "The 'id' property cannot be made secret.");
  }
  const secret = Object.keys(outputs).filter(
    (key) =>
      key !== "id" &&
      (additionalSecretOutputs.includes(key) || (has(inputs, key) && inputs[key] instanceof Secret)),
  );
  for (const key of secret) {
    const value = outputs[key] as Property;
    if (!(value instanceof Secret)) outputs[key] = new Secret(value);
  }
}
