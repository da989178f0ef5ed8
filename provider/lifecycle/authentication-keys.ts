import type { Keys, ServiceDocument } from "../client/webservices";
import { usesKeys } from "../semantics/access";
import { keyChanges, type KeyChange } from "../semantics/key-changes";
import { untilEnded } from "./ready";
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
  for (const { which, value } of changes)
    await untilEnded(way, await way.services.regenerateKey(way.target.name, which, value));
  return changes.reduce(withKey, live);
};

const withKey = (keys: Keys, { which, value }: KeyChange): Keys =>
  which === "Primary" ? { ...keys, primaryKey: value } : { ...keys, secondaryKey: value };
