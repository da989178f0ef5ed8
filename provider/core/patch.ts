import type { Field } from "../schema/field";
import type { Change } from "./diff";
import { withCode, type ImageRequest } from "./inference-config/wire";
import { isSet, valueAt, withValueAt, type Settings } from "./values";
import { toWire, type ServiceJson } from "./wire";

export interface PatchOperation {
  readonly op: "add" | "replace";
  readonly path: string;
  readonly value: unknown;
}

/**
 * The one JSON Patch (RFC 6902) that brings the live service to the desired values.
 *
 * @param code what the code that the program manages is called, where it is sent at all
 */
export const patch = (
  changes: readonly Change[],
  live: ServiceJson,
  code?: ImageRequest,
): readonly PatchOperation[] =>
  merged(
    changes
      .filter(({ row }) => row.mutability !== "regenerate")
      .flatMap((change) => operations(change, live, code)),
  );

const operations = (
  change: Change,
  live: ServiceJson,
  code: ImageRequest | undefined,
): readonly PatchOperation[] => {
  const { row, desired } = change;
  if (change.entries)
    return change.entries.add.map(([key, value]) => ({ op: "add", path: compile([row.wire!, key]), value }));
  const whole = row.patchedWith ?? parentToMake(row, live);
  if (whole === undefined) return [replace(row.wire!, toWire(row, desired))];
  const object = wholeObject(live, whole, row.patchedWith && code);
  if (row.type === "inferenceConfig") return [replace(whole, object)];
  return [replace(whole, withValueAt(object, row.wire!.slice(whole.length + 1), toWire(row, desired)))];
};

/** Only one object is ever sent whole, the one that code goes into: a live one tells no password. */
const wholeObject = (live: ServiceJson, path: string, code: ImageRequest | undefined | ""): Settings => {
  const object = (valueAt(live, path) ?? {}) as Settings;
  return code ? withCode(object, code) : object;
};

/** `replace` inside an object that the service gave as null has nothing to go into. */
const parentToMake = (row: Field, live: ServiceJson): string | undefined => {
  const parent = row.wire!.split(".").slice(0, -1).join(".");
  return parent !== "" && !isSet(valueAt(live, parent)) ? parent : undefined;
};

const replace = (path: string, value: unknown): PatchOperation => ({
  op: "replace",
  path: compile(path.split(".")),
  value,
});

/** Several settings of one object that had to be made go into it together. */
const merged = (all: readonly PatchOperation[]): readonly PatchOperation[] => {
  const byPath = new Map<string, PatchOperation>();
  for (const operation of all) {
    const before = byPath.get(operation.path);
    const value = before ? { ...(before.value as object), ...(operation.value as object) } : operation.value;
    byPath.set(operation.path, { ...operation, value });
  }
  return [...byPath.values()];
};

/** A JSON Pointer (RFC 6901) from its unescaped parts. */
export const compile = (parts: readonly string[]): string =>
  parts.map((part) => `/${part.replace(/~/g, "~0").replace(/\//g, "~1")}`).join("");
