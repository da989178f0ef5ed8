import type { Field } from "../../schema/field";
import { modelFields } from "../../schema/model-fields";
import { entriesOf } from "../additive-maps";
import { sameContent } from "../content";
import { previousInputs } from "../previous-inputs";
import { hasUnknown, isSet, type Settings } from "../values";
import { sameValue } from "../equality";
import { SOURCE } from "./check";

/** What a change of a registered model asks for. `visible`: the engine's own comparison of inputs sees it too. */
export interface ModelDifference {
  readonly kind: "none" | "record" | "update" | "replace";
  /** The inputs that differ and count for this kind. */
  readonly inputs: readonly string[];
  readonly visible: boolean;
}

/** The difference between the registered version, as the outputs hold it, and what the program says now. */
export const diffModel = (outputs: Settings, news: Settings): ModelDifference => {
  const visible = isSeenByEngine(outputs, news);
  const replacing = [
    ...(sourceChanged(outputs, news) ? [SOURCE] : []),
    ...changed(outputs, news, needsVersion),
  ];
  if (replacing.length > 0) return { kind: "replace", inputs: replacing, visible };
  const updating = changed(outputs, news, isChanged);
  if (updating.length > 0) return { kind: "update", inputs: updating, visible };
  return { kind: otherwiseSaid(outputs, news) ? "record" : "none", inputs: [], visible };
};

const sourceChanged = (outputs: Settings, news: Settings): boolean =>
  isSet(news[SOURCE]) && !sameContent(outputs[SOURCE], news[SOURCE]);

type Judge = (row: Field, live: unknown, said: unknown) => boolean;

const changed = (outputs: Settings, news: Settings, judge: Judge): readonly string[] =>
  modelFields
    .filter((row) => row.mutability !== "providerOnly" && isSet(news[row.input]))
    .filter((row) => judge(row, outputs[row.input], news[row.input]))
    .map((row) => row.input);

const isChanged: Judge = (row, live, said) => {
  if (hasUnknown(said)) return true;
  if (row.mutability !== "additive") return !sameValue(row, live, said);
  const there = entriesOf(live).map(([key]) => key);
  return entriesOf(said).some(([key]) => !there.includes(key));
};

const needsVersion: Judge = (row, live, said) => {
  if (row.mutability === "replace") return isChanged(row, live, said);
  if (row.mutability !== "additive") return false;
  const there = new Map(entriesOf(live));
  return entriesOf(said).some(
    ([key, value]) => there.has(key) && !hasUnknown(value) && there.get(key) !== value,
  );
};

const said = (row: Field, values: Settings): unknown => values[row.input];

/** Only what the provider remembers of the program is another. */
const otherwiseSaid = (outputs: Settings, news: Settings): boolean => {
  const before = previousInputs(outputs) ?? {};
  return modelFields.some(
    (row) =>
      isSet(said(row, before)) !== isSet(said(row, news)) ||
      (row.mutability === "providerOnly" && !sameValue(row, said(row, before), said(row, news))),
  );
};

const isSeenByEngine = (outputs: Settings, news: Settings): boolean => {
  const before = previousInputs(outputs) ?? {};
  if (!sameContent(before[SOURCE], news[SOURCE])) return true;
  return modelFields.some((row) => {
    const memory = said(row, before);
    const isLive = row.mutability !== "providerOnly" && row.mutability !== "additive";
    return !sameValue(row, isSet(memory) && isLive ? outputs[row.input] : memory, news[row.input]);
  });
};
