import type { Field } from "../../provider/schema/field";

const effects: Readonly<Record<Field["mutability"], string>> = {
  inPlace: "updated in place",
  additive: "entries can be added; a changed one is refused, a removed one stays",
  regenerate: "set in place through the service's key call",
  replace: "a new service",
  providerOnly: "remembered; nothing is sent",
};

/** What a changed value does, in words. */
export const effectOf = (row: Field): string => {
  if (row.role === "migrateTo") return "the service is migrated in place, which cannot be undone";
  if (row.source === undefined) return effects[row.mutability];
  return `${effects[row.mutability]}; a new service when it changes between models and image`;
};
