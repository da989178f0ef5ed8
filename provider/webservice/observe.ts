import type { Keys, ServiceDocument, Webservices } from "../azure/webservices";
import { withSecrets, wrapSecret } from "../host/secret";
import { inputOf } from "../schema/fields";
import { withPasswords, secretMembers } from "../core/secrecy";
import { outputsOf } from "../core/outputs";
import { usesKeys } from "../core/keys";
import type { Target } from "./target";
import type { Values } from "./world";

export interface Observed {
  readonly document: ServiceDocument;
  readonly keys: Keys | undefined;
}

/** The live keys; undefined while the service has no key authentication and so tells none. */
export const liveKeys = async (
  services: Webservices,
  target: Target,
  document: ServiceDocument,
): Promise<Keys | undefined> => (usesKeys(document) ? services.listKeys(target.name) : undefined);

/** The outputs as the host stores them: JSON only, keys as secrets. */
export const storedOutputs = (
  target: Target,
  observed: Observed,
  program: Values | undefined,
  before: Values,
): Record<string, unknown> =>
  secretOutputs(outputsOf({ ...observed, program, before, workspaceId: target.workspaceId }));

/** Keys, and whatever the program gave as a secret, as secrets wherever outputs or inputs leave the provider. */
export const secretOutputs = (values: Values): Record<string, unknown> =>
  withSecrets(
    withPasswords(values, inputOf("inferenceConfig"), (password) =>
      typeof password === "string" ? wrapSecret(password) : password,
    ),
    secretMembers(values),
  );
