import { relations } from "../schema/relations";
import { withImpliedSettings } from "./relations";
import { type Settings, isSet } from "./values";
import { readSettings, type ServiceJson } from "./wire";
import { inputOf } from "../schema/fields";

/** The authentication keys of a service. */
export interface Keys {
  readonly primaryKey: string;
  readonly secondaryKey: string;
}

const keyFlag = relations.flatMap((relation) =>
  relation.kind === "alternatives" ? [relation.safe] : [],
)[0]!;

/** Whether a service with these settings can have keys; unless it is said, it has. */
export const mayHaveKeys = (settings: Settings): boolean => settings[keyFlag] !== false;

/** Whether callers of the service need a key, so that it has keys to tell. */
export const usesKeys = (document: ServiceJson): boolean =>
  mayHaveKeys(withImpliedSettings(readSettings(document)));

export interface KeyChange {
  readonly which: "Primary" | "Secondary";
  readonly value: string;
}

/** The keys that the program manages and that are others live. */
export const keyChanges = (news: Settings, live: Keys): readonly KeyChange[] => {
  const primary = news[inputOf("primaryKey")];
  const secondary = news[inputOf("secondaryKey")];
  return [
    ...(isSet(primary) && primary !== live.primaryKey
      ? [{ which: "Primary" as const, value: String(primary) }]
      : []),
    ...(isSet(secondary) && secondary !== live.secondaryKey
      ? [{ which: "Secondary" as const, value: String(secondary) }]
      : []),
  ];
};

/** The keys that outputs hold; undefined when they hold none. */
export const keysIn = (outputs: Settings): Keys | undefined => {
  const [primaryKey, secondaryKey] = [outputs[inputOf("primaryKey")], outputs[inputOf("secondaryKey")]];
  return typeof primaryKey === "string" && typeof secondaryKey === "string"
    ? { primaryKey, secondaryKey }
    : undefined;
};
