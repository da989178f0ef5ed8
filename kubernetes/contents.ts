import { isObject, isSet, type Settings } from "../provider/core/values";
import { changedDefault, needsDecision, type Judgement, type MapContext } from "./row";

/** What a deployment runs: assets of the workspace, by their ARM ids. */

/** An asset of the workspace by name and version. */
const REGISTERED = /^[^\s:/]+:[^\s:/]+$/;

/** The one model of a deployment, as an ARM id. */
export const modelId = (models: unknown, { destination }: MapContext): string | undefined => {
  if (destination.model !== undefined) return destination.model;
  const [only, ...others] = Array.isArray(models) ? (models as readonly string[]) : [];
  return only === undefined || others.length > 0 || !REGISTERED.test(only)
    ? undefined
    : assetId(destination.workspaceId, "models", only);
};

export const judgeModels = (models: unknown, context: MapContext): Judgement | undefined => {
  const [count, only] = Array.isArray(models) ? [models.length, String(models[0])] : [0, ""];
  if (count === 1 && context.destination.model === undefined && !REGISTERED.test(only))
    return needsDecision(
      `The model ${JSON.stringify(only)} is not a registered model of the workspace.`,
      "Name it as <name>:<version>.",
    );
  if (count < 2) return undefined;
  const layout = "the script finds each model one folder further down in AZUREML_MODEL_DIR";
  if (context.destination.model !== undefined)
    return changedDefault(`The ${count} models are one folder there: ${layout}.`);
  return needsDecision(
    `A deployment has one model, and the service has ${count}.`,
    `Register one model whose folder holds them all as <name>/<version>/…, and name it; ${layout}.`,
  );
};

const assetId = (workspaceId: string, kind: "models" | "environments", nameAndVersion: string): string => {
  const at = nameAndVersion.lastIndexOf(":");
  return `${workspaceId}/${kind}/${nameAndVersion.slice(0, at)}/versions/${nameAndVersion.slice(at + 1)}`;
};

/** The environment as an ARM id; a definition that nobody registered has none. */
export const environmentId = (config: unknown, { destination }: MapContext): string | undefined => {
  if (destination.environmentId !== undefined) return destination.environmentId;
  const environment = isObject(config) ? config["environment"] : undefined;
  return typeof environment === "string" && REGISTERED.test(environment)
    ? assetId(destination.workspaceId, "environments", environment)
    : undefined;
};

/** Variables of an environment that the program defines; those by which a driver finds its script stay behind. */
export const environmentVariables = (config: unknown): Settings | undefined => {
  const environment = isObject(config) ? config["environment"] : undefined;
  const variables = isObject(environment) ? environment["environmentVariables"] : undefined;
  const entries = Object.entries(isObject(variables) ? variables : {}).filter(
    ([name]) => name !== "AZUREML_ENTRY_SCRIPT" && name !== "AZUREML_SOURCE_DIRECTORY",
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
};

export const scoringScript = (config: unknown): unknown =>
  isObject(config) ? config["entryScript"] : undefined;

export const judgeInferenceConfig = (config: unknown, context: MapContext): Judgement | undefined => {
  const { settings, destination } = context;
  if (!isSet(config)) {
    if (!isSet(settings["models"]) || isSet(settings["imageId"])) return undefined;
    return needsDecision(
      "The web service serves the model without code, which an endpoint only does for MLflow and Triton models.",
      "Write an entry script and an environment, or register the model as an MLflow model.",
    );
  }
  const missing = [
    ...(destination.codeId === undefined ? ["upload the script's folder as a code asset"] : []),
    ...(environmentId(config, context) === undefined ? ["register the environment"] : []),
  ];
  if (missing.length === 0) return undefined;
  return needsDecision(
    "The code and environment of a web service cannot be carried by id.",
    `First ${missing.join(", and ")}, then name what was made. \`pulumi-azureml check-script\` says what to change in the script.`,
  );
};

export const judgeImage = (imageId: unknown, { destination }: MapContext): Judgement | undefined =>
  isSet(imageId) && destination.environmentId === undefined
    ? needsDecision(
        `The image ${String(imageId)} is registered with the web services alone.`,
        "Register an environment with that image and its ports and routes (inferenceConfig), and name it.",
      )
    : undefined;
