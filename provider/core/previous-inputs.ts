import type { Field } from "../schema/field";
import { aksWebservice, rowOf, type Table } from "../schema/tables";
import { entriesOf } from "./additive-maps";
import { pathOf } from "./check-failure";
import { recordedContent } from "./content";
import { sameValue } from "./equality";
import { recordedConfig } from "./inference-config/config";
import { withoutIgnoredEntries } from "./ignored-entries";
import { isSet, isUnknown, type Settings } from "./values";

/** Hidden output: what the program says, so that a refresh, which sees only outputs, knows what is managed. */
export const MANAGED = "__managed";

/** The host puts this one back itself, and only where it belongs. */
const PROVIDER = "__provider";

/** What the outputs keep of the program's inputs: each managed setting, secrets by name and files by hash only. */
export const recordedInputs = (inputs: Settings, table = aksWebservice): Settings =>
  Object.fromEntries(
    Object.entries(inputs)
      .filter(([input, value]) => input !== PROVIDER && isSet(value))
      .map(([input, value]) => [input, recordedValue(input, value, table)]),
  );

const recordedValue = (input: string, value: unknown, table: Table): unknown => {
  const row = rowOf(table, input);
  if (row?.secret) return true;
  if (row?.type === "content") return recordedContent(value);
  return row?.type === "inferenceConfig" ? recordedConfig(value) : value;
};

/** What the program said when it was last applied; undefined for a resource that is only read. */
export const previousInputs = (outputs: Settings): Settings | undefined =>
  outputs[MANAGED] as Settings | undefined;

/** The inputs that a refresh reports: live values of what the program manages, and the rest as the program said it. */
export const refreshedInputs = (previous: Settings, outputs: Settings, table = aksWebservice): Settings =>
  Object.fromEntries(
    Object.entries(previous)
      .map(([input, value]) => [input, isLive(input, table) ? outputs[input] : value] as const)
      .filter(([, value]) => isSet(value)),
  );

const isLive = (input: string, table: Table): boolean => {
  const mutability = rowOf(table, input)?.mutability;
  return mutability !== undefined && mutability !== "additive" && mutability !== "providerOnly";
};

/** Whether the engine itself, which compares inputs with inputs, sees a change. */
export const isSeenByEngine = (outputs: Settings, news: Settings, table = aksWebservice): boolean => {
  const before = refreshedInputs(previousInputs(outputs) ?? {}, outputs, table);
  const seen = (row: Field, inputs: Settings): unknown => withoutIgnoredEntries(news, row, inputs[row.input]);
  return table.fields.some((row) => !sameValue(row, seen(row, before), seen(row, news)));
};

/** Whether the program itself says something else than before; a live value that drifted does not count. */
export const programChanged = (
  input: string,
  outputs: Settings,
  news: Settings,
  table = aksWebservice,
): boolean => {
  const row = rowOf(table, input)!;
  const recorded = previousInputs(outputs)?.[input];
  const before = row.secret && recorded === true ? outputs[input] : recorded;
  return !sameValue(row, before, news[input]);
};

/** What a program can manage by itself: a setting, or one entry of an additive map. */
export interface Managed {
  readonly path: string;
  readonly input: string;
  readonly key?: string;
}

/** Settings that the program now manages or no longer does; entries of an additive map one by one. */
export const managedChange = (outputs: Settings, news: Settings, table = aksWebservice) => {
  const before = managedIn(previousInputs(outputs) ?? {}, table);
  const now = managedIn(news, table);
  const lacks = (all: readonly Managed[], one: Managed) => !all.some(({ path }) => path === one.path);
  return {
    added: now.filter((one) => lacks(before, one)),
    // A map that is not known yet may hold every entry that it held.
    ended: before.filter((one) => lacks(now, one) && !isUnknown(news[one.input])),
  };
};

const managedIn = (values: Settings, table: Table): readonly Managed[] =>
  table.fields
    .filter(({ input, mutability }) => isSet(values[input]) && mutability !== "providerOnly")
    .flatMap(({ input, mutability }) =>
      mutability === "additive"
        ? entriesOf(values[input]).map(([key]) => ({ path: pathOf(input, key), input, key }))
        : [{ path: input, input }],
    );
