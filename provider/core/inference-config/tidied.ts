import { isObject } from "../unknown";

/** A copy without unset members, which mean nothing and would count as a difference. */
export const tidied = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(tidied);
  if (!isObject(value)) return value;
  const set = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(set.map(([key, member]) => [key, tidied(member)]));
};
