import type { Keys } from "./keys";
import { fieldOf, fields, inputOf } from "../schema/fields";
import { parseWorkspaceId } from "./address";
import { withDeployedEnvironment } from "./inference-config/wire";
import { shownConfig } from "./inference-config/config";
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
}

/** The resource's outputs: every setting's live value under the input's name, and what the service made. */
export const outputsOf = ({ document, program, before, keys, workspaceId }: Known): Settings =>
  jsonOnly({
    ...untold(before),
    ...untold(withoutSecrets(program ?? {})),
    ...keySettings(keys),
    ...localOf(program ?? {}),
    ...shown(trusted(readSettings(document, program), program), before),
    ...readMade(document),
    ...addressSettings(workspaceId),
    ...(program ? { [MANAGED]: deployed(recordedInputs(program), document) } : {}),
    [SECRET_SETTINGS]: stillSecret(before, program ?? {}),
  });

const code = inputOf("inferenceConfig");

/** Whether the program's configuration has just been deployed, and is not a memory of an earlier run. */
const isNew = (config: unknown): boolean => isObject(config) && !("deployedEnvironment" in config);

/** An environment that was just deployed is the program's, in whatever words the service tells it. */
const trusted = (settings: Settings, program: Settings | undefined): Settings => {
  const said = program?.[code];
  const live = settings[code];
  if (!isObject(live) || !isObject(said) || !isNew(said) || !isSet(said["environment"])) return settings;
  return { ...settings, [code]: { ...live, environment: said["environment"] } };
};

const deployed = (memory: Settings, document: ServiceJson): Settings =>
  isNew(memory[code]) ? { ...memory, [code]: withDeployedEnvironment(memory[code], document) } : memory;

const shown = (settings: Settings, before: Settings): Settings => {
  if (!isSet(settings[code])) return settings;
  return { ...settings, [code]: shownConfig(settings[code], before[code]) };
};

const addressSettings = (workspaceId: string): Settings => {
  const workspace = parseWorkspaceId(workspaceId);
  return {
    [inputOf("workspaceId")]: workspaceId,
    [inputOf("subscription")]: workspace?.subscriptionId,
    [inputOf("resourceGroup")]: workspace?.resourceGroupName,
    [inputOf("workspace")]: workspace?.workspaceName,
  };
};

const pick = (values: Settings, inputs: readonly string[]): Settings =>
  Object.fromEntries(inputs.filter((input) => isSet(values[input])).map((input) => [input, values[input]]));

const untold = (values: Settings): Settings =>
  pick(
    values,
    fields.filter((row) => row.writeOnly).map((row) => row.input),
  );

/** A memory of the program holds secrets by name only, so they never come from there. */
const withoutSecrets = (values: Settings): Settings =>
  Object.fromEntries(Object.entries(values).filter(([input]) => !fieldOf(input)?.secret));

const keySettings = (keys: Keys | undefined): Settings =>
  keys ? { [inputOf("primaryKey")]: keys.primaryKey, [inputOf("secondaryKey")]: keys.secondaryKey } : {};

const localOf = (values: Settings): Settings =>
  pick(
    values,
    fields.filter((row) => row.mutability === "providerOnly").map((row) => row.input),
  );

/** The host fails on undefined, after the service was made; nulls carry nothing. */
const jsonOnly = (values: Settings): Settings =>
  JSON.parse(JSON.stringify(values, (_, value: unknown) => (value === null ? undefined : value))) as Settings;

/** The outputs after an update that asked nothing of the service. */
export const outputsRecorded = (outputs: Settings, program: Settings): Settings =>
  jsonOnly({
    ...shown({ ...withoutLocal(outputs), ...codeOf(program) }, {}),
    ...untold(withoutSecrets(program)),
    ...localOf(program),
    [MANAGED]: stillDeployed(recordedInputs(program), previousInputs(outputs)),
    [SECRET_SETTINGS]: stillSecret(outputs, program),
  });

/** The host hands earlier outputs over without the content of files. */
const codeOf = (program: Settings): Settings => pick(program, [code]);

/** Which environment is live has not changed by an update that asked nothing. */
const stillDeployed = (memory: Settings, before: Settings | undefined): Settings => {
  const [config, known] = [memory[code], before?.[code]];
  if (!isObject(config) || !isObject(known) || !("deployedEnvironment" in known)) return memory;
  return { ...memory, [code]: { ...config, deployedEnvironment: known["deployedEnvironment"] } };
};

const withoutLocal = (outputs: Settings): Settings =>
  Object.fromEntries(
    Object.entries(outputs).filter(
      ([name]) => name !== "__provider" && fieldOf(name)?.mutability !== "providerOnly",
    ),
  );
