import * as pulumi from "@pulumi/pulumi";
import { whenKnown } from "./outputs";
import type { WithInputs } from "./outputs";
import { assertNotPreview, placeOf } from "./place";
import { provider } from "./provider";
import type { FunctionOptions, Keys } from "./values";

/** Reads both authentication keys of a service. @param service its name or id */
export const getKeys = async (service: string, options?: FunctionOptions): Promise<Keys> =>
  provider().getKeys(service, placeOf({ service }, options));

/** The same as an output, which is secret, read once the arguments are known. */
export const getKeysOutput = (
  service: pulumi.Input<string>,
  options?: WithInputs<FunctionOptions>,
): pulumi.Output<Keys> => pulumi.secret(whenKnown(getKeys, [service, options]));

/**
 * Replaces one key, by a generated one or by `setKey`, and returns both once the new one is in place.
 * Where a program sets that key, its next refresh shows the difference, and the update after it sets the program's value again.
 *
 * @param service its name or id
 * @param key `Primary` or `Secondary`
 * @throws OutcomeUnknown where the connection broke before a generated key was confirmed
 */
export const regenerateKey = async (
  service: string,
  key: "Primary" | "Secondary",
  options: FunctionOptions & { readonly setKey?: string | undefined } = {},
): Promise<Keys> => {
  assertNotPreview("regenerateKey", "Call it from a script.");
  return provider().regenerateKey(
    service,
    key,
    options.setKey,
    placeOf({ service, key }, options, ["setKey"]),
  );
};
