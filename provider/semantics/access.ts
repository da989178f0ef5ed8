import { relations } from "../model/relations";
import { readSettings, type ServiceJson } from "./wire";

const keyFlag = relations.flatMap((relation) =>
  relation.kind === "alternatives" ? [relation.safe] : [],
)[0]!;

/** Whether callers of the service need a key, so that it has keys to tell. */
export const usesKeys = (document: ServiceJson): boolean => readSettings(document)[keyFlag] === true;
