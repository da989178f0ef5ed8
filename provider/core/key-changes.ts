import { inputOf } from "../schema/fields";
import type { Keys } from "./outputs";
import { isSet, type Settings } from "./values";

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
