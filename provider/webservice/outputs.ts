import type { Keys, ServiceDocument, Webservices } from "../azure/webservices";
import { withSecrets, wrapSecret } from "../host/secret";
import { inputOf } from "../schema/fields";
import { usesKeys } from "../core/keys";
import { withPasswords, secretMembers } from "../core/secrecy";
import { OWNER_TOKEN } from "../core/ownership";
import { outputsOf } from "../core/outputs";
import { isHealthy, isMigrated } from "../core/service-state";
import { keptInputs, type Previewed } from "../core/previewed";
import type { Values } from "./context";
import type { ResourceId } from "./resource-id";

/** A service as it is live. */
export interface LiveService {
  readonly document: ServiceDocument;
  readonly keys: Keys | undefined;
}

/** The live keys; undefined while the service has no key authentication, and so no keys. */
export const liveKeys = async (
  services: Webservices,
  resource: ResourceId,
  document: ServiceDocument,
): Promise<Keys | undefined> => (usesKeys(document) ? services.listKeys(resource.name) : undefined);

/**
 * The outputs as the host stores them: JSON only, keys as secrets.
 *
 * @param program what the program says; undefined for a resource that is only read
 * @param previous the outputs before the operation
 * @param previewed the settings that an update could send: of the others that the program manages the last known value stays
 */
export const storedOutputs = (
  resource: ResourceId,
  live: LiveService,
  program: Values | undefined,
  previous: Values,
  previewed?: Previewed,
): Record<string, unknown> => {
  const kept = keptInputs(program ?? {}, previewed);
  return secretOutputs({
    ...outputsOf({ ...live, program, before: previous, workspaceId: resource.workspaceId, kept }),
    ...(resource.ownerToken === undefined ? {} : { [OWNER_TOKEN]: resource.ownerToken }),
  });
};

/** Keys, and whatever the program gave as a secret, as secrets wherever outputs or inputs leave the provider. */
export const secretOutputs = (values: Values): Record<string, unknown> =>
  withSecrets(
    withPasswords(values, inputOf("inferenceConfig"), (password) =>
      typeof password === "string" ? wrapSecret(password) : password,
    ),
    secretMembers(values),
  );

/**
 * Hidden output: the last operation failed after the service had accepted it. The engine remembers that too, but does not
 * tell the provider, and forgets it at the next refresh.
 */
const UNFINISHED = "__unfinished";
/** Hidden output beside it: that operation was the create, so that what carries it on may take as long. */
const UNFINISHED_CREATE = "__unfinishedCreate";

/** Hidden output beside them: the inputs of what an unfinished update was sending, by name only, so that nothing secret is in it. */
const SENDING = "__sending";

/** undefined where it could send every setting of the program, as a create does, and where an earlier version did not say. */
export const sendingIn = (outputs: Values): Previewed => {
  const inputs = outputs[SENDING];
  return Array.isArray(inputs) ? inputs.filter((input) => typeof input === "string") : undefined;
};

export const isUnfinished = (outputs: Values): boolean => outputs[UNFINISHED] === true;

export const isUnfinishedCreate = (outputs: Values): boolean => outputs[UNFINISHED_CREATE] === true;

/**
 * @param previous the outputs before the operation: none for a create
 * @param sending what the operation could send
 */
export const asUnfinished = (
  outputs: Values,
  previous: Values,
  sending: Previewed,
): Record<string, unknown> => ({
  ...outputs,
  [UNFINISHED]: true,
  ...(sending ? { [SENDING]: sending } : {}),
  ...(Object.keys(previous).length === 0 || isUnfinishedCreate(previous)
    ? { [UNFINISHED_CREATE]: true }
    : {}),
});

/** What a refresh passes on: a service that has become Healthy meanwhile, or has left, needs no repair. */
export const stillUnfinished = (
  previous: Values,
  document: ServiceDocument,
  outputs: Record<string, unknown>,
): Record<string, unknown> =>
  isUnfinished(previous) && !isHealthy(document) && !isMigrated(document)
    ? asUnfinished(outputs, previous, sendingIn(previous))
    : outputs;
