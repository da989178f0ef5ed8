import type { Keys, Operation, OperationRef, ServiceDocument } from "../azure/webservices";
import { usesKeys, keyChanges, type KeyChange } from "../core/keys";
import { progressOf } from "../core/service-state";
import { BrokenDeployment } from "./broken";
import { followed } from "./ready";
import type { Way } from "./way";
import type { Values } from "./world";

/**
 * The live keys after each one that the program manages is the program's.
 *
 * @param known the keys that the outputs hold; asked of the service where they hold none
 * @returns undefined while the service has no key authentication and so tells no keys
 */
export const settledKeys = async (
  way: Way,
  document: ServiceDocument,
  news: Values,
  known: Keys | undefined,
): Promise<Keys | undefined> => {
  if (!usesKeys(document)) return undefined;
  const live = known ?? (await way.services.listKeys(way.target.name));
  const changes = keyChanges(news, live);
  for (const change of changes) await changeKey(way, document, change);
  return changes.reduce(withKey, live);
};

const changeKey = async (way: Way, document: ServiceDocument, { which, value }: KeyChange): Promise<void> => {
  const operation = await way.services.regenerateKey(way.target.name, which, value);
  const ended = await followed(way, operation, (error) =>
    notChanged(way, document, which, operation, error.message),
  );
  if (ended.state !== "Succeeded") throw notChanged(way, document, which, ended, ended.error);
};

/** The deployment itself went well, so that neither the service nor its logs tell anything of the failure. */
const notChanged = (
  { target }: Way,
  document: ServiceDocument,
  which: KeyChange["which"],
  operation: Operation | OperationRef,
  cause: string | undefined,
): BrokenDeployment =>
  new BrokenDeployment(
    [
      `KeyNotChanged: the ${which.toLowerCase()} key of the service "${target.name}" was not changed: operation ` +
        `${operation.operationId} ${"state" in operation ? `ended ${operation.state}` : "has not ended"}. ` +
        `The service itself is ${progressOf(document)}.`,
      cause ?? "",
      "Run `pulumi up` again: it compares the keys, and sets the one that differs.",
    ].filter((reason) => reason !== ""),
  );

const withKey = (keys: Keys, { which, value }: KeyChange): Keys =>
  which === "Primary" ? { ...keys, primaryKey: value } : { ...keys, secondaryKey: value };
