import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { fields } from "../../provider/schema/fields";
import { nestedOutputs, renamedOutputs } from "../../provider/schema/outputs";
import { UNKNOWN } from "../../provider/core/values";
import { AksWebservice } from "../../sdk/index";
import { type AksWebserviceArgs, outputNames } from "../../sdk/args";
import { assertProviderResolvable, PROVIDER_TEXT } from "../../sdk/provider-text";
import { mockEngine, registeredBy, valueOf } from "./mocked";

const TYPE = "pulumi-nodejs:dynamic/azureml:AksWebservice";
const URN = `urn:pulumi:prod::ml::${TYPE}::fraud`;
const least: AksWebserviceArgs = { computeTargetName: "aks-prod", models: ["fraud:7"] };
const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

/** Jest would find the package from any folder, so that Node.js itself is asked, about the built file. */
const ASK = `
  const { assertProviderResolvable } = require(${JSON.stringify(join(__dirname, "..", "..", "dist", "sdk", "provider-text.js"))});
  try { assertProviderResolvable(process.argv[1]); } catch (error) { process.stdout.write(error.message); }
`;

const inputsOf = async (args: AksWebserviceArgs, opts?: pulumi.CustomResourceOptions) => {
  const [one] = await registeredBy(() => new AksWebservice("fraud", args, opts));
  return one!.inputs;
};

beforeEach(() =>
  mockEngine({ cpuCores: 0.5, autoscaleMinReplicas: 2, autoscaleEnabled: true, scoringUri: "http://score" }),
);

describe("the class registers", () => {
  it("the resource option that keeps a service, which the provider must know", async () => {
    const [one] = await registeredBy(() => new AksWebservice("fraud", least, { retainOnDelete: true }));
    expect(one!.inputs).toMatchObject({ __retainOnDelete: true });
  });

  it("the stored provider, the arguments and what only the provider sees", async () => {
    const [one, ...others] = await registeredBy(() => new AksWebservice("fraud", least));
    expect(others).toEqual([]);
    expect(one).toEqual({
      type: TYPE,
      name: "fraud",
      id: "",
      inputs: {
        ...least,
        __provider: PROVIDER_TEXT,
        __urn: URN,
        __createdBy: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
        __stack: "acme/ml/prod",
      },
    });
  });

  it("every setting as it was given", async () => {
    const values: Record<string, unknown> = {
      text: "some-text",
      number: 0.5,
      integer: 3,
      flag: false,
      textMap: { a: "1" },
      textList: ["a:1"],
      durations: { create: "5m" },
      inferenceConfig: { entryScript: "score.py", environment: "env:1" },
      migration: { computeTargetName: "k8s", acknowledgeIrreversible: true },
    };
    const plain = fields.filter((row) => !row.secret);
    const given = Object.fromEntries(plain.map((row) => [row.input, values[row.type]]));
    expect(await inputsOf(given as unknown as AksWebserviceArgs)).toMatchObject(given);
  });

  it("keys as secrets, also those given as plain text", async () => {
    const inputs = await inputsOf({ ...least, primaryKey: "plain", secondaryKey: pulumi.secret("wrapped") });
    expect(inputs).toMatchObject({ primaryKey: secret("plain"), secondaryKey: secret("wrapped") });
  });

  it("no key where none was given", async () => {
    const inputs = await inputsOf({ ...least, primaryKey: undefined, secondaryKey: undefined });
    expect(Object.keys(inputs)).not.toEqual(expect.arrayContaining(["primaryKey"]));
    expect(Object.keys(inputs)).not.toEqual(expect.arrayContaining(["secondaryKey"]));
  });

  it("the names of what was given as a secret, at any depth", async () => {
    const inputs = await inputsOf({
      ...least,
      tags: { a: pulumi.secret("hidden") },
      description: pulumi.secret("hidden"),
      cpuCores: pulumi.output(1),
    });
    expect(inputs["__secrets"]).toEqual(["tags", "description"]);
    expect(inputs).toMatchObject({ tags: secret({ a: "hidden" }), cpuCores: 1 });
  });

  it("tags under the names of what every object has", async () => {
    const tags = { toString: "a", valueOf: "b", constructor: "c", hasOwnProperty: "d" };
    expect((await inputsOf({ ...least, tags }))["tags"]).toEqual(tags);
  });

  it("where in its environment a program gave secrets", async () => {
    const inputs = await inputsOf({
      ...least,
      inferenceConfig: {
        entryScript: "score.py",
        source: new pulumi.asset.StringAsset("pass"),
        environment: {
          baseImage: pulumi.output("image:1"),
          condaDependencies: {
            dependencies: ["python", { pip: [pulumi.secret("--index-url https://u:p@x")] }],
          },
          environmentVariables: { MODE: "fast", "DB.KEY": pulumi.secret("hidden") },
        },
      },
    });
    expect(inputs["__secrets"]).toEqual(["inferenceConfig"]);
    expect(inputs["__secretParts"]).toEqual([
      ["environment", "condaDependencies", "dependencies", "1", "pip", "0"],
      ["environment", "environmentVariables", "DB.KEY"],
    ]);
  });

  it("zero, empty text, false and empty maps", async () => {
    const values = { gpuCores: 0, description: "", authEnabled: false, tags: {} };
    expect(await inputsOf({ ...least, ...values })).toMatchObject(values);
  });

  it("the resource option's timeouts, unless the argument says others", async () => {
    const customTimeouts = { create: "90m", delete: "5m" };
    expect((await inputsOf(least, { customTimeouts }))["timeouts"]).toEqual(customTimeouts);
    expect(
      (await inputsOf({ ...least, timeouts: { update: "1m" } }, { customTimeouts }))["timeouts"],
    ).toEqual({ update: "1m" });
    expect("timeouts" in (await inputsOf(least))).toBe(false);
  });

  it("a stamp that differs from resource to resource and tells no name", async () => {
    const stamps: unknown[] = [];
    for (const name of ["fraud", "churn", "fraud"]) {
      const [one] = await registeredBy(() => new AksWebservice(name, least));
      stamps.push(one!.inputs["__createdBy"]);
    }
    expect(new Set(stamps).size).toBe(2);
  });

  it("a URN below a component's", async () => {
    const all = await registeredBy(() => {
      const parent = new pulumi.ComponentResource("acme:index:Scoring", "scoring");
      new AksWebservice("fraud", least, { parent });
    });
    expect(all.at(-1)!.inputs["__urn"]).toBe(`urn:pulumi:prod::ml::acme:index:Scoring$${TYPE}::fraud`);
  });

  it("and leaves the caller's arguments and options as they are", async () => {
    const freeze = <T>(value: T): T => Object.freeze(value);
    const args = freeze({
      ...least,
      primaryKey: "k",
      tags: freeze({ a: "1" }),
      timeouts: freeze({ create: "1m" }),
    });
    const opts = freeze({ customTimeouts: freeze({ delete: "1m" }), additionalSecretOutputs: ["tags"] });
    const all = await registeredBy(() => {
      new AksWebservice("one", args, opts);
      new AksWebservice("two", args, opts);
    });
    expect(all).toHaveLength(2);
    expect(Object.keys(args)).toEqual(["computeTargetName", "models", "primaryKey", "tags", "timeouts"]);
    expect(opts.additionalSecretOutputs).toEqual(["tags"]);
  });
});

describe("what a program reads", () => {
  it("is a property of the class for every output, set or not", async () => {
    let service!: AksWebservice;
    await registeredBy(() => (service = new AksWebservice("fraud", least)));
    for (const output of outputNames)
      expect({
        [output]: pulumi.Output.isInstance((service as unknown as Record<string, unknown>)[output]),
      }).toEqual({ [output]: true });
    expect(await valueOf(service.scoringUri)).toBe("http://score");
    expect(await valueOf(service.cpuCores)).toBe(0.5);
    expect(await valueOf(service.namespace)).toBeUndefined();
  });

  it("are the Python class's variables too, made from the settings", async () => {
    let service!: AksWebservice;
    await registeredBy(
      () => (service = new AksWebservice("fraud", { ...least, replicaMaxConcurrentRequests: 4 })),
    );
    expect(await valueOf(service.containerResourceRequirements)).toMatchObject({ cpu: 0.5 });
    expect(await valueOf(service.autoscaler)).toMatchObject({ autoscaleEnabled: true, minReplicas: 2 });
    expect(await valueOf(service.computeName)).toBe("aks-prod");
    expect(await valueOf(service.maxConcurrentRequestsPerContainer)).toBe(4);
    for (const { output } of [...nestedOutputs, ...renamedOutputs])
      expect({
        [output]: pulumi.Output.isInstance((service as unknown as Record<string, unknown>)[output]),
      }).toEqual({ [output]: true });
  });

  it("are keys only as secrets", async () => {
    let service!: AksWebservice;
    await registeredBy(() => (service = new AksWebservice("fraud", { ...least, primaryKey: "k" })));
    expect(await pulumi.isSecret(service.primaryKey)).toBe(true);
    expect(await pulumi.isSecret(service.scoringUri)).toBe(false);
  });
});

describe("a service that is only read", () => {
  it("is registered with its id and no setting", async () => {
    let service!: AksWebservice;
    const [one] = await registeredBy(() => (service = AksWebservice.get("live", "fraud")));
    expect(one).toEqual({ type: TYPE, name: "live", id: "fraud", inputs: { __provider: PROVIDER_TEXT } });
    expect(await valueOf(service.scoringUri)).toBe("http://score");
    expect(AksWebservice.isInstance(service)).toBe(true);
    expect(
      [undefined, null, {}, new pulumi.Config()].map((value) => AksWebservice.isInstance(value)),
    ).toEqual([false, false, false, false]);
  });
});

describe("the provider's package", () => {
  it("is found from this repository, as a user's program finds it", () => {
    expect(() => assertProviderResolvable(join(__dirname, "..", ".."))).not.toThrow();
  });

  it("is asked for by name where it is not installed", () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "program-"));
    const asked = spawnSync(process.execPath, ["-e", ASK, elsewhere], { encoding: "utf8" });
    expect(asked.stdout).toBe(
      "PackageNotFound: the provider of AksWebservice must be resolvable from the Pulumi program's folder, and is not. " +
        'Add "pulumi-azureml" to the package.json of the Pulumi project and install it there.',
    );
    rmSync(elsewhere, { recursive: true });
  });

  it("and the class know the same text for what is not known yet", () => {
    expect(UNKNOWN).toBe(pulumi.runtime.unknownValue);
  });
});

describe("the option import", () => {
  it("is refused with what to do instead, since Pulumi's host fails on it without a word", () => {
    expect(() => new AksWebservice("fraud", least, { import: "fraud" })).toThrow(
      /^ImportUnsupported: .*Set `adopt: true`/,
    );
  });
});
