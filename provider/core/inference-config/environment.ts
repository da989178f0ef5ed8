import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { isObject, withoutUnsetMembers, isSet, type Settings } from "../values";

const registryJson = (registry: unknown): Settings => {
  const given = isObject(registry) ? registry : {};
  return {
    address: given["address"] ?? null,
    username: given["username"] ?? null,
    password: given["password"] ?? null,
    registryIdentity: null,
  };
};

const pythonJson = (environment: Settings): Settings => ({
  // Without dependencies of its own, the image brings the packages.
  userManagedDependencies: environment["userManagedDependencies"] ?? !isSet(environment["condaDependencies"]),
  interpreterPath: "python",
  condaDependenciesFile: null,
  baseCondaEnvironment: null,
  condaDependencies: environment["condaDependencies"] ?? null,
});

const dockerJson = (environment: Settings): Settings => ({
  enabled: false,
  baseImage: environment["baseImage"] ?? null,
  baseDockerfile: environment["baseDockerfile"] ?? null,
  buildContext: null,
  sharedVolumes: true,
  shmSize: "2g",
  arguments: [],
  baseImageRegistry: registryJson(environment["baseImageRegistry"]),
  platform: { os: "Linux", architecture: "amd64" },
});

/** Sections of an environment that have no meaning for a web service; the Python client sends them all the same. */
const UNUSED: Settings = Object.freeze({
  spark: { repositories: [], packages: [], precachePackages: true },
  databricks: {
    mavenLibraries: [],
    pypiLibraries: [],
    rcranLibraries: [],
    jarLibraries: [],
    eggLibraries: [],
  },
  r: null,
  assetId: null,
});

/** The environment's JSON, with the variables that tell the service its script. */
export const environmentJson = (
  environment: Settings,
  serviceName: unknown,
  variables: Readonly<Record<string, string>>,
): Settings => ({
  name: environment["name"] ?? `${String(serviceName)}-env`,
  version: null,
  environmentVariables: { ...(environment["environmentVariables"] as object | undefined), ...variables },
  python: pythonJson(environment),
  docker: dockerJson(environment),
  ...UNUSED,
  inferencingStackVersion: environment["inferencingStackVersion"] ?? null,
});

/** Tells one environment of a service from another, in few characters; undefined where the service tells none. */
export const environmentDigest = (request: unknown): string | undefined => {
  const live = [at(request, "environment") ?? null, at(request, "environmentReference") ?? null];
  if (live.every((part) => part === null)) return undefined;
  return createHash("sha256").update(JSON.stringify(live)).digest("hex").slice(0, 16);
};

/** What `name:version` refers to. */
export const environmentReference = (text: string): Settings => {
  const at = text.lastIndexOf(":");
  return { name: text.slice(0, at), version: text.slice(at + 1) };
};

const at = (value: unknown, key: string): unknown => (isObject(value) ? value[key] : undefined);

const withoutNulls = (values: Settings): Settings =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => isSet(value)));

/** A live environment as a program would say it, without what cannot be read. */
export const environmentFromJson = (json: unknown, ownVariables: readonly string[]): Settings => {
  const variables = Object.entries((at(json, "environmentVariables") ?? {}) as object).filter(
    ([name]) => !ownVariables.includes(name),
  );
  const docker = at(json, "docker");
  const registry = withoutNulls({
    address: at(at(docker, "baseImageRegistry"), "address"),
    username: at(at(docker, "baseImageRegistry"), "username"),
  });
  return withoutNulls({
    name: at(json, "name"),
    condaDependencies: at(at(json, "python"), "condaDependencies"),
    baseImage: at(docker, "baseImage"),
    baseDockerfile: at(docker, "baseDockerfile"),
    baseImageRegistry: Object.keys(registry).length > 0 ? registry : undefined,
    environmentVariables: variables.length > 0 ? Object.fromEntries(variables) : undefined,
    inferencingStackVersion: at(json, "inferencingStackVersion"),
  });
};

const comparable = (environment: Settings): unknown =>
  withoutUnsetMembers({
    ...environment,
    baseImageRegistry: withoutPasswordIn(environment["baseImageRegistry"]),
  });

const withoutPasswordIn = (registry: unknown): unknown =>
  isObject(registry) ? { address: registry["address"], username: registry["username"] } : registry;

/** Whether a live environment is what a program says, as far as it can be read. */
export const isEnvironment = (json: unknown, desired: Settings, ownVariables: readonly string[]): boolean => {
  const live = environmentFromJson(json, ownVariables);
  const flag = desired["userManagedDependencies"];
  const omitted = {
    name: desired["name"] ?? live["name"],
    environmentVariables: desired["environmentVariables"] ?? {},
  };
  const read = { environmentVariables: {}, ...live };
  return (
    (!isSet(flag) || at(at(json, "python"), "userManagedDependencies") === flag) &&
    isDeepStrictEqual(
      comparable({ ...read, userManagedDependencies: flag }),
      comparable({ ...desired, ...omitted, userManagedDependencies: flag }),
    )
  );
};

/** A copy of JSON without the password of an image registry, which a service may echo. */
export const withoutPasswordJson = (json: unknown): unknown => {
  const docker = at(json, "docker");
  const registry = at(docker, "baseImageRegistry");
  if (!isObject(json) || !isObject(docker) || !isObject(registry) || !isSet(registry["password"]))
    return json;
  return { ...json, docker: { ...docker, baseImageRegistry: { ...registry, password: null } } };
};
