import { randomBytes } from "node:crypto";
import { badRequest } from "../server/errors";
import { objectAt, textAt } from "../server/json";
import type { ServiceKeys } from "./service";

/** A key as the service makes it: 32 letters and digits. */
const generateKey = (): string =>
  randomBytes(48)
    .toString("base64")
    .replace(/[^A-Za-z0-9]/g, "")
    .slice(0, 32)
    .padEnd(32, "0");

/** The keys of a create request; the ones it leaves out are generated. */
export function keysOf(request: unknown): ServiceKeys {
  const wanted = objectAt(request, "keys");
  return {
    primaryKey: textAt(wanted["primaryKey"], "keys/primaryKey") || generateKey(),
    secondaryKey: textAt(wanted["secondaryKey"], "keys/secondaryKey") || generateKey(),
  };
}

/** The keys after a regeneration of one of them, to the given value or to a generated one. */
export function regenerated(keys: ServiceKeys, keyType: unknown, keyValue: unknown): ServiceKeys {
  const value = textAt(keyValue, "keyValue") || generateKey();
  if (keyType === "Primary") return { ...keys, primaryKey: value };
  if (keyType === "Secondary") return { ...keys, secondaryKey: value };
  throw badRequest(
    "InvalidValue",
    `keyType must be Primary or Secondary, found ${JSON.stringify(keyType)}.`,
    "keyType",
  );
}
