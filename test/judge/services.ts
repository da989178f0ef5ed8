import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import type { Destination } from "../../kubernetes/row";
import { environmentFromJson } from "../../provider/core/inference-config/environment";
import { isObject, isSet, valueAt, type Settings } from "../../provider/core/values";
import { refusalsOf } from "../../provider/core/rules";
import { fieldOf, fields } from "../../provider/schema/fields";
import { repository } from "../harness/project-folder";

/** A web service, and where its endpoint is to be. */
export interface Case {
  readonly settings: Settings;
  readonly destination: Destination;
}

const workspaceId =
  "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-test/providers/Microsoft.MachineLearningServices/workspaces/ws-test";

interface Recorded {
  readonly requests: readonly { readonly method: string; readonly path: string; readonly body?: unknown }[];
}

/** The settings of every service whose creation by the Python client was recorded. */
export const recordedShapes = (): readonly Settings[] => {
  const cases = JSON.parse(
    readFileSync(join(repository(), "test", "contract", "cases.json"), "utf8"),
  ) as readonly Recorded[];
  return cases
    .flatMap(({ requests }) => requests)
    .filter(({ method, path, body }) => method === "POST" && path.endsWith("/services") && isObject(body))
    .map(({ body }) => settingsIn(body as Settings));
};

const settingsIn = (body: Settings): Settings => ({
  ...Object.fromEntries(
    fields
      .filter(({ wire, type }) => wire !== undefined && type !== "inferenceConfig")
      .map((row) => [row.input, valueAt(body, row.wire!), row.inverted] as const)
      .filter(([, value]) => isSet(value))
      .map(([input, value, inverted]) => [input, inverted ? !value : value] as const)
      // The recorded client also tries limits of 0 and -1, which no service has.
      .filter(([input, value]) => refusalsOf(fieldOf(input)!, value, false).length === 0),
  ),
  ...codeIn(body["environmentImageRequest"]),
});

const codeIn = (request: unknown): Settings => {
  if (!isObject(request) || !isSet(request["driverProgram"])) return {};
  const own = ["AZUREML_ENTRY_SCRIPT", "AZUREML_SOURCE_DIRECTORY"];
  const environment = isSet(request["environment"])
    ? environmentFromJson(request["environment"], own)
    : "AzureML-sklearn-1.0:12";
  return { inferenceConfig: { entryScript: "score.py", environment } };
};

const text = fc.string({ unit: fc.constantFrom(..."abcXYZ019 -_.:é"), minLength: 1, maxLength: 20 });
const key = fc.string({ unit: fc.constantFrom(..."abcXYZ019-_."), minLength: 1, maxLength: 12 });
const texts = fc.dictionary(key, text, { maxKeys: 4 });
const tags = texts.filter(
  (map) => new Set(Object.keys(map).map((name) => name.toLowerCase())).size === Object.keys(map).length,
);
const some = (...values: readonly unknown[]) => fc.constantFrom(...values);
const positive = (most: number) => fc.integer({ min: 1, max: most });

/** Replicas that follow the load, with or without numbers, or a fixed count. */
const scaling: fc.Arbitrary<Settings> = fc.oneof(
  fc.record(
    {
      autoscaleMinReplicas: positive(5),
      autoscaleMaxReplicas: fc.integer({ min: 5, max: 30 }),
      autoscaleRefreshSeconds: some(1, 5, 60, 90),
      autoscaleTargetUtilization: positive(100),
      autoscaleEnabled: fc.constant(true),
    },
    { requiredKeys: [] },
  ),
  fc.record({ autoscaleEnabled: fc.constant(false), numReplicas: positive(9) }),
  fc.record({ numReplicas: positive(9) }),
);

const auth: fc.Arbitrary<Settings> = fc.oneof(
  fc.constant({}),
  fc.record({ authEnabled: fc.constant(true), primaryKey: text, secondaryKey: text }),
  fc.constant({ authEnabled: false, tokenAuthEnabled: true }),
  fc.constant({ authEnabled: false }),
);

const running: fc.Arbitrary<Settings> = fc.oneof(
  fc.constant({}),
  fc.record({ imageId: some("fraud-image:3", "churn:12") }),
  fc.record({
    models: some(["fraud:7"], ["fraud:7", "churn:2"]),
    inferenceConfig: some(
      { entryScript: "score.py", environment: "fraud-env:3" },
      { entryScript: "src/main.py", environment: { environmentVariables: { MODE: "fast" } } },
    ),
  }),
);

const simple: fc.Arbitrary<Settings> = fc.record(
  {
    workspaceId: fc.constant(workspaceId),
    subscriptionId: fc.constant("00000000-0000-0000-0000-000000000001"),
    resourceGroupName: fc.constant("rg-test"),
    workspaceName: fc.constant("ws-test"),
    computeTargetName: some("aks-prod", "aks.dev"),
    collectModelData: fc.boolean(),
    cpuCores: some(0.1, 0.25, 0.5, 1, 1.5, 3),
    cpuCoresLimit: some(3, 3.5, 8),
    memoryGb: some(0.5, 1, 1.5, 14, 0.1),
    memoryGbLimit: some(14, 16.5, 32),
    gpuCores: some(0, 1, 2),
    enableAppInsights: fc.boolean(),
    scoringTimeoutMs: some(1, 500, 60_000, 61_500, 150_000, 300_000, 3_600_000),
    replicaMaxConcurrentRequests: some(1, 4),
    maxRequestWaitTime: some(1, 500, 1000, 90_250),
    blobfuseEnabled: fc.boolean(),
    periodSeconds: positive(60),
    initialDelaySeconds: some(1, 60, 310, 3661, 90_000),
    timeoutSeconds: positive(90),
    successThreshold: positive(3),
    failureThreshold: positive(30),
    namespace: some("ml", "ml-prod"),
    tags,
    properties: texts,
    description: text,
    timeouts: fc.constant({ create: "90m" }),
    migrateTo: fc.constant({ computeTargetName: "k8s", acknowledgeIrreversible: true }),
    ...Object.fromEntries(
      fields
        .filter(({ mutability, type }) => mutability === "providerOnly" && type === "flag")
        .map(({ input }) => [input, fc.boolean()]),
    ),
  },
  { requiredKeys: [] },
);

const assets = (kind: string) => fc.constant(`${workspaceId}/${kind}/made/versions/1`);

const destination: fc.Arbitrary<Destination> = fc.record(
  {
    workspaceId: fc.constant(workspaceId),
    location: fc.constant("westeurope"),
    compute: some("k8s-prod", "k8s-dev") as fc.Arbitrary<string>,
    model: assets("models"),
    environmentId: assets("environments"),
    codeId: assets("codes"),
    instanceType: fc.constant("large"),
    authMode: some("Key", "AMLToken", "AADToken") as fc.Arbitrary<"Key" | "AMLToken" | "AADToken">,
  },
  { requiredKeys: ["workspaceId", "location", "compute"] },
);

/** Services of recorded shapes with settings of their own. The same seed makes the same ones. */
export const drawCases = (count: number, seed: number): readonly Case[] => {
  const shapes = recordedShapes();
  const drawn = fc.sample(fc.tuple(fc.nat(shapes.length - 1), simple, scaling, auth, running, destination), {
    numRuns: count,
    seed,
  });
  return drawn.map(([shape, own, replicas, callers, contents, to], number) => ({
    settings: {
      ...without(shapes[shape]!, [replicas, callers, contents]),
      ...own,
      ...replicas,
      ...callers,
      ...contents,
      serviceName: `service-${number}`,
    },
    destination: to,
  }));
};

const together: readonly (readonly string[])[] = [
  [
    "autoscaleEnabled",
    "autoscaleMinReplicas",
    "autoscaleMaxReplicas",
    "autoscaleRefreshSeconds",
    "autoscaleTargetUtilization",
    "numReplicas",
  ],
  ["authEnabled", "tokenAuthEnabled", "primaryKey", "secondaryKey"],
  ["models", "inferenceConfig", "imageId"],
];

/** A shape without the settings that others take the place of: a service has one way to scale, to be called, to be made. */
const without = (shape: Settings, others: readonly Settings[]): Settings => {
  const gone = together.filter((_, group) => Object.keys(others[group]!).length > 0).flat();
  return Object.fromEntries(Object.entries(shape).filter(([input]) => !gone.includes(input)));
};
