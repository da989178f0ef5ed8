import * as fc from "fast-check";
import { withImpliedSettings } from "../../../provider/core/relations";
import { createBody, readMade, readSettings, sourceOf, toWire } from "../../../provider/core/wire";
import { documentOf, inputs, row, without } from "./settings";

describe("the body of a create", () => {
  const nothingSaid = {
    computeType: "AKS",
    name: null,
    computeName: null,
    numReplicas: null,
    keys: { primaryKey: null, secondaryKey: null },
    containerResourceRequirements: {
      cpu: null,
      cpuLimit: null,
      memoryInGB: null,
      memoryInGBLimit: null,
      gpu: null,
    },
    scoringTimeoutMs: null,
    maxConcurrentRequestsPerContainer: null,
    maxQueueWaitMs: null,
    livenessProbeRequirements: {
      periodSeconds: null,
      initialDelaySeconds: null,
      timeoutSeconds: null,
      successThreshold: null,
      failureThreshold: null,
    },
    namespace: null,
    kvTags: null,
    properties: {},
    description: null,
  };

  it("says nothing that was not said", () => expect(createBody({})).toEqual(nothingSaid));

  it.each<[string, object, object]>([
    ["models", { models: ["a:1"] }, { environmentImageRequest: { modelIds: ["a:1"] }, location: null }],
    [
      "a bound",
      { autoscaleMaxReplicas: 3 },
      {
        autoScaler: {
          autoscaleEnabled: null,
          minReplicas: null,
          maxReplicas: 3,
          refreshPeriodInSeconds: null,
          targetUtilization: null,
        },
      },
    ],
    [
      "collecting",
      { collectModelData: true },
      { dataCollection: { storageEnabled: true, eventHubEnabled: false } },
    ],
    [
      "not collecting",
      { collectModelData: false },
      { dataCollection: { storageEnabled: false, eventHubEnabled: false } },
    ],
    ["blobfuse", { blobfuseEnabled: true }, { storageInitEnabled: false }],
    ["no blobfuse", { blobfuseEnabled: false }, { storageInitEnabled: true }],
    [
      "zero and empty",
      { gpuCores: 0, description: "", tags: {}, authEnabled: false },
      {
        containerResourceRequirements: { ...nothingSaid.containerResourceRequirements, gpu: 0 },
        description: "",
        kvTags: {},
        authEnabled: false,
      },
    ],
  ])("with %s", (_what, settings, expected) =>
    expect(createBody({ ...settings })).toEqual({ ...nothingSaid, ...expected }),
  );

  it("from an image says only what was said", () => {
    expect(createBody({ serviceName: "s", computeTargetName: "c", imageId: "i:1", gpuCores: 0 })).toEqual({
      computeType: "AKS",
      name: "s",
      computeName: "c",
      imageId: "i:1",
      containerResourceRequirements: { gpu: 0 },
    });
  });

  it("never has local settings or the address", () => {
    expect(
      createBody({
        adopt: true,
        timeouts: { create: "1m" },
        replaceOnPropertyChange: true,
        workspaceId: "w",
      }),
    ).toEqual(nothingSaid);
  });
});

describe("the live settings", () => {
  it("of a service made with any settings are those settings", () => {
    fc.assert(
      fc.property(inputs, (settings) => {
        const live = readSettings(documentOf(settings));
        const told = without(
          withImpliedSettings(settings),
          "workspaceId",
          "__urn",
          "primaryKey",
          "blobfuseEnabled",
        );
        expect(live).toMatchObject(told);
      }),
    );
  });

  it.each<[string, object, object]>([
    [
      "null objects",
      {
        autoScaler: null,
        livenessProbeRequirements: null,
        containerResourceRequirements: null,
        dataCollection: null,
      },
      {},
    ],
    ["null members", { containerResourceRequirements: { cpu: 1, cpuLimit: null } }, { cpuCores: 1 }],
    [
      "false, zero and empty",
      { authEnabled: false, containerResourceRequirements: { gpu: 0 }, description: "" },
      { authEnabled: false, gpuCores: 0, description: "" },
    ],
    ["what it never tells", { storageInitEnabled: true, keys: { primaryKey: "k" } }, {}],
    ["text where an object belongs", { autoScaler: "on" }, {}],
  ])("with %s", (_what, document, expected) => expect(readSettings({ ...document })).toEqual(expected));

  it("are joined by what the service makes", () => {
    expect(
      readMade({
        name: "s",
        type: "Control",
        models: [{ id: "a:1" }],
        environmentImageRequest: { environment: { name: "e" } },
        error: null,
      }),
    ).toEqual({
      name: "s",
      versionType: "Control",
      modelDetails: [{ id: "a:1" }],
      environment: { name: "e" },
    });
  });

  it("invert only blobfuse", () => {
    expect([toWire(row("blobfuseEnabled"), true), toWire(row("authEnabled"), true)]).toEqual([false, true]);
  });

  it.each<[string, object, string | undefined]>([
    ["models", { models: ["a:1"] }, "environment"],
    ["models and the image built from them", { models: ["a:1"], imageId: "i:1" }, "environment"],
    [
      "an environment and the image built from it",
      { environment: { name: "e" }, imageId: "i:1" },
      "environment",
    ],
    ["an image", { imageId: "i:1" }, "image"],
    ["neither", { cpuCores: 1 }, undefined],
  ])("of %s tell how it was deployed", (_what, values, expected) =>
    expect(sourceOf({ ...values })).toBe(expected),
  );
});
