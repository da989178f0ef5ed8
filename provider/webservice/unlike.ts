import type { ServiceDocument } from "../azure/webservices";
import { changesBetween, type Change } from "../core/diff";
import { pathOf } from "../core/check-failure";
import { secrecyOf } from "../core/secrecy";
import { withImpliedSettings } from "../core/relations";
import { settingsOf } from "../core/values";
import { readSettings, sourceOf } from "../core/wire";
import type { Values } from "./world";

/** Where a live service differs from the program, as far as the service tells. */
export const differences = (document: ServiceDocument, inputs: Values): readonly Change[] => {
  const live = readSettings(document, inputs);
  return changesBetween(live, withImpliedSettings(settingsOf(inputs), live)).filter(
    ({ row }) => row.role !== "workspaceId" && !(row.writeOnly && row.mutability === "replace"),
  );
};

/** Each difference that no update can remove, in words. */
export const immutableDifferences = (document: ServiceDocument, inputs: Values): readonly string[] => {
  const source = sourceOf(readSettings(document));
  const isSecret = secrecyOf(inputs);
  return differences(document, inputs).flatMap((change) => {
    const { row, live, desired, entries } = change;
    if (entries)
      return entries.immutable.map((entry) =>
        unlike(pathOf(row.input, entry.key), entry.live, entry.desired, isSecret(row.input)),
      );
    if (row.source && source && row.source !== source)
      return [
        `${row.input} is for a service made from an ${row.source}, and this one is made from an ${source}`,
      ];
    return row.mutability === "replace" ? [unlike(row.input, live, desired, isSecret(row.input))] : [];
  });
};

const unlike = (path: string, live: unknown, desired: unknown, secret: boolean): string =>
  secret
    ? `${path} is not the secret value that the program gives`
    : `${path} is ${shown(live)}, the program says ${shown(desired)}`;

const shown = (value: unknown): string => JSON.stringify(value) ?? "unset";
