import { relations } from "../schema/relations";
import { settle } from "./settle";
import type { Settings } from "./values";
import { readSettings, type ServiceJson } from "./wire";

const keyFlag = relations.flatMap((relation) =>
  relation.kind === "alternatives" ? [relation.safe] : [],
)[0]!;

/** Whether a service with these settings can have keys; unless it is said, it has. */
export const mayHaveKeys = (settings: Settings): boolean => settings[keyFlag] !== false;

/** Whether callers of the service need a key, so that it has keys to tell. */
export const usesKeys = (document: ServiceJson): boolean => mayHaveKeys(settle(readSettings(document)));
