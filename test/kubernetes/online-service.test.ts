import { spawnSync } from "node:child_process";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { toKubernetes } from "../../kubernetes/bodies";
import {
  KubernetesOnlineService,
  type KubernetesDeploymentArgs,
  type KubernetesOnlineServiceArgs,
} from "../../kubernetes/online-service/index";
import { asCompute, asKey, assertDeployable } from "../../kubernetes/online-service/checks";
import type { AksWebserviceArgs } from "../../sdk/args";
import { repository } from "../harness/project-folder";
import { drawCases } from "../judge/services";
import { mockEngine, registeredBy, valueOf, type Registered } from "../sdk/mocked";

const workspaceId =
  "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws";
const key = "0123456789abcdef0123456789abcdef";
const codeId = `${workspaceId}/codes/score/versions/1`;

const service: AksWebserviceArgs = {
  ...{ workspaceId, serviceName: "fraud", computeTargetName: "aks-prod", models: ["fraud:7"] },
  inferenceConfig: {
    entryScript: "score.py",
    source: new pulumi.asset.StringAsset("def run(data): return data"),
    environment: "fraud-env:3",
  },
  primaryKey: key,
  tags: { team: "risk" },
};

const argsWith = (more: Partial<KubernetesOnlineServiceArgs> = {}): KubernetesOnlineServiceArgs => ({
  ...{ service, location: "westeurope", compute: "k8s-prod" },
  ...{ deployments: { blue: { code: codeId } }, traffic: {}, decided: allSettings },
  ...more,
});

/** Nothing is said of findings unless a test looks at it. */
const allSettings = toKubernetes({ settings: {} }, { workspaceId, location: "x" }).findings.map(
  ({ setting }) => setting,
);

const without = <Whole extends object, Name extends keyof Whole>(
  whole: Whole,
  name: Name,
): Omit<Whole, Name> => {
  const { [name]: _left, ...rest } = whole;
  void _left;
  return rest;
};

const SECRET = "4dabf18193072939515e22adb298388d";

/** A mock's container counts as secret as soon as one member is; the engine keeps them apart (test/e2e/kubernetes). */
const plain = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (SECRET in value) return plain((value as unknown as { value: unknown }).value);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
};

const kindOf = ({ type }: Registered): string => type.split(":").at(-1)!;

const made = async (args: KubernetesOnlineServiceArgs, name = "fraud") => {
  const registered = await registeredBy(() => void new KubernetesOnlineService(name, args));
  const inputsOf = (kind: string, logical?: string): Record<string, unknown> =>
    plain(
      registered.find((one) => kindOf(one) === kind && (logical ?? one.name) === one.name)!.inputs,
    ) as Record<string, unknown>;
  return { registered, names: registered.map((one) => `${kindOf(one)} ${one.name}`), inputsOf };
};

const refusalOf = (args: Partial<KubernetesOnlineServiceArgs>): string => {
  try {
    new KubernetesOnlineService("fraud", argsWith(args));
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing was refused";
};

beforeEach(() => void mockEngine());

describe("what is made", () => {
  it("is one endpoint, and each deployment under a name that depends on nothing", async () => {
    const deployments = {
      blue: { code: codeId },
      green: { code: { uri: pulumi.output("https://store/2") } },
    };
    const { names } = await made(argsWith({ deployments }));
    expect(names.sort()).toEqual([
      "CodeVersion fraud-green-code",
      "KubernetesOnlineService fraud",
      "OnlineDeployment fraud-blue",
      "OnlineDeployment fraud-green",
      "OnlineEndpoint fraud",
    ]);
  });

  it("says identity, public access, traffic and keys of the endpoint", async () => {
    const { inputsOf } = await made(
      argsWith({ deployments: { blue: {}, green: {} }, traffic: { blue: 90, green: 10 } }),
    );
    expect(inputsOf("OnlineEndpoint")).toEqual({
      ...{ resourceGroupName: "rg", workspaceName: "ws", endpointName: "fraud", location: "westeurope" },
      ...{ identity: { type: "SystemAssigned" }, tags: { team: "risk" } },
      properties: {
        ...{ authMode: "Key", compute: `${workspaceId}/computes/k8s-prod`, publicNetworkAccess: "Enabled" },
        ...{ traffic: { blue: 90, green: 10 }, keys: { primaryKey: key } },
      },
    });
  });

  it("takes the program's own identity and public access, and keys only for an endpoint with keys", async () => {
    const identity =
      "/subscriptions/1/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id";
    const { inputsOf } = await made(
      argsWith({
        service: { ...service, tokenAuthEnabled: true, authEnabled: false },
        userAssignedIdentities: [identity],
        publicNetworkAccess: "Disabled",
      }),
    );
    expect(inputsOf("OnlineEndpoint")).toMatchObject({
      identity: { type: "UserAssigned", userAssignedIdentities: [identity] },
      properties: { authMode: "AMLToken", publicNetworkAccess: "Disabled" },
    });
    expect(inputsOf("OnlineEndpoint")["properties"]).not.toHaveProperty("keys");
  });

  it.each([
    [
      "its own",
      { primaryKey: key.toUpperCase(), secondaryKey: key },
      { primaryKey: key.toUpperCase(), secondaryKey: key },
    ],
    ["none that are generated", "generated", undefined],
  ] as const)("gives %s keys", async (_, keys, expected) => {
    const { inputsOf } = await made(argsWith({ keys }));
    expect((inputsOf("OnlineEndpoint")["properties"] as Record<string, unknown>)["keys"]).toEqual(expected);
  });

  it("takes settings in which a deployment differs, and its instance type", async () => {
    const blue: KubernetesDeploymentArgs = {
      ...{ code: codeId, scoringScript: "new.py", instanceType: "large" },
      settings: { cpuCores: 8, models: ["fraud:8"] },
    };
    const { inputsOf } = await made(argsWith({ deployments: { blue } }));
    expect(inputsOf("OnlineDeployment")["properties"]).toMatchObject({
      instanceType: "large",
      codeConfiguration: { codeId, scoringScript: "new.py" },
      model: `${workspaceId}/models/fraud/versions/8`,
      containerResourceRequirements: { containerResourceRequests: { cpu: "8" } },
    });
  });

  it("registers what has no registered version: code, model, and the environment that the web service defines", async () => {
    const environment = {
      baseImage: "registry/image:1",
      condaDependencies: { dependencies: ["python=3.10"] },
    };
    const { inputsOf, names } = await made(
      argsWith({
        service: {
          ...service,
          inferenceConfig: { ...(service.inferenceConfig as object), environment } as never,
        },
        deployments: {
          blue: { code: { uri: "https://store/1" }, model: { uri: "azureml://models/a", version: "9" } },
        },
      }),
    );
    expect(names).toHaveLength(6);
    expect(inputsOf("EnvironmentVersion")).toMatchObject({
      name: "fraud-blue",
      properties: {
        image: "registry/image:1",
        condaFile: '{"dependencies":["python=3.10"]}',
        osType: "Linux",
      },
    });
    expect(inputsOf("ModelVersion")).toMatchObject({
      version: "9",
      properties: { modelUri: "azureml://models/a", modelType: "custom_model" },
    });
    const versionOf = (kind: string) => String(inputsOf(kind)["version"]);
    expect(inputsOf("OnlineDeployment")["properties"]).toMatchObject({
      environmentId: `${workspaceId}/environments/fraud-blue/versions/${versionOf("EnvironmentVersion")}`,
      codeConfiguration: { codeId: `${workspaceId}/codes/fraud-blue/versions/${versionOf("CodeVersion")}` },
      model: `${workspaceId}/models/fraud-blue/versions/9`,
    });
  });

  it("gives another folder another version", async () => {
    const versionOf = async (uri: string) =>
      (await made(argsWith({ deployments: { blue: { code: { uri } } } }))).inputsOf("CodeVersion")["version"];
    const [one, again, two] = [
      await versionOf("https://a/1"),
      await versionOf("https://a/1"),
      await versionOf("https://a/2"),
    ];
    expect({ same: one === again, other: one !== two }).toEqual({ same: true, other: true });
  });

  it("has the bodies of the map, whatever the web service", async () => {
    const cases = drawCases(60, 19).filter(({ settings, destination }) => {
      const { findings } = toKubernetes({ settings }, destination);
      const isScripted = (settings["inferenceConfig"] as { entryScript?: string } | undefined)?.entryScript;
      return !findings.some(({ kind }) => kind === "blocked") && (!destination.codeId || isScripted);
    });
    expect(cases.length).toBeGreaterThan(20);
    for (const { settings, destination } of cases) {
      const to = without(destination, "instanceTypeLimits");
      const { endpoint, deployment } = toKubernetes(
        { settings: { ...settings, primaryKey: undefined, secondaryKey: undefined } },
        { ...to, instanceType: "huge", deploymentName: "blue" },
      );
      const { inputsOf } = await made({
        service: { ...settings, workspaceId: destination.workspaceId } as unknown as AksWebserviceArgs,
        ...{
          location: to.location,
          compute: to.compute!,
          decided: allSettings,
          keys: "generated",
          traffic: {},
        },
        ...(to.namespace ? { namespace: to.namespace } : {}),
        ...(to.authMode ? { authMode: to.authMode } : {}),
        deployments: {
          blue: {
            code: to.codeId,
            model: to.model,
            environment: settings["inferenceConfig"] || settings["imageId"] ? to.environmentId : undefined,
            instanceType: "huge",
          },
        },
      });
      const { publicNetworkAccess, traffic, ...properties } = inputsOf("OnlineEndpoint")[
        "properties"
      ] as Record<string, unknown>;
      expect({ publicNetworkAccess, traffic }).toEqual({ publicNetworkAccess: "Enabled", traffic: {} });
      expect({ ...inputsOf("OnlineEndpoint"), properties }).toEqual(endpoint);
      expect(inputsOf("OnlineDeployment")).toEqual(deployment);
    }
  });

  it("says of every setting what becomes of it", async () => {
    let found: pulumi.Output<{ setting: string }[]> | undefined;
    await registeredBy(() => {
      found = new KubernetesOnlineService("fraud", argsWith()).findings as never;
    });
    expect((await valueOf(found!)).map(({ setting }) => setting)).toEqual(allSettings);
  });
});

describe("what is refused at the program's own line", () => {
  it.each<[string, Partial<KubernetesOnlineServiceArgs>, RegExp]>([
    [
      "traffic for nobody",
      { traffic: { green: 100 } },
      /^BadTraffic: .*must name deployments of this program \("blue"\); found "green"/,
    ],
    [
      "traffic that is not all",
      { traffic: { blue: 90 } },
      /^BadTraffic: .*add up to 100.*found 90 \(blue: 90\)/,
    ],
    [
      "traffic in fractions",
      { traffic: { blue: 99.5 } },
      /^BadTraffic: .*whole numbers from 0 to 100; found blue: 99\.5/,
    ],
    [
      "negative traffic",
      { deployments: { blue: {}, red: {} }, traffic: { blue: 110, red: -10 } },
      /^BadTraffic: .*found red: -10/,
    ],
    ["a name that Azure does not take", { deployments: { "1": {} } }, /^BadDeploymentName: .*found "1"/],
    [
      "the AKS compute target",
      { compute: "aks-prod" },
      /^NotKubernetes: .*the web service's AKS compute target\. Attach a second cluster/,
    ],
    ["a compute's id", { compute: `${workspaceId}/computes/k8s` }, /^NotKubernetes: .*Give the name alone/],
    [
      "a short key",
      { keys: { primaryKey: "short" } },
      /^BadKey: .*keys\.primaryKey must have 32 characters.*found 5 characters/,
    ],
    [
      "a long second key",
      { keys: { primaryKey: key, secondaryKey: `${key}!` } },
      /^BadKey: .*keys\.secondaryKey .*found 33 characters/,
    ],
    [
      "a name for an id",
      { deployments: { blue: { code: "score:1" } } },
      /^BadAsset: .*code must be the ARM id of a version/,
    ],
  ])("%s", (_, args, message) => {
    const said = refusalOf(args);
    expect(said).toMatch(message);
    expect(said).not.toContain(key);
  });

  it("what is known later: compute and keys", () => {
    expect(() => asCompute("here", "aks", "aks")).toThrow("NotKubernetes");
    expect(() => asKey("here", "keys.primaryKey", "")).toThrow("found 0 characters");
    expect(asKey("here", "keys.primaryKey", "k".repeat(84))).toHaveLength(84);
  });

  it.each([
    ["cpuCores", { cpuCores: 3 }],
    ["cpuCoresLimit", { cpuCores: 1, cpuCoresLimit: 2 }],
    ["memoryGb", { memoryGb: 2.5 }],
    ["memoryGbLimit", { memoryGbLimit: 2 }],
    ["gpuCores", { gpuCores: 1, cpuCoresLimit: 1, memoryGbLimit: 1 }],
    ["gpuCores", { gpuCores: 1 }],
  ])("an instance type that is too small for %s", (setting, settings) => {
    const { findings } = toKubernetes({ settings }, { workspaceId, location: "x", compute: "k8s" });
    expect(() => assertDeployable("here", findings)).toThrow(
      new RegExp(
        `^InstanceTypeTooSmall: here: .*${setting}: .*Make a larger InstanceType on the cluster, and name it`,
      ),
    );
  });

  it("what Azure is known to refuse", () => {
    const { findings } = toKubernetes(
      { settings: { scoringTimeoutMs: 200_000 } },
      { workspaceId, location: "x" },
    );
    expect(() => assertDeployable("here", findings)).toThrow(
      /^Blocked: here: scoringTimeoutMs: .*at most 150000/,
    );
  });
});

/** What a program says on the component's row. */
const saidBy = async (args: KubernetesOnlineServiceArgs): Promise<string> => {
  const said: string[] = [];
  const spies = (["warn", "info"] as const).map((severity) =>
    jest.spyOn(pulumi.log, severity).mockImplementation((...[message]: unknown[]) => {
      said.push(`${severity}: ${String(message)}`);
      return Promise.resolve();
    }),
  );
  await registeredBy(() => void new KubernetesOnlineService("fraud", args));
  for (const spy of spies) spy.mockRestore();
  return said.join("\n");
};

describe("diagnostics", () => {
  const odd = { ...service, replicaMaxConcurrentRequests: 4, blobfuseEnabled: false, adopt: true };

  it("warn of what has to be decided or is lost, once for all deployments, and tell what differs", async () => {
    const deployments = { blue: { code: codeId }, green: { code: codeId } };
    const said = await saidBy(without(argsWith({ service: odd, deployments }), "decided"));
    expect(
      said.match(/warn: replicaMaxConcurrentRequests: Microsoft advises against more than 1/g),
    ).toHaveLength(1);
    expect(said).toMatch(/warn: blobfuseEnabled: /);
    expect(said).toMatch(
      /info: What differs from the web service:\n[^]*scoringTimeoutMs: The default is 60000 here/,
    );
    expect(said).not.toContain("adopt");
  });

  it("are silent of settings that have been decided", async () => {
    expect(await saidBy(argsWith({ service: odd }))).toBe("");
  });
});

describe("azure-native", () => {
  const loaded = (script: string): unknown => {
    const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], {
      cwd: repository(),
      encoding: "utf8",
    });
    if (stderr !== "") throw new Error(stderr);
    return JSON.parse(stdout);
  };
  const count =
    'console.log(JSON.stringify(Object.keys(require.cache).filter((file) => file.includes("azure-native")&&!file.includes("online-service")).length))';

  it("is loaded by no entry point, only by a component", () => {
    expect(loaded(`require("pulumi-azureml"); require("pulumi-azureml/provider"); ${count}`)).toBe(0);
    expect(loaded(`require("pulumi-azureml/kubernetes"); ${count}`)).toBe(0);
    expect(
      loaded(`require("./dist/kubernetes/online-service/azure-native").azureNative(); ${count}`),
    ).toBeGreaterThan(0);
  });

  it("that is missing is asked for", () => {
    const script = `
      const Module = require("module");
      const load = Module._resolveFilename;
      Module._resolveFilename = function (name, ...rest) {
        if (name.startsWith("@pulumi/azure-native")) throw Object.assign(new Error(name), { code: "MODULE_NOT_FOUND" });
        return load.call(this, name, ...rest);
      };
      try { require("./dist/kubernetes/online-service/azure-native").azureNative(); }
      catch (error) { console.log(JSON.stringify(error.message)); }`;
    expect(loaded(script)).toMatch(/^AzureNativeMissing: .*Run `npm install @pulumi\/azure-native`/);
  });
});

test("the package names the entry point, and azure-native as an optional peer", () => {
  const manifest = jest.requireActual<Record<string, Record<string, unknown>>>(
    join(repository(), "package.json"),
  );
  expect(manifest["exports"]!["./kubernetes"]).toEqual({
    types: "./dist/kubernetes/online-service/index.d.ts",
    default: "./dist/kubernetes/online-service/index.js",
  });
  expect(manifest["peerDependenciesMeta"]).toEqual({ "@pulumi/azure-native": { optional: true } });
  expect(Object.keys(manifest["dependencies"]!)).not.toContain("@pulumi/azure-native");
});
