import { isDeepStrictEqual } from "node:util";
import { otherContent } from "../content";
import { isObject } from "../unknown";
import { isSet, type Settings } from "../values";
import { asConfig, driverName, isCodeOf, OTHER, type InferenceConfig } from "./config";
import { environmentDigest, environmentFromJson, environmentReference, isEnvironment } from "./environment";
import { otherCode, type ImageRequest } from "./request";

const ownVariables: readonly string[] = ["AZUREML_ENTRY_SCRIPT", "AZUREML_SOURCE_DIRECTORY"];

/**
 * What is live, in the words of what was said: a service tells its code only by the names under which it was uploaded, so
 * that each part is taken as said where it agrees, and otherwise as far as it can be read.
 *
 * @returns undefined for a service without code, or when nothing was said
 */
export const liveConfig = (document: Settings, said: unknown): Settings | undefined => {
  const config = asConfig(said);
  const request = document["environmentImageRequest"];
  if (!config || !isObject(request)) return undefined;
  if (!isSet(request["driverProgram"])) return tellsEnvironment(request) ? { ...config } : undefined;
  return {
    entryScript: liveScript(request, config),
    source: liveSource(request, config),
    ...(isSet(config.environment) ? { environment: liveEnvironment(request, config) } : {}),
  };
};

const tellsEnvironment = (request: ImageRequest): boolean =>
  isSet(request["environment"]) || isSet(request["environmentReference"]);

const liveScript = (request: ImageRequest, config: InferenceConfig): unknown => {
  if (request["driverProgram"] === driverName(config)) return config.entryScript;
  const environment = request["environment"];
  const variables = isObject(environment) ? environment["environmentVariables"] : undefined;
  const script = isObject(variables) ? variables["AZUREML_ENTRY_SCRIPT"] : undefined;
  return script ?? request["driverProgram"];
};

const liveSource = (request: ImageRequest, config: InferenceConfig): unknown => {
  const url = otherCode(request)?.["url"];
  // A service that lists no assets tells nothing of the code.
  if (url === undefined || isCodeOf(config, url)) return config.source;
  return otherContent(config.source, String(url));
};

/** A service may write an environment in words of its own: the one that it had after the deployment counts as said. */
const liveEnvironment = (request: ImageRequest, config: InferenceConfig): unknown => {
  const { environment: said, deployedEnvironment } = config;
  const { environment, environmentReference: reference } = request;
  if (deployedEnvironment === OTHER) return undefined;
  const digest = environmentDigest(request);
  if (digest === undefined || digest === deployedEnvironment) return said;
  const isSaid = isObject(said)
    ? isEnvironment(environment, said, ownVariables)
    : isDeepStrictEqual(reference ?? environment, environmentReference(String(said)));
  if (isSaid) return said;
  if (isObject(reference)) return `${String(reference["name"])}:${String(reference["version"])}`;
  return environmentFromJson(environment, ownVariables);
};

/** What to remember beside a configuration, once it is deployed. */
export const withDeployedEnvironment = (memory: unknown, document: Settings): unknown => {
  const deployedEnvironment = environmentDigest(document["environmentImageRequest"]);
  return isObject(memory) && deployedEnvironment ? { ...memory, deployedEnvironment } : memory;
};

/**
 * A program's configuration with what is known of the environment that an earlier run deployed: that a live one is the same
 * can be seen only where the program says the same as then.
 */
export const withKnownEnvironment = (config: unknown, memory: unknown): unknown => {
  if (!isObject(config) || !isObject(memory)) return config;
  const isSame = isDeepStrictEqual(config["environment"] ?? undefined, memory["environment"] ?? undefined);
  const deployedEnvironment = isSame ? memory["deployedEnvironment"] : OTHER;
  return deployedEnvironment === undefined ? config : { ...config, deployedEnvironment };
};
