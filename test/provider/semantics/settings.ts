import * as fc from "fast-check";
import { fields } from "../../../provider/model/fields";
import type { Field } from "../../../provider/model/field";
import { UNKNOWN } from "../../../provider/semantics/unknown";
import type { Settings } from "../../../provider/semantics/values";
import { createBody, type ServiceJson } from "../../../provider/semantics/wire";
import { settle } from "../../../provider/semantics/settle";

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

const DEFAULTS: ServiceJson = {
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

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const over = (base: ServiceJson, given: ServiceJson): ServiceJson =>
  Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(given)])].map((member) => {
      const [b, g] = [base[member], given[member]];
      if (g === null || g === undefined) return [member, b ?? null];
      return [member, isPlain(b) && isPlain(g) && !/^(kvTags|properties)$/.test(member) ? over(b, g) : g];
    }),
  );

/** A copy without these members. */
export const without = (values: Settings, ...names: readonly string[]): Settings =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));

/** The document of a service made with these settings: what was not given has the service's default. */
export const documentOf = (settings: Settings): ServiceJson => {
  const body = without(createBody(settle(settings)), "keys", "storageInitEnabled", "location");
  const tokens = body["aadAuthEnabled"] === true;
  const fixed = body["numReplicas"] != null;
  const made = over(
    {
      ...DEFAULTS,
      authEnabled: !tokens,
      autoScaler: { ...(DEFAULTS["autoScaler"] as object), autoscaleEnabled: !fixed },
    },
    body,
  );
  return { ...made, state: "Healthy", computeType: "AKS" };
};

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
