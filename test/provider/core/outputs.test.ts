import * as fc from "fast-check";
import {
  MANAGED,
  isSeenByEngine,
  managedChange,
  programChanged,
  refreshedInputs,
  recordedInputs,
} from "../../../provider/core/previous-inputs";
import { outputsOf, outputsRecorded } from "../../../provider/core/outputs";
import { settingsOf, type Settings } from "../../../provider/core/values";
import { withImpliedSettings } from "../../../provider/core/relations";
import { documentOf, inputs, key, least, without, WORKSPACE } from "./settings";

const keys = { primaryKey: "p", secondaryKey: "s" };
const whole = (program: Settings) =>
  outputsOf({ document: documentOf(program), program, before: {}, keys, workspaceId: WORKSPACE });

/** Whether the host can store it: JSON alone, and no null among members. */
const isStorable = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.every((entry) => entry === null || isStorable(entry));
  if (typeof value === "object" && value !== null)
    return Object.values(value).every((member) => member !== undefined && isStorable(member));
  return ["string", "boolean"].includes(typeof value) || Number.isFinite(value);
};

describe("outputs", () => {
  it("contain only JSON, whatever the service says", () => {
    const odd = fc.dictionary(key, fc.jsonValue(), { noNullPrototype: true });
    fc.assert(
      fc.property(inputs, odd, (program, more) => {
        const document = {
          ...more,
          ...documentOf(program),
          error: { details: [null, more] },
          createdBy: more,
        };
        const outputs = outputsOf({ document, program, before: {}, keys: undefined, workspaceId: WORKSPACE });
        expect(isStorable(outputs)).toBe(true);
        expect(JSON.parse(JSON.stringify(outputs))).toEqual(outputs);
      }),
    );
  });

  it("have every setting's live value under its own name, said or not", () => {
    fc.assert(
      fc.property(inputs, (program) => {
        const told = without(withImpliedSettings(settingsOf(program)), "primaryKey");
        expect(whole(program)).toMatchObject({
          ...told,
          cpuCores: expect.any(Number) as number,
          namespace: expect.any(String) as string,
        });
      }),
    );
  });

  it("have the address, the keys and what the service made", () => {
    const document = { ...documentOf(least), name: "fraud", scoringUri: "http://s", updatedTime: "t" };
    expect(outputsOf({ document, before: {}, keys, workspaceId: WORKSPACE })).toMatchObject({
      ...keys,
      workspaceId: WORKSPACE,
      subscriptionId: "sub-1",
      resourceGroupName: "rg-1",
      workspaceName: "ws-1",
      name: "fraud",
      state: "Healthy",
      scoringUri: "http://s",
      updatedTime: "t",
    });
  });

  it("of what is only read recordedInputs nothing", () => {
    expect(
      MANAGED in outputsOf({ document: documentOf(least), before: {}, keys, workspaceId: WORKSPACE }),
    ).toBe(false);
  });

  it("keep what the service never tells", () => {
    const before = { blobfuseEnabled: false, primaryKey: "p", cpuCores: 9 };
    const outputs = outputsOf({ document: { cpu: 1 }, before, workspaceId: WORKSPACE });
    expect(outputs).toMatchObject({ blobfuseEnabled: false, primaryKey: "p" });
    expect("cpuCores" in outputs).toBe(false);
  });

  it("take keys from the service, never from what the program said", () => {
    const program = { ...least, primaryKey: "said" };
    const without = outputsOf({ document: documentOf(program), program, before: {}, workspaceId: WORKSPACE });
    expect("primaryKey" in without).toBe(false);
    expect(whole(program)["primaryKey"]).toBe("p");
  });

  it("after an update without a request hold the new local settings and memory, and the same live values", () => {
    const before = { ...whole({ ...least, cpuCores: 1, timeouts: { create: "1m" } }), __provider: "text" };
    const program = { ...least, gpuCores: 0, adopt: true };
    const after = outputsRecorded(before, program);
    expect(after).toMatchObject({ cpuCores: 1, adopt: true, primaryKey: "p", [MANAGED]: program });
    expect(["timeouts" in after, "__provider" in after]).toEqual([false, false]);
  });
});

describe("the memory of what the program says", () => {
  it("names secrets only, and leaves the provider's text out", () => {
    const memory = recordedInputs({
      ...least,
      primaryKey: "hidden",
      cpuCores: 1,
      tags: null,
      __provider: "text",
    });
    expect(memory).toEqual({ ...least, primaryKey: true, cpuCores: 1 });
  });

  it("gives a refresh the live value of what is managed, and the rest as it was said", () => {
    const memory = recordedInputs({
      ...least,
      cpuCores: 1,
      primaryKey: "k",
      properties: { a: "1" },
      adopt: true,
      timeouts: { create: "1m" },
      numReplicas: 2,
    });
    const outputs = {
      cpuCores: 2,
      primaryKey: "live",
      properties: { a: "9", b: "1" },
      gpuCores: 1,
      workspaceId: WORKSPACE,
      computeTargetName: "aks-prod",
      models: ["fraud:8"],
    };
    expect(refreshedInputs(memory, outputs)).toEqual({
      ...least,
      models: ["fraud:8"],
      cpuCores: 2,
      primaryKey: "live",
      properties: { a: "1" },
      adopt: true,
      timeouts: { create: "1m" },
    });
  });

  const outputs = (said: object, live: object): Settings => ({ ...live, [MANAGED]: said });
  it.each<[string, string, Settings, object, boolean, boolean]>([
    ["the same", "cpuCores", outputs({ cpuCores: 1 }, { cpuCores: 1 }), { cpuCores: 1 }, false, false],
    ["another value", "cpuCores", outputs({ cpuCores: 1 }, { cpuCores: 1 }), { cpuCores: 2 }, true, true],
    [
      "a drifted live value",
      "cpuCores",
      outputs({ cpuCores: 1 }, { cpuCores: 3 }),
      { cpuCores: 1 },
      true,
      false,
    ],
    ["a begun one", "cpuCores", outputs({}, { cpuCores: 1 }), { cpuCores: 1 }, true, true],
    ["an ended one", "cpuCores", outputs({ cpuCores: 1 }, { cpuCores: 1 }), {}, true, true],
    [
      "the same key",
      "primaryKey",
      outputs({ primaryKey: true }, { primaryKey: "k" }),
      { primaryKey: "k" },
      false,
      false,
    ],
    [
      "another key",
      "primaryKey",
      outputs({ primaryKey: true }, { primaryKey: "k" }),
      { primaryKey: "l" },
      true,
      true,
    ],
    [
      "the same property, another live value",
      "properties",
      outputs({ properties: { a: "1" } }, { properties: { a: "2" } }),
      { properties: { a: "1" } },
      false,
      false,
    ],
    [
      "another timeout",
      "timeouts",
      outputs({ timeouts: { create: "1m" } }, {}),
      { timeouts: { create: "2m" } },
      true,
      true,
    ],
  ])(
    "sees of %s whether the engine sees it and whether the program changed",
    (_what, input, before, news, visible, changed) => {
      expect([isSeenByEngine(before, { ...news }), programChanged(input, before, { ...news })]).toEqual([
        visible,
        changed,
      ]);
    },
  );

  it("tells what begins and ends to be managed", () => {
    const { added, ended } = managedChange(
      outputs({ cpuCores: 1, properties: { a: "1" }, adopt: true }, {}),
      { gpuCores: 1, properties: { b: "1" } },
    );
    expect([added, ended].map((all) => all.map(({ path }) => path))).toEqual([
      ["gpuCores", "properties.b"],
      ["cpuCores", "properties.a"],
    ]);
  });
});
