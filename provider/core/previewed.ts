import type { Field } from "../schema/field";
import { aksWebservice } from "../schema/tables";
import { changesBetween, desiredSettings, isSendable, type Action, type Change, type Compared } from "./diff";
import { isIgnored, withIgnoredEntries } from "./ignored-entries";
import { previousInputs } from "./previous-inputs";
import { isOpen, withImpliedSettings } from "./relations";
import { isSet, settingsOf, type Settings } from "./values";

/**
 * The inputs of the settings that a preview showed as changes, so that its update may send them. undefined where every
 * setting of the program may be sent: by a create, an adoption, and what carries one of them on.
 */
export type Previewed = readonly string[] | undefined;

export const previewedBy = (action: Action): readonly string[] =>
  action.kind === "update" ? action.changes.map(({ row }) => row.input) : [];

/** What the program desires of the live service, as far as it may be sent. */
export const previewedSettings = (
  compared: Compared,
  live: Settings,
  previewed: Previewed,
  table = aksWebservice,
): Settings => {
  if (!previewed) return desiredSettings(compared, live, table);
  const { news, outputs } = compared;
  const desired = desiredSettings(compared, settingsOf(outputs, table), table);
  const shown = Object.fromEntries(Object.entries(desired).filter(([input]) => previewed.includes(input)));
  return withIgnoredEntries(shown, live, { news, previous: previousInputs(outputs) }, table);
};

/** What of it is not live already, and can be sent. */
export const changesToSend = (live: Settings, settings: Settings, table = aksWebservice): readonly Change[] =>
  changesBetween(live, settings, {}, table).filter(
    (change) => change.row.mutability !== "replace" && isSendable(change),
  );

export const settingsIn = (changes: readonly Change[]): Settings =>
  Object.fromEntries(changes.map(({ row, desired }) => [row.input, desired]));

/** Managed settings that somebody else changed on the live service meanwhile, and that are left alone. */
export const leftAlone = (compared: Compared, live: Settings, previewed: Previewed): readonly Change[] =>
  previewed
    ? changesBetween(live, desiredSettings(compared, live)).filter(
        ({ row }) =>
          row.mutability === "inPlace" &&
          !previewed.includes(row.input) &&
          !isIgnored(compared.news, row.input),
      )
    : [];

/**
 * What else would change by what is sent, since the live service is not as the preview knew it any more: of settings that
 * exclude each other, and of the ways into the endpoint.
 */
export const sideEffects = (compared: Compared, live: Settings, sent: Settings): readonly string[] => {
  const follows = changesBetween(live, withImpliedSettings(sent, live))
    .filter(({ row }) => !isSet(sent[row.input]))
    .map(({ row, live: value }) => `${row.input} is ${String(value)}`);
  const known = settingsOf(compared.outputs);
  const opens = !isOpen(live) && isOpen({ ...live, ...sent });
  const wasShown = isOpen({ ...known, ...desiredSettings(compared, known) });
  return opens && !wasShown ? [...follows, "the other way to authenticate is off"] : follows;
};

/**
 * The settings whose last known value stays in the outputs of an update that did not send them: managed ones, and the
 * switches among settings that exclude a managed one. Only a refresh, which renews inputs too, brings in their live values:
 * otherwise the next preview would plan what this one left alone, `ignoreChanges` or not.
 */
export const keptInputs = (
  news: Settings,
  previewed: Previewed,
  table = aksWebservice,
): readonly string[] => {
  if (!previewed) return [];
  const isManaged = ({ input, mutability }: Field) => mutability === "inPlace" && isSet(news[input]);
  const managed = table.fields.filter(isManaged).map(({ input }) => input);
  const switches = table.relations.flatMap((relation) => {
    if (relation.kind === "switched") {
      const all = [relation.flag, relation.whenOff, ...relation.numbers];
      return all.some((input) => isSet(news[input])) ? [relation.flag] : [];
    }
    if (relation.kind !== "alternatives") return [];
    const both = [relation.safe, relation.other];
    return both.some((input) => isSet(news[input])) ? both : [];
  });
  return [...new Set([...managed, ...switches])].filter((input) => !previewed.includes(input));
};
