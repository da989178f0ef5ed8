import { createHash } from "node:crypto";
import { modelFields, modelMade } from "../../schema/model-fields";
import { parseWorkspaceId } from "../address";
import { entriesOf } from "../additive-maps";
import { contentHash, recordedContent, shownContent } from "../content";
import { MANAGED } from "../previous-inputs";
import { compile } from "../patch";
import { CREATED_BY } from "../stamp";
import { hasUnknown, isSet, valueAt, withValueAt, type Settings } from "../values";
import { sameValue } from "../equality";
import { SOURCE } from "./check";

/** A model's JSON. */
export type ModelJson = Readonly<Record<string, unknown>>;

export interface ModelPatch {
  readonly op: "add" | "replace";
  readonly path: string;
  readonly value: unknown;
}

/** Properties of a registered version: who registered it, and what from. */
const STAMP = "pulumi-created-by";
const CONTENT = "pulumi-content";

const sent = modelFields.filter((row) => row.wire !== undefined && row.mutability !== "providerOnly");

/** Names what a version is made of, as far as no update can change it; undefined when the content has no hash. */
const digestOf = (inputs: Settings): string | undefined => {
  const hash = contentHash(inputs[SOURCE]);
  if (hash === undefined) return undefined;
  const fixed = [hash, inputs["framework"], inputs["frameworkVersion"], entriesOf(inputs["properties"])];
  return createHash("sha256").update(JSON.stringify(fixed)).digest("hex").slice(0, 16);
};

const ownProperties = (inputs: Settings): Record<string, string> => {
  const digest = digestOf(inputs);
  const stamp = inputs[CREATED_BY];
  return {
    ...(typeof stamp === "string" && stamp ? { [STAMP]: stamp } : {}),
    ...(digest === undefined ? {} : { [CONTENT]: digest }),
  };
};

/** Whether a version is what a create of this very resource, with these inputs, would register. */
export const isMadeFrom = (document: ModelJson, inputs: Settings): boolean => {
  const own = ownProperties(inputs);
  const there = new Map(entriesOf(document["properties"]));
  return own[STAMP] !== undefined && own[CONTENT] !== undefined
    ? Object.entries(own).every(([key, value]) => there.get(key) === value)
    : false;
};

/** The body of `POST models` for an asset that holds the files. */
export const modelBody = (inputs: Settings, assetId: string): ModelJson => {
  const base: Settings = {
    datasets: [],
    url: `aml://asset/${assetId}`,
    mimeType: "application/json",
    unpack: false,
  };
  const body = sent.reduce<Settings>(
    (all, row) => (isSet(inputs[row.input]) ? withValueAt(all, row.wire!, inputs[row.input]) : all),
    base,
  );
  return {
    ...body,
    properties: { ...Object.fromEntries(entriesOf(body["properties"])), ...ownProperties(inputs) },
  };
};

/** The JSON Patch that brings a registered version to what the program says. */
export const modelPatch = (document: ModelJson, inputs: Settings): readonly ModelPatch[] =>
  sent
    .filter((row) => isSet(inputs[row.input]) && !hasUnknown(inputs[row.input]))
    .flatMap((row): readonly ModelPatch[] => {
      const [live, said] = [valueAt(document, row.wire!), inputs[row.input]];
      if (row.mutability === "additive") return additions(row.wire!, live, said);
      if (row.mutability !== "inPlace" || sameValue(row, live, said)) return [];
      return [replacement(document, row.wire!, said)];
    })
    .reduce<readonly ModelPatch[]>(merged, []);

/** Members of one object that had to be made go into it together. */
const merged = (all: readonly ModelPatch[], next: ModelPatch): readonly ModelPatch[] => {
  const before = all.find(({ path }) => path === next.path);
  if (!before) return [...all, next];
  const value = { ...(before.value as object), ...(next.value as object) };
  return all.map((one) => (one === before ? { ...next, value } : one));
};

const additions = (wire: string, live: unknown, said: unknown): readonly ModelPatch[] => {
  const there = entriesOf(live).map(([key]) => key);
  return entriesOf(said)
    .filter(([key]) => !there.includes(key))
    .map(([key, value]) => ({ op: "add", path: compile([wire, key]), value }));
};

/** A member of an object that is null has nothing to go into: the object is set as a whole. */
const replacement = (document: ModelJson, wire: string, value: unknown): ModelPatch => {
  const [parent, member] = wire.split(".") as [string, string?];
  if (member === undefined || isSet(document[parent]))
    return { op: "replace", path: compile(wire.split(".")), value };
  return { op: "replace", path: compile([parent]), value: { [member]: value } };
};

/** The outputs: each setting's live value, and what registration made. */
export const modelOutputs = (
  document: ModelJson,
  workspaceId: string,
  program: Settings | undefined,
  before: Settings,
): Settings => {
  const live = sent.map((row) => [row.input, valueAt(document, row.wire!)] as const);
  const made = modelMade.map(([output, wire]) => [output, valueAt(document, wire)] as const);
  const source = program?.[SOURCE] ?? before[SOURCE];
  const all = {
    ...Object.fromEntries([...live, ...made]),
    workspaceId,
    ...parseWorkspaceId(workspaceId),
    ...(isSet(source) ? { [SOURCE]: shownContent(source, before[SOURCE]) } : {}),
    ...(program ? { timeouts: program["timeouts"], [MANAGED]: recordedModelInputs(program) } : {}),
  };
  return JSON.parse(JSON.stringify(all, (_, value: unknown) => value ?? undefined)) as Settings;
};

const recordedModelInputs = (program: Settings): Settings =>
  Object.fromEntries(
    Object.entries(program)
      .filter(([input]) => input !== "__provider")
      .map(([input, value]) => [input, input === SOURCE ? recordedContent(value) : value]),
  );

/** The outputs after an update that asked nothing of the workspace. */
export const modelOutputsRecorded = (outputs: Settings, program: Settings): Settings => {
  const kept = Object.fromEntries(
    Object.entries(outputs).filter(([name]) => name !== "__provider" && name !== "timeouts"),
  );
  const said = isSet(program["timeouts"]) ? { timeouts: program["timeouts"] } : {};
  const source = { [SOURCE]: shownContent(program[SOURCE], undefined) };
  return { ...kept, ...said, ...source, [MANAGED]: recordedModelInputs(program) };
};

/** The inputs that a refresh reports: live values of what the program manages. */
export const refreshedModelInputs = (program: Settings, outputs: Settings): Settings => {
  const live = [SOURCE, ...sent.filter((row) => row.mutability !== "additive").map((row) => row.input)];
  return Object.fromEntries(
    Object.entries(program)
      .map(([input, said]) => [input, live.includes(input) ? outputs[input] : said] as const)
      .filter(([, value]) => isSet(value)),
  );
};
