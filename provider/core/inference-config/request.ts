import { isObject } from "../unknown";
import { isSet, type Settings } from "../values";
import { isArchive } from "../content";
import { codeName, driverName, isCodeOf, scriptVariables, type InferenceConfig } from "./config";
import { environmentJson, environmentReference } from "./environment";

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
export const otherCode = (request: ImageRequest): Settings | undefined =>
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
