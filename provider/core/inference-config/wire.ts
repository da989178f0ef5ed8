import { isDeepStrictEqual } from "node:util";
import { isObject, isSet, type Settings } from "../values";
import { isArchive, otherContent } from "../content";
import {
  codeName,
  driverName,
  isCodeOf,
  scriptVariables,
  type InferenceConfig,
  asConfig,
  OTHER,
} from "./config";
import {
  environmentJson,
  environmentReference,
  environmentDigest,
  environmentFromJson,
  isEnvironment,
} from "./environment";

/** The service's JSON of what it runs. */
export type ImageRequest = Settings;

/** An uploaded file, as a request names it. */
export type RequestAsset = Settings;

export const driverAsset = (config: InferenceConfig, url: string): RequestAsset => ({
  id: driverName(config),
  url,
  mimeType: "application/x-python",
});

export const codeAsset = (config: InferenceConfig, url: string): RequestAsset => ({
  mimeType: "application/octet-stream",
  id: codeName(config),
  url,
  ...(isArchive(config.source) ? { unpack: true } : {}),
});

const assetsIn = (request: ImageRequest): readonly Settings[] =>
  Array.isArray(request["assets"]) ? request["assets"].filter(isObject) : [];

/** The driver and the code of a configuration that are live already. */
export const liveAssets = (config: InferenceConfig, request: ImageRequest) => ({
  driver: assetsIn(request).find(
    ({ id }) => id === driverName(config) && request["driverProgram"] === driverName(config),
  ),
  code: assetsIn(request).find(({ id, url }) => id === codeName(config) && isCodeOf(config, url)),
});

/** The live code asset, whosever it is. */
const otherCode = (request: ImageRequest): Settings | undefined =>
  assetsIn(request).find(({ id }) => id !== request["driverProgram"]);

/** How a request says which environment; a configuration without one keeps what is live. */
export const environmentPart = (
  config: InferenceConfig,
  serviceName: unknown,
  live: ImageRequest,
): ImageRequest => {
  const { environment } = config;
  const variables = scriptVariables(config);
  if (typeof environment === "string") return { environmentReference: environmentReference(environment) };
  if (isObject(environment)) return { environment: environmentJson(environment, serviceName, variables) };
  const kept = live["environment"];
  if (!isObject(kept)) return {};
  const before = isObject(kept["environmentVariables"]) ? kept["environmentVariables"] : {};
  return { environment: { ...kept, environmentVariables: { ...before, ...variables } } };
};

/** Of the two ways to say the environment, the one that was not taken. */
const OTHER_WAY: Readonly<Record<string, string>> = {
  environment: "environmentReference",
  environmentReference: "environment",
};

/** A live request with another code, its models kept. */
export const withCode = (live: ImageRequest, code: ImageRequest): ImageRequest => {
  const given = Object.keys(code).map((key) => OTHER_WAY[key]);
  const kept = Object.entries(live).filter(([key, value]) => !given.includes(key) && isSet(value));
  return { modelIds: [], ...Object.fromEntries(kept), ...code };
};

const ownVariables: readonly string[] = ["AZUREML_ENTRY_SCRIPT", "AZUREML_SOURCE_DIRECTORY"];

/**
 * What is live, in the words of the desired configuration: a service shows its code only by the names under which it was uploaded, so
 * that each part is taken as desired where it agrees, and otherwise as far as it can be read.
 *
 * @returns undefined for a service without code, or when none is desired
 */
export const liveConfig = (document: Settings, desired: unknown): Settings | undefined => {
  const config = asConfig(desired);
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

/** A service may write an environment in words of its own: the one that it had after the deployment counts as the desired one. */
const liveEnvironment = (request: ImageRequest, config: InferenceConfig): unknown => {
  const { environment: desired, deployedEnvironment } = config;
  const { environment, environmentReference: reference } = request;
  if (deployedEnvironment === OTHER) return undefined;
  const digest = environmentDigest(request);
  if (digest === undefined || digest === deployedEnvironment) return desired;
  const isDesired = isObject(desired)
    ? isEnvironment(environment, desired, ownVariables)
    : isDeepStrictEqual(reference ?? environment, environmentReference(String(desired)));
  if (isDesired) return desired;
  if (isObject(reference)) return `${String(reference["name"])}:${String(reference["version"])}`;
  return environmentFromJson(environment, ownVariables);
};

/** What is recorded beside a configuration, once it is deployed. */
export const withDeployedEnvironment = (record: unknown, document: Settings): unknown => {
  const deployedEnvironment = environmentDigest(document["environmentImageRequest"]);
  return isObject(record) && deployedEnvironment ? { ...record, deployedEnvironment } : record;
};

/**
 * A program's configuration with what is known of the environment that an earlier run deployed: that a live one is the same
 * can be seen only where the program says the same as then.
 */
export const withKnownEnvironment = (config: unknown, previous: unknown): unknown => {
  if (!isObject(config) || !isObject(previous)) return config;
  const isSame = isDeepStrictEqual(config["environment"] ?? undefined, previous["environment"] ?? undefined);
  const deployedEnvironment = isSame ? previous["deployedEnvironment"] : OTHER;
  return deployedEnvironment === undefined ? config : { ...config, deployedEnvironment };
};
