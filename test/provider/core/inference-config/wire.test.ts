import {
  asConfig,
  containerFor,
  driverName,
  type InferenceConfig,
} from "../../../../provider/core/inference-config/config";
import {
  liveConfig,
  withDeployedEnvironment,
  withKnownEnvironment,
  codeAsset,
  driverAsset,
  environmentPart,
  liveAssets,
  withCode,
} from "../../../../provider/core/inference-config/wire";
import { recordedContent } from "../../../../provider/core/content";

const archive = (hash: string) => ({
  "4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7",
  hash,
  path: "src",
});
const environment = { baseImage: "base:1", condaDependencies: { dependencies: ["python=3.10"] } };
const said: InferenceConfig = { entryScript: "score.py", source: archive("h1"), environment };

/** The service's document after a deployment of a configuration. */
const documentOf = (config: InferenceConfig, more: object = {}) => {
  const container = containerFor(config, "0a1b2c3d");
  const at = (name: string) => `aml://artifact/LocalUpload/${container}/${name}`;
  const code = {
    driverProgram: driverName(config),
    assets: [driverAsset(config, at("driver.py")), codeAsset(config, at("code.tar.gz"))],
    ...environmentPart(config, "svc", {}),
  };
  return { name: "svc", environmentImageRequest: { ...withCode({ modelIds: ["m:1"] }, code), ...more } };
};

const withImage = (baseImage: string) => {
  const request = documentOf(said).environmentImageRequest as unknown as { environment: { docker: object } };
  const { environment: live } = request;
  return documentOf(said, { environment: { ...live, docker: { ...live.docker, baseImage } } });
};

describe("a live configuration", () => {
  it.each<[string, object]>([
    ["as it was deployed", documentOf(said)],
    ["when the service adds to the environment", withImage("base:1")],
    ["when the service lists no assets", documentOf(said, { assets: null })],
    ["when the service tells no driver", documentOf(said, { driverProgram: null, assets: null })],
  ])("is what was said %s", (_, document) => {
    expect(liveConfig({ ...document }, said)).toEqual(said);
  });

  it("agrees with what is previousInputs, too", () => {
    const memory = { ...said, source: recordedContent(said.source) };
    expect(liveConfig(documentOf(said), memory)).toEqual(memory);
  });

  it.each<[string, object, object]>([
    ["another script", documentOf({ ...said, entryScript: "main.py" }), { entryScript: "src/main.py" }],
    ["another base image", withImage("base:2"), { environment: { baseImage: "base:2" } }],
    ["a registered environment", documentOf({ ...said, environment: "env:2" }), { environment: "env:2" }],
  ])("shows %s", (_, document, shown) => expect(liveConfig({ ...document }, said)).toMatchObject(shown));

  it("shows other code by another hash", () => {
    const live = liveConfig(documentOf({ ...said, source: archive("h2") }), said);
    expect(live?.["source"]).toMatchObject({
      kind: "archive",
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it.each<[string, object, unknown]>([
    ["a service without code", { environmentImageRequest: { modelIds: ["m:1"] } }, said],
    ["a service made from an image", { environmentImageRequest: null, imageId: "i:1" }, said],
    ["a program that says nothing", documentOf(said), undefined],
  ])("is none for %s", (_, document, of) => expect(liveConfig({ ...document }, of)).toBeUndefined());
});

describe("an environment that the service writes in words of its own", () => {
  const reworded = withImage("base:1@sha256:0");
  const memory = withDeployedEnvironment({ ...said, source: recordedContent(said.source) }, reworded);

  it("is the program's, once it was deployed so", () => {
    expect(liveConfig(reworded, memory)).toMatchObject({ environment });
    expect(liveConfig(reworded, withKnownEnvironment(said, memory))).toMatchObject({ environment });
  });

  it("is another when it changes afterwards", () => {
    expect(liveConfig(withImage("other:1"), memory)).toMatchObject({ environment: { baseImage: "other:1" } });
  });

  it("is surely another when the program says otherwise, if only by a password", () => {
    const registry = { address: "r", username: "u", password: "new" };
    const news = { ...said, environment: { ...environment, baseImageRegistry: registry } };
    expect(liveConfig(reworded, withKnownEnvironment(news, memory))?.["environment"]).toBeUndefined();
  });

  it("is compared as it is where nothing is known", () => {
    expect(liveConfig(reworded, withKnownEnvironment(said, undefined))).toMatchObject({
      environment: { baseImage: "base:1@sha256:0" },
    });
  });
});

describe("the live files of a configuration", () => {
  const request = documentOf(said).environmentImageRequest;

  it.each<[string, InferenceConfig, { driver: boolean; code: boolean }]>([
    ["the same", said, { driver: true, code: true }],
    ["another environment", { ...said, environment: "env:1" }, { driver: true, code: true }],
    ["other code", { ...said, source: archive("h2") }, { driver: true, code: false }],
    ["another script", { ...said, entryScript: "main.py" }, { driver: false, code: true }],
  ])("are used again for %s", (_, config, known) => {
    const { driver, code } = liveAssets(config, request);
    expect({ driver: driver !== undefined, code: code !== undefined }).toEqual(known);
  });
});

describe("the environment of a request", () => {
  it("keeps the live one where none is said, with the script's variables", () => {
    const live = {
      environment: { name: "e", environmentVariables: { A: "1", AZUREML_ENTRY_SCRIPT: "old.py" } },
    };
    expect(environmentPart({ ...said, environment: undefined }, "svc", live)).toEqual({
      environment: {
        name: "e",
        environmentVariables: {
          A: "1",
          AZUREML_ENTRY_SCRIPT: "src/score.py",
          AZUREML_SOURCE_DIRECTORY: "src",
        },
      },
    });
    expect(environmentPart({ ...said, environment: undefined }, "svc", {})).toEqual({});
  });

  it("is named after the service, and lets the image bring the packages where none are said", () => {
    const part = environmentPart({ ...said, environment: { baseImage: "b" } }, "svc", {});
    expect(part).toMatchObject({
      environment: { name: "svc-env", python: { userManagedDependencies: true }, docker: { baseImage: "b" } },
    });
  });

  it("leaves no second way to say it behind", () => {
    const live = { modelIds: ["m:1"], environment: { name: "e" } };
    expect(withCode(live, { environmentReference: { name: "e", version: "1" } })).toEqual({
      modelIds: ["m:1"],
      environmentReference: { name: "e", version: "1" },
    });
  });
});

it.each([undefined, "score.py", {}, { entryScript: 1 }])("%j is no configuration", (value) =>
  expect(asConfig(value)).toBeUndefined(),
);
