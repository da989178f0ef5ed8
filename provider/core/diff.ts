import { fields, inputOf } from "../schema/fields";
import type { Field } from "../schema/field";
import { mayHaveKeys } from "./access";
import { entriesOf, entryOf, immutable } from "./additive";
import type { Refusal } from "./failure";
import { isVisible, managedChange, programChanged, remembered, type Managed } from "./memory";
import { changesOfMigrated, migrationTarget, notAlone } from "./migration";
import { brokenOrder } from "./relations";
import { isMigrated } from "./service-state";
import { secrecyOf, secretsBegun } from "./secrecy";
import { settle } from "./settle";
import { hasUnknown, isUnknown } from "./unknown";
import { isSet, sameValue, settingsOf, type Settings } from "./values";
import { sourceOf } from "./wire";

/** One setting whose live value is not the wanted one. */
export interface Change {
  readonly row: Field;
  readonly live: unknown;
  readonly wanted: unknown;
}

/** What an update has to do. `visible`: the engine's own comparison of inputs sees it too. */
export type Verdict =
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

/** A property whose live value is not the program's, and cannot be made so. */
export interface Stuck {
  readonly row: Field;
  readonly key: string;
  readonly live: unknown;
  readonly said: unknown;
}

export interface Difference {
  readonly verdict: Verdict;
  /** What the program asks for and the live service would refuse. */
  readonly refusals: readonly Refusal[];
  readonly stuck: readonly Stuck[];
}

/** The difference between live values, as the outputs hold them, and what the program says now. */
export const diff = (outputs: Settings, news: Settings): Difference => {
  if (isMigrated(outputs)) return afterMigration(outputs, news);
  const difference = settingsDifference(outputs, news);
  const to = migrationTarget(news);
  return to === undefined ? difference : withMigration(difference, to, anyVisible(outputs, news));
};

/** The live values are those of the other API now, and say nothing of what the program asks for. */
const afterMigration = (outputs: Settings, news: Settings): Difference => ({
  verdict: updateVerdict([], outputs, news),
  refusals: changesOfMigrated(outputs, news, secrecyOf(news, outputs)),
  stuck: [],
});

const withMigration = (difference: Difference, to: string, visible: boolean): Difference => {
  const { verdict } = difference;
  const changed = "changes" in verdict ? verdict.changes.map(({ row }) => row.input) : [];
  return {
    ...difference,
    verdict: { kind: "migrate", to, visible },
    refusals: [...notAlone(changed), ...difference.refusals],
  };
};

const settingsDifference = (outputs: Settings, news: Settings): Difference => {
  const live = settingsOf(outputs);
  const wanted = settle(settingsOf(news), live);
  const changes = changesBetween(live, wanted);
  const stuck = stuckProperties(live, settingsOf(news));
  const replacing = changes.filter((change) => replaces(change, outputs, news));
  const verdict =
    replacing.length > 0
      ? replaceVerdict(replacing, outputs, news)
      : updateVerdict(changes.filter(isSendable), outputs, news);
  const refusals =
    verdict.kind === "replace"
      ? refusedAnew(replacing, outputs, news)
      : refusalsOf(live, wanted, stuck, outputs, news);
  return { verdict, refusals, stuck };
};

/** The settings whose live value differs from the wanted one, in the table's order. */
export const changesBetween = (live: Settings, wanted: Settings): readonly Change[] =>
  fields
    .filter((row) => isSet(wanted[row.input]) && canDiffer(row, live, wanted))
    .map((row) => ({ row, live: liveValue(row, live), wanted: wanted[row.input] }))
    .filter(isDifferent);

/** A service without key authentication has no keys to compare or to set. */
const canDiffer = (row: Field, live: Settings, wanted: Settings): boolean =>
  row.mutability !== "local" && (row.mutability !== "regenerate" || mayHaveKeys({ ...live, ...wanted }));

/** What the service does not tell is taken to be its default. */
const liveValue = (row: Field, live: Settings): unknown =>
  live[row.input] ?? (row.secret ? undefined : row.default);

const isDifferent = ({ row, live, wanted }: Change): boolean => {
  if (hasUnknown(wanted)) return true;
  if (row.mutability !== "additive") return !sameValue(row, live, wanted);
  return entriesOf(wanted).some(([key, value]) => entryOf(live, key) !== value);
};

const isSendable = ({ row, live, wanted }: Change): boolean => {
  if (row.mutability !== "additive" || hasUnknown(wanted)) return true;
  return entriesOf(wanted).some(([key]) => entryOf(live, key) === undefined);
};

const replaces = (change: Change, outputs: Settings, news: Settings): boolean => {
  const { row } = change;
  if (row.mutability === "replace") return true;
  if (row.source) return sourceOf(outputs) !== undefined && sourceOf(outputs) !== row.source;
  if (row.mutability !== "additive" || news[inputOf("replaceOnPropertyChange")] !== true) return false;
  return changedEntries(change).some(([key, value]) => saidBefore(row, key, outputs) !== value);
};

const changedEntries = ({ live, wanted }: Change): readonly (readonly [string, unknown])[] =>
  entriesOf(wanted).filter(([key, value]) => {
    const there = entryOf(live, key);
    return there !== undefined && there !== value && !isUnknown(value);
  });

const saidBefore = (row: Field, key: string, outputs: Settings): unknown =>
  entryOf(remembered(outputs)?.[row.input], key);

const stuckProperties = (live: Settings, said: Settings): readonly Stuck[] =>
  fields
    .filter((row) => row.mutability === "additive")
    .flatMap((row) =>
      changedEntries({ row, live: live[row.input], wanted: said[row.input] }).map(([key, value]) => ({
        row,
        key,
        live: entryOf(live[row.input], key),
        said: value,
      })),
    );

const replaceVerdict = (changes: readonly Change[], outputs: Settings, news: Settings): Verdict => {
  const identity = [inputOf("serviceName"), inputOf("workspaceId")];
  return {
    kind: "replace",
    changes,
    keepsName: !changes.some(({ row }) => identity.includes(row.input)),
    visible: anyVisible(outputs, news),
  };
};

const updateVerdict = (changes: readonly Change[], outputs: Settings, news: Settings): Verdict => {
  const { begun, ended } = managedChange(outputs, news);
  const visible = anyVisible(outputs, news);
  if (changes.length > 0) return { kind: "update", changes, ended, visible };
  const isRecord =
    begun.length > 0 || ended.length > 0 || localChanged(outputs, news) || secretsBegun(outputs, news);
  return isRecord ? { kind: "record", ended, visible } : { kind: "none" };
};

const anyVisible = (outputs: Settings, news: Settings): boolean =>
  fields.some((row) => isVisible(row.input, outputs, news));

const remembersProgramValue = (row: Field): boolean =>
  row.mutability === "local" || row.mutability === "additive";

const localChanged = (outputs: Settings, news: Settings): boolean =>
  fields.filter(remembersProgramValue).some((row) => programChanged(row.input, outputs, news));

/** What was right beside the live values may be wrong beside the defaults of a new service. */
const refusedAnew = (replacing: readonly Change[], outputs: Settings, news: Settings): readonly Refusal[] =>
  replacing.some(({ row }) => programChanged(row.input, outputs, news))
    ? brokenOrder(settingsOf(news), secrecyOf(news, outputs), true).map(({ refusal }) => refusal)
    : [];

/** Only what the program itself changed is refused: a refresh that finds drift must go through. */
const refusalsOf = (
  live: Settings,
  wanted: Settings,
  stuck: readonly Stuck[],
  outputs: Settings,
  news: Settings,
): readonly Refusal[] => {
  const isSecret = secrecyOf(news, outputs);
  return [
    ...brokenOrder({ ...live, ...wanted }, isSecret)
      .filter(({ inputs }) => inputs.some((input) => programChanged(input, outputs, news)))
      .map(({ refusal }) => refusal),
    ...stuck
      .filter(({ row, key, said }) => saidBefore(row, key, outputs) !== said)
      .map(({ row, key, live: before, said }) => immutable(row, key, before, said, isSecret(row.input))),
  ];
};
