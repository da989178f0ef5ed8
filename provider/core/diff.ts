import { inputOf } from "../schema/fields";
import { aksWebservice, type Table } from "../schema/tables";
import type { Field } from "../schema/field";
import { mayHaveKeys } from "./keys";
import { compare, immutableRefusal, type ImmutableEntry, type MapComparison } from "./additive-maps";
import type { Refusal } from "./check-failure";
import {
  isSeenByEngine,
  managedChange,
  programChanged,
  previousInputs,
  type Managed,
} from "./previous-inputs";
import { changesOfMigrated, migrationTarget, notAlone } from "./migration";
import { withIgnoredEntries, withoutIgnored } from "./ignored-entries";
import { brokenOrder, withImpliedSettings } from "./relations";
import { isMigrated } from "./service-state";
import { secrecyOf, secretsBegun } from "./secrecy";
import { hasUnknown, isSet, settingsOf, type Settings } from "./values";
import { sameValue } from "./equality";
import { sourceOf } from "./wire";

/** One setting whose live value is not the desired one. */
export interface Change {
  readonly row: Field;
  readonly live: unknown;
  readonly desired: unknown;
  /** Of an additive map: entry by entry. */
  readonly entries?: MapComparison;
}

/** What an update has to do. `visible`: the engine's own comparison of inputs sees it too. */
export type Action =
  | { readonly kind: "none" }
  | { readonly kind: "record"; readonly visible: boolean; readonly ended: readonly Managed[] }
  | {
      readonly kind: "update";
      readonly visible: boolean;
      readonly changes: readonly Change[];
      readonly ended: readonly Managed[];
    }
  | {
      readonly kind: "replace";
      readonly visible: boolean;
      readonly changes: readonly Change[];
      readonly keepsName: boolean;
    }
  | { readonly kind: "migrate"; readonly visible: boolean; readonly to: string };

/** An entry of an additive map whose live value is not the program's, and cannot be made so. */
export interface ImmutableDrift extends ImmutableEntry {
  readonly row: Field;
}

/** A program, and the outputs that its preview compares it with. */
export interface Compared {
  readonly news: Settings;
  readonly outputs: Settings;
}

export interface DiffResult {
  readonly action: Action;
  /** What the program asks for and the live service would refuse. */
  readonly refusals: readonly Refusal[];
  readonly immutableDrift: readonly ImmutableDrift[];
}

/** The difference between live values, as the outputs hold them, and what the program says now. */
export const diff = (outputs: Settings, news: Settings, table = aksWebservice): DiffResult => {
  if (isMigrated(outputs)) return afterMigration(outputs, news, table);
  const result = settingsDiff(outputs, news, table);
  const to = migrationTarget(news);
  return to === undefined ? result : withMigration(result, to, isSeenByEngine(outputs, news, table));
};

/** The live values are those of the other API now, and say nothing of what the program asks for. */
const afterMigration = (outputs: Settings, news: Settings, table: Table): DiffResult => ({
  action: updateAction([], outputs, news, table),
  refusals: changesOfMigrated(outputs, news, secrecyOf(news, outputs)),
  immutableDrift: [],
});

const withMigration = (result: DiffResult, to: string, visible: boolean): DiffResult => {
  const { action } = result;
  const changed = "changes" in action ? action.changes.map(({ row }) => row.input) : [];
  return {
    ...result,
    action: { kind: "migrate", to, visible },
    refusals: [...notAlone(changed), ...result.refusals],
  };
};

const settingsDiff = (outputs: Settings, news: Settings, table: Table): DiffResult => {
  const live = settingsOf(outputs, table);
  const desired = desiredSettings({ news, outputs }, live, table);
  const changes = changesBetween(live, desired, previousInputs(outputs), table);
  const immutableDrift = changes.flatMap(({ row, entries }) =>
    (entries?.immutable ?? []).map((entry) => ({ row, ...entry })),
  );
  const replacing = changes.filter((change) => replaces(change, outputs, news));
  const action =
    replacing.length > 0
      ? replaceAction(replacing, outputs, news, table)
      : updateAction(changes.filter(isSendable), outputs, news, table);
  const refusals =
    action.kind === "replace"
      ? refusedAnew(replacing, outputs, news, table)
      : refusalsOf({ ...live, ...desired }, immutableDrift, outputs, news, table);
  return { action, refusals, immutableDrift };
};

/** What the program says, what that implies beside these live values, and what `ignoreChanges` leaves as it is. */
export const desiredSettings = (
  { news, outputs }: Compared,
  live: Settings,
  table = aksWebservice,
): Settings => {
  const programs = { news, previous: previousInputs(outputs) };
  const desired = withIgnoredEntries(settingsOf(news, table), live, programs, table);
  // What is left to others implies nothing: a count that is ignored ends no autoscaling of theirs.
  return { ...withImpliedSettings(withoutIgnored(desired, news), live, table), ...desired };
};

/** The settings whose live value differs from the desired one, in the table's order. */
export const changesBetween = (
  live: Settings,
  desired: Settings,
  previous: Settings = {},
  table = aksWebservice,
): readonly Change[] =>
  table.fields
    .filter((row) => isSet(desired[row.input]) && canDiffer(row, live, desired))
    .map((row): Change => {
      const [before, after] = [liveValue(row, live), desired[row.input]];
      return row.mutability === "additive"
        ? { row, live: before, desired: after, entries: compare(before, previous[row.input], after) }
        : { row, live: before, desired: after };
    })
    .filter(isDifferent);

/** A service without key authentication has no keys to compare or to set. */
const canDiffer = (row: Field, live: Settings, desired: Settings): boolean =>
  row.mutability !== "providerOnly" &&
  (row.mutability !== "regenerate" || mayHaveKeys({ ...live, ...desired }));

/** What the service does not tell is taken to be its default. */
const liveValue = (row: Field, live: Settings): unknown =>
  live[row.input] ?? (row.secret ? undefined : row.default);

const isDifferent = ({ row, live, desired, entries }: Change): boolean => {
  if (hasUnknown(desired)) return true;
  return entries ? entries.add.length + entries.immutable.length > 0 : !sameValue(row, live, desired);
};

/** An entry with another value cannot be changed, so that only new ones are sent. */
export const isSendable = ({ desired, entries }: Change): boolean =>
  !entries || hasUnknown(desired) || entries.add.length > 0;

const replaces = ({ row, entries }: Change, outputs: Settings, news: Settings): boolean => {
  if (row.mutability === "replace") return true;
  if (row.source) return sourceOf(outputs) !== undefined && sourceOf(outputs) !== row.source;
  if (!entries) return false;
  if (row.changedEntry === "replace") return entries.immutable.length > 0;
  return (
    news[inputOf("replaceOnPropertyChange")] === true && entries.immutable.some(({ byProgram }) => byProgram)
  );
};

const replaceAction = (
  changes: readonly Change[],
  outputs: Settings,
  news: Settings,
  table: Table,
): Action => {
  const identity = [table.name, inputOf("workspaceId")];
  return {
    kind: "replace",
    changes,
    keepsName: !changes.some(({ row }) => identity.includes(row.input)),
    visible: isSeenByEngine(outputs, news, table),
  };
};

const updateAction = (
  changes: readonly Change[],
  outputs: Settings,
  news: Settings,
  table: Table,
): Action => {
  const { added, ended } = managedChange(outputs, news, table);
  const visible = isSeenByEngine(outputs, news, table);
  if (changes.length > 0) return { kind: "update", changes, ended, visible };
  const isRecord =
    added.length > 0 ||
    ended.length > 0 ||
    recordedValueChanged(outputs, news, table) ||
    secretsBegun(outputs, news);
  return isRecord ? { kind: "record", ended, visible } : { kind: "none" };
};

/** Whether the program says something else of what only the record of its inputs tells. */
const recordedValueChanged = (outputs: Settings, news: Settings, table: Table): boolean =>
  table.fields
    .filter((row) => row.mutability === "providerOnly" || row.mutability === "additive")
    .some((row) => programChanged(row.input, outputs, news, table));

/** What was right beside the live values may be wrong beside the defaults of a new service. */
const refusedAnew = (
  replacing: readonly Change[],
  outputs: Settings,
  news: Settings,
  table: Table,
): readonly Refusal[] =>
  replacing.some(({ row }) => programChanged(row.input, outputs, news, table))
    ? brokenOrder(settingsOf(news, table), secrecyOf(news, outputs), true, table).map(
        ({ refusal }) => refusal,
      )
    : [];

/** Only what the program itself changed is refused: a refresh that finds drift must go through. */
const refusalsOf = (
  merged: Settings,
  immutableDrift: readonly ImmutableDrift[],
  outputs: Settings,
  news: Settings,
  table: Table,
): readonly Refusal[] => {
  const isSecret = secrecyOf(news, outputs);
  return [
    ...brokenOrder(merged, isSecret, false, table)
      .filter(({ inputs }) => inputs.some((input) => programChanged(input, outputs, news, table)))
      .map(({ refusal }) => refusal),
    ...immutableDrift
      .filter(({ byProgram }) => byProgram)
      .map((drift) => immutableRefusal(drift.row, drift, isSecret(drift.row.input))),
  ];
};
