import { otherContent } from "../content";
import { isObject } from "../unknown";
import { isSet, type Settings } from "../values";
import { asConfig, driverName, isCodeOf, scriptVariables, type InferenceConfig } from "./config";
import { environmentFromJson, environmentReference, environmentJson, includes } from "./environment";
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
    ...(isSet(config.environment) ? { environment: liveEnvironment(request, config, document["name"]) } : {}),
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

const liveEnvironment = (request: ImageRequest, config: InferenceConfig, serviceName: unknown): unknown => {
  const { environment: said } = config;
  const { environment, environmentReference: reference } = request;
  if (!tellsEnvironment(request)) return said;
  const sent = isObject(said)
    ? environmentJson(said, serviceName, scriptVariables(config))
    : environmentReference(String(said));
  const live = isObject(said) ? environment : (reference ?? environment);
  if (includes(live, sent)) return said;
  if (isObject(reference)) return `${String(reference["name"])}:${String(reference["version"])}`;
  return environmentFromJson(environment, ownVariables);
};
