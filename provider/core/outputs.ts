import type { Keys } from "./keys";
import { inputOf } from "../schema/fields";
import { aksWebservice, rowOf, type Table } from "../schema/tables";
import { shownContent } from "./content";
import { parseWorkspaceId } from "./address";
import { withDeployedEnvironment } from "./inference-config/wire";
import { shownConfig } from "./inference-config/config";
import { OWNER_TOKEN, ownerTokenIn } from "./ownership";
import { MANAGED, recordedInputs, previousInputs } from "./previous-inputs";
import { SECRET_SETTINGS, stillSecret } from "./secrecy";
import { isObject, isSet, type Settings } from "./values";
import { readMade, readSettings, type ServiceJson } from "./wire";

export interface Known {
  readonly document: ServiceJson;
  /** What the program says; undefined for a resource that is only read. */
  readonly program?: Settings | undefined;
  /** What earlier outputs held of settings that the document does not tell. */
  readonly before: Settings;
  /** The live authentication keys, when they were asked for. */
  readonly keys?: Keys | undefined;
  readonly workspaceId: string;
  /** Settings of which earlier outputs' values stay, whatever the document tells. */
  readonly kept?: readonly string[];
}

/** The resource's outputs: every setting's live value under the input's name, and what the service made. */
export const outputsOf = (
  { document, program, before, keys, workspaceId, kept = [] }: Known,
  table = aksWebservice,
): Settings =>
  jsonOnly({
    ...shown(
      {
        ...writeOnlySettings(before, table),
        ...writeOnlySettings(withoutSecrets(program ?? {}, table), table),
        ...keySettings(keys),
        ...providerOnlySettings(program ?? {}, table),
        ...without(withDesiredEnvironment(readSettings(document, program, table), program), kept),
        ...pick(before, kept),
      },
      before,
      table,
    ),
    ...readMade(document, table),
    ...addressSettings(workspaceId),
    ...(program ? { [MANAGED]: recordOf(program, { document, before, kept }, table) } : {}),
    [SECRET_SETTINGS]: stillSecret(before, program ?? {}),
  });

/** The outputs after an update that asked nothing of the service. */
export const outputsRecorded = (outputs: Settings, program: Settings, table = aksWebservice): Settings =>
  jsonOnly({
    // The host hands earlier outputs over without the content of files, the program's inputs with it.
    ...shown(
      {
        ...withoutProviderOnly(outputs, table),
        ...pick(program, [code]),
        ...writeOnlySettings(withoutSecrets(program, table), table),
      },
      {},
      table,
    ),
    ...providerOnlySettings(program, table),
    // A state of version 0.1 tells it only by the record that is replaced here.
    ...(table === aksWebservice ? { [OWNER_TOKEN]: ownerTokenIn(outputs) } : {}),
    [MANAGED]: stillDeployed(recordedInputs(program, table), previousInputs(outputs)),
    [SECRET_SETTINGS]: stillSecret(outputs, program),
  });

/** What the program says; which environment is live is known only of code that was deployed. */
const recordOf = (
  program: Settings,
  { document, before, kept = [] }: Pick<Known, "document" | "before" | "kept">,
  table: Table,
): Settings => {
  const record = recordedInputs(program, table);
  return kept.includes(code) ? stillDeployed(record, previousInputs(before)) : deployed(record, document);
};

const code = inputOf("inferenceConfig");

/** Whether the program's configuration has just been deployed, and is not the record of an earlier run. */
const isNew = (config: unknown): boolean => isObject(config) && !("deployedEnvironment" in config);

/** An environment that was just deployed is the program's, in whatever words the service tells it. */
const withDesiredEnvironment = (settings: Settings, program: Settings | undefined): Settings => {
  const desired = program?.[code];
  const live = settings[code];
  if (!isObject(live) || !isObject(desired) || !isNew(desired) || !isSet(desired["environment"]))
    return settings;
  return { ...settings, [code]: { ...live, environment: desired["environment"] } };
};

const deployed = (record: Settings, document: ServiceJson): Settings =>
  isNew(record[code]) ? { ...record, [code]: withDeployedEnvironment(record[code], document) } : record;

/** Files as an output shows them: as the program gave them, or as the outputs before had them. */
const shown = (settings: Settings, before: Settings, table: Table): Settings =>
  Object.fromEntries(
    Object.entries(settings).map(([input, value]) => {
      const type = isSet(value) ? rowOf(table, input)?.type : undefined;
      if (type === "inferenceConfig") return [input, shownConfig(value, before[input])];
      return [input, type === "content" ? shownContent(value, before[input]) : value];
    }),
  );

const addressSettings = (workspaceId: string): Settings => {
  const workspace = parseWorkspaceId(workspaceId);
  return {
    [inputOf("workspaceId")]: workspaceId,
    [inputOf("subscription")]: workspace?.subscriptionId,
    [inputOf("resourceGroup")]: workspace?.resourceGroupName,
    [inputOf("workspace")]: workspace?.workspaceName,
  };
};

const without = (values: Settings, inputs: readonly string[]): Settings =>
  Object.fromEntries(Object.entries(values).filter(([input]) => !inputs.includes(input)));

const pick = (values: Settings, inputs: readonly string[]): Settings =>
  Object.fromEntries(inputs.filter((input) => isSet(values[input])).map((input) => [input, values[input]]));

/** What the document does not tell. */
const writeOnlySettings = (values: Settings, table: Table): Settings =>
  pick(
    values,
    table.fields.filter((row) => row.writeOnly).map((row) => row.input),
  );

/** The record of a program holds secrets by name only, so they never come from there. */
const withoutSecrets = (values: Settings, table: Table): Settings =>
  Object.fromEntries(Object.entries(values).filter(([input]) => !rowOf(table, input)?.secret));

const keySettings = (keys: Keys | undefined): Settings =>
  keys ? { [inputOf("primaryKey")]: keys.primaryKey, [inputOf("secondaryKey")]: keys.secondaryKey } : {};

const providerOnlySettings = (values: Settings, table: Table): Settings =>
  pick(
    values,
    table.fields.filter((row) => row.mutability === "providerOnly").map((row) => row.input),
  );

/** The host fails on undefined, after the service was made; nulls carry nothing. */
const jsonOnly = (values: Settings): Settings =>
  JSON.parse(JSON.stringify(values, (_, value: unknown) => (value === null ? undefined : value))) as Settings;

/** Which environment is live has not changed by an update that asked nothing. */
const stillDeployed = (record: Settings, before: Settings | undefined): Settings => {
  const [config, known] = [record[code], before?.[code]];
  if (!isObject(config) || !isObject(known) || !("deployedEnvironment" in known)) return record;
  return { ...record, [code]: { ...config, deployedEnvironment: known["deployedEnvironment"] } };
};

const withoutProviderOnly = (outputs: Settings, table: Table): Settings =>
  Object.fromEntries(
    Object.entries(outputs).filter(
      ([name]) => name !== "__provider" && rowOf(table, name)?.mutability !== "providerOnly",
    ),
  );
