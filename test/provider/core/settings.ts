import * as fc from "fast-check";
import { fields } from "../../../provider/schema/fields";
import type { Field } from "../../../provider/schema/field";
import { UNKNOWN, type Settings } from "../../../provider/core/values";
import type { ServiceJson } from "../../../provider/core/wire";

export const WORKSPACE =
  "/subscriptions/sub-1/resourceGroups/rg-1/providers/Microsoft.MachineLearningServices/workspaces/ws-1";
export const URN = "urn:pulumi:prod::ml::pulumi-nodejs:dynamic/azureml:AksWebservice::fraud";

/** What every valid program says. */
export const least = {
  workspaceId: WORKSPACE,
  computeTargetName: "aks-prod",
  models: ["fraud:7"],
  __urn: URN,
} as const;

export const row = (input: string): Field => fields.find((one) => one.input === input)!;

const text = fc.string({ maxLength: 20 });
/** Keys that are fine in JSON and awkward in JavaScript or in a JSON Pointer. */
export const key = fc.oneof(
  // The host's own JSON loses this one name, and so do the matchers of the tests.
  text.filter((name) => name !== "__proto__"),
  fc.constantFrom("a/b", "~", "~1", "", "constructor", "toString", "hasOwnProperty", "a.b", "é", "0"),
);
export const textMap = fc.dictionary(key, text, { maxKeys: 5, noNullPrototype: true });
const integer = (from: number, to = 1000) => fc.integer({ min: from, max: to });
const positive = fc.double({ min: 0.01, max: 64, noNaN: true });
const model = fc.tuple(fc.constantFrom("a", "b", "c", "d"), integer(1, 9)).map(([n, v]) => `${n}:${v}`);

const optional = fc.record(
  {
    cpuCores: positive,
    memoryGb: positive,
    gpuCores: integer(0, 4),
    collectModelData: fc.boolean(),
    enableAppInsights: fc.boolean(),
    scoringTimeoutMs: integer(1),
    replicaMaxConcurrentRequests: integer(1),
    maxRequestWaitTime: integer(1),
    periodSeconds: integer(1),
    initialDelaySeconds: integer(1),
    timeoutSeconds: integer(1),
    successThreshold: integer(1),
    failureThreshold: integer(1),
    namespace: fc.constantFrom("default", "ml", "a1"),
    tags: textMap,
    properties: textMap,
    description: text,
    primaryKey: fc.constantFrom("key-one", "key-two"),
    blobfuseEnabled: fc.boolean(),
  },
  { requiredKeys: [] },
);

const scaling = fc.oneof(
  fc.constant({}),
  fc.record({ numReplicas: integer(1, 9) }),
  fc.record({ autoscaleEnabled: fc.constant(false), numReplicas: integer(1, 9) }),
  fc.record(
    {
      autoscaleEnabled: fc.constant(true),
      autoscaleMinReplicas: integer(1, 5),
      autoscaleMaxReplicas: integer(5, 20),
      autoscaleRefreshSeconds: integer(1),
      autoscaleTargetUtilization: integer(1, 100),
    },
    { requiredKeys: [] },
  ),
);
const limits = fc.constantFrom({}, { cpuCoresLimit: 64, memoryGbLimit: 64 });
const access = fc.constantFrom<Settings>(
  {},
  { authEnabled: true },
  { authEnabled: false },
  { tokenAuthEnabled: true },
  { authEnabled: false, tokenAuthEnabled: true },
  { authEnabled: true, tokenAuthEnabled: false },
  { tokenAuthEnabled: false },
);
const source = fc.oneof(
  model.map((one) => ({ models: [one] })),
  fc.constantFrom({ imageId: "image:1" }, { imageId: "image:2" }),
);

/** Inputs that check accepts, complete as it leaves them. */
export const inputs: fc.Arbitrary<Settings> = fc
  .tuple(optional, scaling, limits, access, source)
  .map(([...parts]) =>
    Object.assign(
      { workspaceId: WORKSPACE, serviceName: "fraud", computeTargetName: "aks-prod", __urn: URN },
      ...parts,
    ),
  );

/** A document as the recorded service gives it, of a service for which nothing was said. */
const RECORDED: ServiceJson = {
  computeType: "AKS",
  state: "Healthy",
  description: null,
  kvTags: {},
  properties: {},
  namespace: "azureml-ws",
  authEnabled: true,
  aadAuthEnabled: false,
  appInsightsEnabled: false,
  autoScaler: {
    autoscaleEnabled: true,
    minReplicas: 1,
    maxReplicas: 10,
    refreshPeriodInSeconds: 1,
    targetUtilization: 70,
  },
  containerResourceRequirements: { cpu: 0.1, cpuLimit: null, memoryInGB: 0.5, memoryInGBLimit: null, gpu: 0 },
  dataCollection: { eventHubEnabled: false, storageEnabled: false },
  livenessProbeRequirements: {
    periodSeconds: 10,
    initialDelaySeconds: 310,
    timeoutSeconds: 2,
    failureThreshold: 3,
    successThreshold: 1,
  },
  maxConcurrentRequestsPerContainer: 1,
  maxQueueWaitMs: 500,
  numReplicas: 1,
  scoringTimeoutMs: 60000,
  imageId: null,
  environmentImageRequest: null,
};

/**
 * Where the recorded Python client puts each setting that documents tell, written down from its requests: documents made
 * with the provider's table would agree with every mistake in it.
 */
const PLACES: Readonly<Record<string, readonly [member: string, inside?: string]>> = {
  serviceName: ["name"],
  computeTargetName: ["computeName"],
  imageId: ["imageId"],
  models: ["environmentImageRequest", "modelIds"],
  numReplicas: ["numReplicas"],
  autoscaleEnabled: ["autoScaler", "autoscaleEnabled"],
  autoscaleMinReplicas: ["autoScaler", "minReplicas"],
  autoscaleMaxReplicas: ["autoScaler", "maxReplicas"],
  autoscaleRefreshSeconds: ["autoScaler", "refreshPeriodInSeconds"],
  autoscaleTargetUtilization: ["autoScaler", "targetUtilization"],
  cpuCores: ["containerResourceRequirements", "cpu"],
  cpuCoresLimit: ["containerResourceRequirements", "cpuLimit"],
  memoryGb: ["containerResourceRequirements", "memoryInGB"],
  memoryGbLimit: ["containerResourceRequirements", "memoryInGBLimit"],
  gpuCores: ["containerResourceRequirements", "gpu"],
  collectModelData: ["dataCollection", "storageEnabled"],
  periodSeconds: ["livenessProbeRequirements", "periodSeconds"],
  initialDelaySeconds: ["livenessProbeRequirements", "initialDelaySeconds"],
  timeoutSeconds: ["livenessProbeRequirements", "timeoutSeconds"],
  successThreshold: ["livenessProbeRequirements", "successThreshold"],
  failureThreshold: ["livenessProbeRequirements", "failureThreshold"],
  enableAppInsights: ["appInsightsEnabled"],
  authEnabled: ["authEnabled"],
  tokenAuthEnabled: ["aadAuthEnabled"],
  scoringTimeoutMs: ["scoringTimeoutMs"],
  replicaMaxConcurrentRequests: ["maxConcurrentRequestsPerContainer"],
  maxRequestWaitTime: ["maxQueueWaitMs"],
  namespace: ["namespace"],
  tags: ["kvTags"],
  properties: ["properties"],
  description: ["description"],
};

/** Settings that no document tells. */
const UNTOLD = [
  ...["workspaceId", "primaryKey", "secondaryKey", "blobfuseEnabled"],
  ...["replaceOnPropertyChange", "timeouts"],
];

/** A copy without these members. */
export const without = (values: Settings, ...names: readonly string[]): Settings =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));

/** The document of a service made with these settings: what was not given has the service's default. */
export const documentOf = (settings: Settings): ServiceJson => {
  const given = Object.entries(settings).filter(
    ([input, value]) =>
      value !== null && value !== undefined && !/^__/.test(input) && !UNTOLD.includes(input),
  );
  return given.reduce<ServiceJson>((document, [input, value]) => {
    const [member, inside] = PLACES[input] ?? [];
    if (member === undefined) throw new Error(`no place is written down for ${input}`);
    const whole = inside === undefined ? value : { ...(document[member] as object | null), [inside]: value };
    return { ...document, [member]: whole };
  }, withModes(settings));
};

/** The service's own choices: tokens end keys, a fixed count ends autoscaling. */
const withModes = ({ tokenAuthEnabled, numReplicas }: Settings): ServiceJson => ({
  ...RECORDED,
  authEnabled: tokenAuthEnabled !== true,
  autoScaler: { ...(RECORDED["autoScaler"] as object), autoscaleEnabled: typeof numReplicas !== "number" },
});

/** A copy with one value, at any depth, not known yet. */
export const withOneUnknown = (value: Settings): fc.Arbitrary<Settings> =>
  fc.constantFrom(...placesIn(value)).map((place) => replaced(value, place) as Settings);

const placesIn = (value: unknown, here: readonly string[] = []): readonly (readonly string[])[] =>
  typeof value === "object" && value !== null
    ? [
        ...(here.length > 0 ? [here] : []),
        ...Object.entries(value).flatMap(([k, v]) => (k.startsWith("__") ? [] : placesIn(v, [...here, k]))),
      ]
    : [here];

const replaced = (value: unknown, [first, ...rest]: readonly string[]): unknown => {
  if (first === undefined) return UNKNOWN;
  if (Array.isArray(value))
    return value.map((v, i) => (String(i) === first ? replaced(v, rest) : (v as unknown)));
  return Object.fromEntries(
    Object.entries(value as object).map(([k, v]) => [k, k === first ? replaced(v, rest) : (v as unknown)]),
  );
};
