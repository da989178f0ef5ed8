import { fieldOf, fields } from "../schema/fields";
import { entriesOf } from "./additive-maps";
import { pathOf } from "./check-failure";
import { recordedConfig } from "./inference-config/config";
import { isUnknown, isSet, type Settings } from "./values";
import { sameValue } from "./equality";

/** Hidden output: what the program says, so that a refresh, which sees only outputs, knows what is managed. */
export const MANAGED = "__managed";

/** The host puts this one back itself, and only where it belongs. */
const PROVIDER = "__provider";

/** What an operation must recordedInputs of the program: each managed setting, secrets by name and files by hash only. */
export const recordedInputs = (inputs: Settings): Settings =>
  Object.fromEntries(
    Object.entries(inputs)
      .filter(([input, value]) => input !== PROVIDER && isSet(value))
      .map(([input, value]) => [input, memoryOf(input, value)]),
  );

const memoryOf = (input: string, value: unknown): unknown => {
  const row = fieldOf(input);
  if (row?.secret) return true;
  return row?.type === "inferenceConfig" ? recordedConfig(value) : value;
};

export const previousInputs = (outputs: Settings): Settings | undefined =>
  outputs[MANAGED] as Settings | undefined;

/** The inputs that a refresh reports: live values of what the program manages, and the rest as the program said it. */
export const refreshedInputs = (memory: Settings, outputs: Settings): Settings =>
  Object.fromEntries(
    Object.entries(memory)
      .map(([input, said]) => [input, isLive(input) ? outputs[input] : said] as const)
      .filter(([, value]) => isSet(value)),
  );

const isLive = (input: string): boolean => {
  const mutability = fieldOf(input)?.mutability;
  return mutability !== undefined && mutability !== "additive" && mutability !== "providerOnly";
};

/** Whether the engine itself, which compares inputs with inputs, sees a change of this setting. */
export const isSeenByEngine = (input: string, outputs: Settings, news: Settings): boolean => {
  const memory = previousInputs(outputs) ?? {};
  const before = input in memory ? (isLive(input) ? outputs[input] : memory[input]) : undefined;
  const row = fieldOf(input);
  return row !== undefined && !sameValue(row, before, news[input]);
};

/** Whether the program itself says something else than before; a live value that drifted does not count. */
export const programChanged = (input: string, outputs: Settings, news: Settings): boolean => {
  const row = fieldOf(input)!;
  const said = previousInputs(outputs)?.[input];
  const before = row.secret && said === true ? outputs[input] : said;
  return !sameValue(row, before, news[input]);
};

/** What a program can manage by itself: a setting, or one entry of an additive map. */
export interface Managed {
  readonly path: string;
  readonly input: string;
  readonly key?: string;
}

/** Settings that the program now manages or no longer does; entries of an additive map one by one. */
export const managedChange = (outputs: Settings, news: Settings) => {
  const before = managedIn(previousInputs(outputs) ?? {});
  const now = managedIn(news);
  const lacks = (all: readonly Managed[], one: Managed) => !all.some(({ path }) => path === one.path);
  return {
    begun: now.filter((one) => lacks(before, one)),
    // A map that is not known yet may hold every entry that it held.
    ended: before.filter((one) => lacks(now, one) && !isUnknown(news[one.input])),
  };
};

const managedIn = (values: Settings): readonly Managed[] =>
  fields
    .filter(({ input, mutability }) => isSet(values[input]) && mutability !== "providerOnly")
    .flatMap(({ input, mutability }) =>
      mutability === "additive"
        ? entriesOf(values[input]).map(([key]) => ({ path: pathOf(input, key), input, key }))
        : [{ path: input, input }],
    );
