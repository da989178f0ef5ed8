import { assess, type AssessOptions } from "../../../cli/assess/assessment";
import { clusterOf } from "../../../cli/assess/cluster";
import { defaultInstanceType, fittingType, proposedType, yamlOf } from "../../../cli/assess/instance-types";
import { markdownOf } from "../../../cli/assess/report";
import type { FoundService } from "../../../cli/found-services";
import { toKubernetes } from "../../../kubernetes/bodies";
import type { Settings } from "../../../provider/core/values";
import * as fc from "fast-check";
import { parse, parseAllDocuments } from "yaml";

const workspaceId =
  "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws";

const service = (settings: Settings = {}, more: Partial<FoundService> = {}): FoundService => ({
  name: "fraud",
  computeType: "AKS",
  state: "Healthy",
  settings: {
    computeTargetName: "aks-prod",
    models: ["fraud:7"],
    autoscaleEnabled: false,
    numReplicas: 2,
    ...settings,
  },
  code: { entryScript: "src/score.py", environment: "scoring:3" },
  ...more,
});

const options: AssessOptions = { compute: "k8s", instanceTypes: [] };

const assessed = (services: readonly FoundService[], more: Partial<AssessOptions> = {}) =>
  assess({ workspaceId, services }, { ...options, ...more });

const findingOf = (one: FoundService, setting: string, more: Partial<AssessOptions> = {}) =>
  assessed([one], more).services[0]!.findings.find((finding) => finding.setting === setting)!;

test("code is work for people; with it a usual service is ready", () => {
  const { now, oncePrepared, work } = assessed([service()]);
  expect([now, oncePrepared]).toEqual([
    { ready: 0, "ready with changed defaults": 0, "needs a decision": 1, blocked: 0 },
    { ready: 0, "ready with changed defaults": 1, "needs a decision": 0, blocked: 0 },
  ]);
  expect(work.map(({ settings }) => settings[0])).toEqual(["inferenceConfig", "primaryKey", "memoryGbLimit"]);
});

test("the script is the one of the program, not the one below the unpacked folder", () => {
  const from = (entryScript: string, sourceDirectory?: string): unknown =>
    findingOf(
      service(
        {},
        { code: { entryScript, environment: "e:1", ...(sourceDirectory ? { sourceDirectory } : {}) } },
      ),
      "inferenceConfig",
    ).from;
  expect([
    from("src/score.py"),
    from("code/a/score.py", "code"),
    from("a/score.py", "code"),
    from("score.py"),
  ]).toEqual(
    ["score.py", "a/score.py", "a/score.py", "score.py"].map(
      (script) => expect.stringMatching(`^${script} `) as unknown,
    ),
  );
});

/** What stands in the way: the service, the setting, what is found, and the way round. */
const troubles: readonly [string, FoundService, string, string, RegExp, RegExp][] = [
  [
    "several models",
    service({ models: ["a:1", "b:2"] }),
    "models",
    "needsDecision",
    /one model/,
    /one model whose folder/,
  ],
  [
    "no authentication",
    service({ authEnabled: false }),
    "authEnabled",
    "needsDecision",
    /Anyone/,
    /Key, AMLToken or AADToken/,
  ],
  [
    "a namespace",
    service({ namespace: "ml" }),
    "namespace",
    "needsDecision",
    /compute's/,
    /Attach the cluster with the namespace ml/,
  ],
  ["blobfuse", service({ blobfuseEnabled: false }), "blobfuseEnabled", "dropped", /endpoint's affair/, /./],
  [
    "an image",
    service({ models: undefined, imageId: "img:3" }, { code: undefined }),
    "imageId",
    "needsDecision",
    /img:3/,
    /Register an environment with that image/,
  ],
  [
    "a timeout above 150 s",
    service({ scoringTimeoutMs: 300_000 }),
    "scoringTimeoutMs",
    "blocked",
    /150 s/,
    /at most 150000/,
  ],
  [
    "GPUs without limits",
    service({ gpuCores: 1 }),
    "gpuCores",
    "needsDecision",
    /limits of CPU and memory/,
    /cpuCoresLimit and memoryGbLimit/,
  ],
  [
    "a limit at the instance type's",
    service({ cpuCoresLimit: 2 }),
    "cpuCoresLimit",
    "needsDecision",
    /not less than the 2/,
    /larger InstanceType/,
  ],
  [
    "tags that ARM refuses",
    service({ tags: { "a/b": "1" } }),
    "tags",
    "needsDecision",
    /"a\/b"/,
    /Rename them/,
  ],
  ["a Failed service", service({}, { state: "Failed" }), "state", "blocked", /Failed/, /Repair it first/],
  [
    "a Migrated service",
    service({}, { state: "Migrated" }),
    "state",
    "blocked",
    /endpoint already/,
    /Import the endpoint/,
  ],
  [
    "a service on its way",
    service({}, { state: "Transitioning" }),
    "state",
    "blocked",
    /Transitioning/,
    /Wait/,
  ],
  [
    "a service of unknown state",
    service({}, { state: "" }),
    "state",
    "needsDecision",
    /not known/,
    /Check that it is Healthy/,
  ],
  [
    "a model without code",
    service({}, { code: undefined }),
    "inferenceConfig",
    "needsDecision",
    /MLflow/,
    /entry script/,
  ],
];

it.each(troubles)("%s is found, with a way round", (_, one, setting, kind, says, wayRound) => {
  const found = findingOf(one, setting);
  expect(found).toMatchObject({ kind, says: expect.stringMatching(says) as unknown });
  // What an endpoint lacks altogether is said; there is nothing to do about it.
  if (kind !== "dropped") expect(found.wayRound).toMatch(wayRound);
});

test("the workspace's own namespace is nobody's decision", () => {
  expect(findingOf(service({ namespace: "azureml-ws" }), "namespace").kind).toBe("changedDefault");
});

test("a service of another kind is left out by name", () => {
  const { total, leftOut } = assessed([service(), service({}, { name: "small", computeType: "ACI" })]);
  expect({ total, leftOut }).toMatchObject({
    total: 1,
    leftOut: [{ name: "small", why: expect.stringContaining("ACI") as unknown }],
  });
});

test("a key is not read, and a stack's secret is neither shown nor lost", () => {
  const secret = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    plaintext: '"hush-hush"',
  };
  const one = service({ primaryKey: "hush-hush", tags: { a: secret }, description: secret });
  const assessment = assessed([one]);
  const text = JSON.stringify(assessment) + markdownOf(assessment);
  expect(text).not.toContain("hush-hush");
  expect(findingOf(one, "primaryKey").kind).toBe("changedDefault");
  for (const setting of ["tags", "description"])
    expect(findingOf(one, setting)).toMatchObject({ kind: "needsDecision", to: [] });
});

test("what is no value of its setting is neither guessed nor lost", () => {
  const one = service({
    cpuCores: "many",
    memoryGb: Number.NaN,
    enableAppInsights: "yes",
    models: ["fraud"],
  });
  for (const [setting, says] of [
    ["cpuCores", /no number/],
    ["memoryGb", /no number/],
    ["enableAppInsights", /no true or false/],
    ["models", /is not a registered model of the workspace/],
  ] as const)
    expect(findingOf(one, setting)).toMatchObject({
      kind: "needsDecision",
      to: [],
      says: expect.stringMatching(says) as unknown,
    });
  const { cluster } = assessed([one]);
  expect(cluster).toMatchObject({
    there: { least: { cpuCores: 3.82 } },
    unknown: expect.arrayContaining(["sizes or replicas that are not read, of fraud"]) as unknown,
  });
});

test("no text of a service becomes more than text in Markdown", () => {
  const hostile = "a | b\n# c <script>alert(1)</script> ![x](http://e) `d` **e** [f](g)";
  const text = markdownOf(assessed([service({ description: hostile, tags: { [hostile]: hostile } })]));
  expect(text).not.toMatch(/<script|\]\(http|`d`|\*\*e/);
  expect(text.split("\n").filter((line) => /^# c/.test(line))).toEqual([]);
});

const size = fc.record({
  cpuCores: fc.constantFrom(0.1, 1, 2, 3, 7.5, 100),
  memoryGb: fc.constantFrom(0.5, 2, 2.5, 14, 600),
  cpuCoresLimit: fc.constantFrom(undefined, 0.5, 2, 4, 64),
  memoryGbLimit: fc.constantFrom(undefined, 1, 2, 16, 512),
  gpuCores: fc.constantFrom(0, 0, 1, 4),
});

test("in the InstanceType that is proposed or found the map has nothing to say against a size", () => {
  fc.assert(
    fc.property(size, (settings) => {
      const existing = [{ name: "large", cpuCores: 16, memoryGb: 32, gpuCores: 1 }];
      const fitting = fittingType(settings, existing);
      const type = fitting === "default" ? defaultInstanceType : (fitting ?? proposedType(settings));
      const destination = {
        workspaceId,
        location: "x",
        compute: "k8s",
        instanceType: type.name,
        instanceTypeLimits: type,
      };
      const against = (limits: typeof destination) =>
        toKubernetes({ settings: { serviceName: "s", ...settings } }, limits).findings.filter(
          ({ kind, says }) => kind === "needsDecision" && says.includes("instance type"),
        );
      expect(against(destination)).toEqual([]);
      // What fits none of the cluster's InstanceTypes is found by the map in each.
      if (fitting === undefined)
        for (const other of [defaultInstanceType, ...existing])
          expect(
            against({ ...destination, instanceType: other.name, instanceTypeLimits: other }),
          ).not.toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test("services of like size get one InstanceType, under a name that tells it", () => {
  const services = [
    service({ memoryGb: 14 }, { name: "a" }),
    service({ memoryGb: 12, cpuCores: 2 }, { name: "b" }),
    service({ gpuCores: 1, cpuCoresLimit: 4, memoryGbLimit: 8 }, { name: "c" }),
  ];
  const { instanceTypes, instanceTypesYaml } = assessed(services);
  expect(instanceTypes.map(({ name, services: users }) => [name, users])).toEqual([
    ["cpu2-mem16", ["a", "b"]],
    ["cpu8-mem16-gpu1", ["c"]],
  ]);
  const documents = parseAllDocuments(instanceTypesYaml).map((document) => document.toJS() as unknown);
  expect(documents[1]).toEqual({
    apiVersion: "amlarc.azureml.com/v1alpha1",
    kind: "InstanceType",
    metadata: { name: "cpu8-mem16-gpu1" },
    spec: {
      resources: {
        requests: { cpu: "1", memory: "1Gi" },
        limits: { cpu: "8", memory: "16Gi", "nvidia.com/gpu": 1 },
      },
    },
  });
  expect(parse(yamlOf(defaultInstanceType))).toMatchObject({ metadata: { name: "defaultinstancetype" } });
  const large = { name: "large", cpuCores: 16, memoryGb: 32, gpuCores: 1 };
  expect(assessed(services, { instanceTypes: [large] })).toMatchObject({
    instanceTypes: [],
    services: [{ instanceType: "large" }, { instanceType: "large" }, { instanceType: "large" }],
  });
});

test("the cluster holds requests times replicas, the extension, and both sides during the cut-over", () => {
  const need = clusterOf([
    service({ cpuCores: 1, memoryGb: 2 }),
    service({
      autoscaleEnabled: true,
      autoscaleMinReplicas: 2,
      autoscaleMaxReplicas: 5,
      cpuCores: 0.5,
      memoryGb: 1,
      gpuCores: 1,
    }),
    service(
      { autoscaleEnabled: false, numReplicas: undefined, computeTargetName: "aks-b" },
      { name: "untold" },
    ),
  ]);
  expect(need).toMatchObject({
    today: [
      { compute: "aks-b", services: 1, least: { replicas: 1, cpuCores: 0.1, memoryGb: 0.5 } },
      {
        compute: "aks-prod",
        services: 2,
        least: { replicas: 4, cpuCores: 3, memoryGb: 6, gpuCores: 2 },
        most: { replicas: 7, cpuCores: 4.5, memoryGb: 9, gpuCores: 5 },
      },
    ],
    // 3.1 cores, 5 sidecars of 0.01 and 3.6 of the extension.
    there: { least: { replicas: 5, cpuCores: 6.75, gpuCores: 2 } },
    sideBySide: { least: { replicas: 10, cpuCores: 9.85, gpuCores: 4 } },
    uncounted: ["untold"],
  });
});
