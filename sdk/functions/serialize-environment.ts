type Values = Readonly<Record<string, unknown>>;

/** What the Python class fills in where an environment says nothing. */
const DEFAULTS: Values = Object.freeze({
  name: null,
  version: null,
  environmentVariables: {},
  python: {
    userManagedDependencies: false,
    interpreterPath: "python",
    condaDependenciesFile: null,
    baseCondaEnvironment: null,
  },
  docker: {
    enabled: false,
    baseImage: null,
    baseDockerfile: null,
    buildContext: null,
    sharedVolumes: true,
    shmSize: null,
    arguments: [],
    baseImageRegistry: { address: null, username: null, password: null, registryIdentity: null },
    platform: { os: "Linux", architecture: "amd64" },
  },
  spark: { repositories: [], packages: [], precachePackages: true },
  databricks: {
    mavenLibraries: [],
    pypiLibraries: [],
    rcranLibraries: [],
    jarLibraries: [],
    eggLibraries: [],
  },
  r: null,
  inferencingStackVersion: null,
  assetId: null,
});

const isObject = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Texts of a program's own choice, and so no place for defaults. */
const isOpenMap = (defaults: Values): boolean => Object.keys(defaults).length === 0;

const filled = (defaults: Values, given: Values): Values =>
  Object.fromEntries(
    Object.entries(defaults).map(([name, fallback]) => {
      const value = given[name] ?? fallback;
      return [
        name,
        isObject(fallback) && isObject(value) && !isOpenMap(fallback) ? filled(fallback, value) : value,
      ];
    }),
  );

/** The one member that the class leaves out where it is not given. */
const withConda = (environment: Values, given: Values): Values => {
  const conda = (given["python"] as Values | undefined)?.["condaDependencies"];
  return conda === undefined
    ? environment
    : { ...environment, python: { ...(environment["python"] as Values), condaDependencies: conda } };
};

/** An environment as the Python class serializes it: a registered one by its name and version alone. */
export const serializeEnvironment = (given: unknown): Values | null => {
  if (!isObject(given)) return null;
  const isReference = Object.keys(given).every((name) => name === "name" || name === "version");
  if (isReference) return { name: given["name"] ?? null, version: given["version"] ?? null };
  return withConda(filled(DEFAULTS, given), given);
};
