import * as pulumi from "@pulumi/pulumi";
import { modelFields, modelMade } from "../../provider/schema/model-fields";
import { AksWebservice, Model } from "../../sdk/index";
import type { AksWebserviceArgs } from "../../sdk/args";
import { modelOutputNames } from "../../sdk/model-args";
import { MODEL_PROVIDER_TEXT } from "../../sdk/provider-text";
import { withSecretPassword } from "../../sdk/inference-config";
import { mockEngine, registeredBy, valueOf } from "./mocked";

const TYPE = "pulumi-nodejs:dynamic/azureml:Model";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const secret = (value: unknown) => ({ [SIGNATURE]: SECRET, value });

beforeEach(() => mockEngine({ modelId: "fraud:1", version: 1 }));

const source = new pulumi.asset.StringAsset("weights");

describe("Model", () => {
  it("registers its stored provider, its arguments and what only the provider sees", async () => {
    const [one, ...others] = await registeredBy(
      () => new Model("fraud", { source, tags: { a: "1" } }, { customTimeouts: { create: "5m" } }),
    );
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      type: TYPE,
      name: "fraud",
      inputs: {
        tags: { a: "1" },
        timeouts: { create: "5m" },
        __provider: MODEL_PROVIDER_TEXT,
        __urn: `urn:pulumi:prod::ml::${TYPE}::fraud`,
        __createdBy: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
    });
    expect(one?.inputs["source"]).toBeInstanceOf(pulumi.asset.StringAsset);
  });

  it("takes tags under the names of what every object has", async () => {
    const tags = { toString: "a", constructor: "c" };
    const [one] = await registeredBy(() => new Model("fraud", { source, tags }));
    expect(one?.inputs["tags"]).toEqual(tags);
  });

  it("has the table's settings and outputs, and no others", () => {
    const known = [...modelFields.map((row) => row.input), ...modelMade.map(({ output }) => output)];
    expect([...modelOutputNames].sort()).toEqual(known.sort());
  });

  it("gives its id and tells itself from other resources", async () => {
    const model = new Model("fraud", { source });
    expect(await valueOf(model.modelId)).toBe("fraud:1");
    expect([Model.isInstance(model), Model.isInstance({}), AksWebservice.isInstance(model)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("is read by an id", async () => {
    const [one] = await registeredBy(() => Model.get("fraud", "fraud:7"));
    expect(one).toMatchObject({ id: "fraud:7" });
    expect(one?.inputs).not.toHaveProperty("__urn");
  });
});

const serviceOf = async (args: Partial<AksWebserviceArgs>) => {
  const all = await registeredBy(
    () => new AksWebservice("svc", { computeTargetName: "aks", ...args } as AksWebserviceArgs),
  );
  return all.find(({ name }) => name === "svc")?.inputs ?? {};
};

describe("a service's models", () => {
  it.each<[string, () => AksWebserviceArgs["models"]]>([
    ["resources", () => [new Model("fraud", { source }), "other:2"]],
    ["their ids", () => [new Model("fraud", { source }).modelId, "other:2"]],
    ["an output of both", () => pulumi.output(["fraud:1", "other:2"])],
    ["a promise of resources", () => Promise.resolve([new Model("fraud", { source }), "other:2"])],
  ])("are given as %s", async (_, models) => {
    const all = await registeredBy(
      () => new AksWebservice("svc", { computeTargetName: "aks", models: models() } as AksWebserviceArgs),
    );
    expect(all.find(({ name }) => name === "svc")?.inputs["models"]).toEqual(["fraud:1", "other:2"]);
  });
});

describe("a service's code", () => {
  const config = (password: unknown) => ({
    entryScript: "score.py",
    source: new pulumi.asset.StringAsset("def run(data): return data"),
    environment: {
      baseImage: "r.example/base:1",
      baseImageRegistry: { address: "r.example", username: "u", password },
    },
  });
  /** As the SDK sends it: the mocks would show a value with a secret in it as a secret all over. */
  const sent = async (value: unknown): Promise<Record<string, unknown>> => {
    const inputs = { inferenceConfig: withSecretPassword(value) } as pulumi.Inputs;
    return (await pulumi.runtime.serializeProperties("svc", inputs))["inferenceConfig"] as never;
  };

  it.each<[string, unknown]>([
    ["plain text", "p4ssword"],
    ["a secret", pulumi.secret("p4ssword")],
    ["an output", pulumi.output("p4ssword")],
  ])("has its password as a secret, and nothing else, when it is given as %s", async (_, password) => {
    expect(await sent(config(password))).toMatchObject({
      entryScript: "score.py",
      source: { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17" },
      environment: {
        baseImageRegistry: { address: "r.example", username: "u", password: secret("p4ssword") },
      },
    });
    const inputs = await serviceOf({ inferenceConfig: config(password) as never });
    expect(isSecret(inputs["inferenceConfig"])).toBe(true);
    expect(inputs).not.toHaveProperty("__secrets");
  });

  it("is a secret as far as an output hides it", async () => {
    const registry = pulumi.output({ address: "r.example", username: "u", password: "p4ssword" });
    const given = config("x");
    const inputs = await serviceOf({
      inferenceConfig: {
        ...given,
        environment: { ...given.environment, baseImageRegistry: registry },
      } as never,
    });
    expect(JSON.stringify(inputs, (_, value: unknown) => (isSecret(value) ? "hidden" : value))).not.toContain(
      "p4ssword",
    );
  });

  const isSecret = (value: unknown): boolean =>
    typeof value === "object" && value !== null && (value as Record<string, unknown>)[SIGNATURE] === SECRET;

  it("stays away where it is not given", async () => {
    expect((await serviceOf({ models: ["a:1"] }))["inferenceConfig"]).toBeUndefined();
  });
});
