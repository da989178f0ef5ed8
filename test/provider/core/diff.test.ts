import * as fc from "fast-check";
import { applyPatch, type Operation } from "rfc6902";
import { changesBetween, diff, type Action } from "../../../provider/core/diff";
import { outputsOf } from "../../../provider/core/outputs";
import { patch } from "../../../provider/core/patch";
import { withImpliedSettings } from "../../../provider/core/relations";
import { UNKNOWN, settingsOf, type Settings } from "../../../provider/core/values";
import { readSettings, type ServiceJson } from "../../../provider/core/wire";
import { documentOf, inputs, key, textMap, without, withOneUnknown, WORKSPACE } from "./settings";

const keys = { primaryKey: "key-one", secondaryKey: "key-two" };

/** The outputs of a service that was made with these inputs. */
const outputsFor = (
  program: Settings,
  document: ServiceJson = documentOf(program),
  more: Settings = {},
): Settings => ({
  ...outputsOf({
    document,
    program,
    before: {},
    keys:
      document["authEnabled"] === true
        ? { ...keys, ...(program["primaryKey"] ? { primaryKey: String(program["primaryKey"]) } : {}) }
        : undefined,
    workspaceId: WORKSPACE,
  }),
  ...more,
});

const base: Settings = {
  workspaceId: WORKSPACE,
  serviceName: "fraud",
  computeTargetName: "aks",
  models: ["a:1"],
};

describe("diff", () => {
  it("of a program with what it made is none", () => {
    fc.assert(
      fc.property(inputs, (program) => {
        expect(diff(outputsFor(program), program)).toEqual({
          action: { kind: "none" },
          refusals: [],
          immutableDrift: [],
        });
      }),
    );
  });

  it("mutates nothing and never fails, also where values are not known yet", () => {
    fc.assert(
      fc.property(inputs, inputs.chain(withOneUnknown), (before, news) => {
        const outputs = outputsFor(before);
        const [o, n] = [structuredClone(outputs), structuredClone(news)];
        const { action } = diff(outputs, news);
        expect(action.kind).not.toBe("none");
        expect([outputs, news]).toEqual([o, n]);
      }),
    );
  });

  it("is gone once its patch is applied to the live service, and nothing else has moved", () => {
    fc.assert(
      fc.property(inputs, inputs, (before, news) => {
        const live = documentOf(before);
        const desired = withImpliedSettings(settingsOf(news), readSettings(live));
        const changes = changesBetween(readSettings(live), desired).filter(
          ({ row }) => row.mutability === "inPlace" || row.mutability === "additive",
        );
        const patched = structuredClone(live) as Record<string, unknown>;
        const results = applyPatch(patched, patch(changes, live) as Operation[]);
        expect(results.filter((error) => error !== null)).toEqual([]);
        const after = readSettings(patched);
        for (const { row, live: was } of changes.filter((change) => change.row.mutability === "inPlace"))
          expect({ [row.input]: after[row.input], was }).not.toEqual({ [row.input]: was, was });
        const left = changesBetween(after, desired).filter(({ row }) => row.mutability === "inPlace");
        expect(left).toEqual([]);
        const touched = changes.map(({ row }) => row.input);
        for (const [input, value] of Object.entries(readSettings(live)))
          if (!touched.includes(input)) expect({ [input]: after[input] }).toEqual({ [input]: value });
      }),
    );
  });

  it("adds properties and touches no other", () => {
    fc.assert(
      fc.property(textMap, textMap, (there, desired) => {
        const live = documentOf({ ...base, properties: there });
        const changes = changesBetween({ properties: there }, { properties: desired });
        const patched = structuredClone(live) as Record<string, unknown>;
        expect(
          applyPatch(patched, patch(changes, live) as Operation[]).filter((error) => error !== null),
        ).toEqual([]);
        expect(patched["properties"]).toEqual({ ...desired, ...there });
      }),
    );
  });

  const actionOf = (outputs: Settings, news: Settings): Action => diff(outputs, news).action;
  const changed = (action: Action): readonly string[] =>
    action.kind === "update" || action.kind === "replace" ? action.changes.map(({ row }) => row.input) : [];

  it.each<[string, Settings, Settings, string, readonly string[]]>([
    ["a new value", { cpuCores: 1 }, { cpuCores: 2 }, "update", ["cpuCores"]],
    ["a newly managed setting with another value", {}, { gpuCores: 2 }, "update", ["gpuCores"]],
    ["a newly managed setting with the live value", {}, { cpuCores: 0.1 }, "record", []],
    ["a setting no longer managed", { cpuCores: 1 }, {}, "record", []],
    ["a sum that the service rounds", { cpuCores: 0.3 }, { cpuCores: 0.1 + 0.2 }, "none", []],
    ["zero", { gpuCores: 1 }, { gpuCores: 0 }, "update", ["gpuCores"]],
    ["a cleared description", { description: "x" }, { description: "" }, "update", ["description"]],
    ["cleared tags", { tags: { a: "1" } }, { tags: {} }, "update", ["tags"]],
    ["unset tags", { tags: { a: "1" } }, {}, "record", []],
    ["a changed tag", { tags: { a: "1", b: "1" } }, { tags: { a: "2" } }, "update", ["tags"]],
    ["models in another order", { models: ["a:1", "b:1"] }, { models: ["b:1", "a:1"] }, "none", []],
    ["other models", { models: ["a:1"] }, { models: ["a:2"] }, "update", ["models"]],
    ["another compute target", {}, { computeTargetName: "other" }, "replace", ["computeTargetName"]],
    [
      "the same compute target in other letters",
      { computeTargetName: "AKS-Prod" },
      { computeTargetName: "aks-prod" },
      "none",
      [],
    ],
    ["another name", {}, { serviceName: "other" }, "replace", ["serviceName"]],
    ["another workspace", {}, { workspaceId: `${WORKSPACE}-2` }, "replace", ["workspaceId"]],
    ["the workspace's id in other letters", {}, { workspaceId: WORKSPACE.toLowerCase() }, "none", []],
    [
      "models in place of an image",
      { models: null, imageId: "i:1" },
      { models: ["a:1"] },
      "replace",
      ["models"],
    ],
    ["an image in place of models", {}, { models: null, imageId: "i:1" }, "replace", ["imageId"]],
    [
      "another image",
      { models: null, imageId: "i:1" },
      { models: null, imageId: "i:2" },
      "update",
      ["imageId"],
    ],
    ["no blobfuse where nothing was said", {}, { blobfuseEnabled: false }, "replace", ["blobfuseEnabled"]],
    ["blobfuse where nothing was said", {}, { blobfuseEnabled: true }, "record", []],
    [
      "a new key of properties",
      { properties: { a: "1" } },
      { properties: { a: "1", b: "2" } },
      "update",
      ["properties"],
    ],
    ["a key of properties no longer managed", { properties: { a: "1" } }, { properties: {} }, "record", []],
    [
      "a changed property with leave to replace",
      { properties: { a: "1" } },
      { properties: { a: "2" }, replaceOnPropertyChange: true },
      "replace",
      ["properties"],
    ],
    ["other timeouts", {}, { timeouts: { create: "5m" } }, "record", []],
    ["adopt", {}, { adopt: true }, "record", []],
    ["a count", {}, { numReplicas: 3 }, "update", ["autoscaleEnabled", "numReplicas"]],
    [
      "a bound after a count",
      { numReplicas: 3 },
      { autoscaleMaxReplicas: 4 },
      "update",
      ["autoscaleEnabled", "autoscaleMaxReplicas"],
    ],
    ["no autoscaling, the count kept", {}, { autoscaleEnabled: false }, "update", ["autoscaleEnabled"]],
    ["tokens", {}, { tokenAuthEnabled: true }, "update", ["authEnabled", "tokenAuthEnabled"]],
    [
      "keys after tokens",
      { tokenAuthEnabled: true },
      { authEnabled: true },
      "update",
      ["authEnabled", "tokenAuthEnabled"],
    ],
    [
      "no tokens after tokens",
      { tokenAuthEnabled: true },
      { tokenAuthEnabled: false },
      "update",
      ["authEnabled", "tokenAuthEnabled"],
    ],
    ["no tokens where keys are on", {}, { tokenAuthEnabled: false }, "record", []],
    [
      "request and limit together",
      { cpuCores: 1, cpuCoresLimit: 1 },
      { cpuCores: 4, cpuCoresLimit: 4 },
      "update",
      ["cpuCores", "cpuCoresLimit"],
    ],
    ["another key", { primaryKey: "key-one" }, { primaryKey: "key-two" }, "update", ["primaryKey"]],
    ["the live key", {}, { primaryKey: "key-one" }, "record", []],
    ["a key no longer managed", { primaryKey: "key-one" }, {}, "record", []],
    [
      "a key where only tokens are taken",
      { tokenAuthEnabled: true },
      { tokenAuthEnabled: true, primaryKey: "k" },
      "record",
      [],
    ],
    ["an unknown value", { cpuCores: 1 }, { cpuCores: UNKNOWN }, "update", ["cpuCores"]],
    ["an unknown tag", { tags: { a: "1" } }, { tags: { a: UNKNOWN } }, "update", ["tags"]],
    ["unknown properties", { properties: { a: "1" } }, { properties: UNKNOWN }, "update", ["properties"]],
    ["an unknown list", {}, { models: [UNKNOWN] }, "update", ["models"]],
    ["an unknown compute target", {}, { computeTargetName: UNKNOWN }, "replace", ["computeTargetName"]],
  ])("%s", (_what, before, after, kind, inputNames) => {
    const [old, news] = [
      { ...base, ...before },
      { ...base, ...after },
    ];
    const action = actionOf(outputsFor(old), news);
    expect({ kind: action.kind, changed: changed(action) }).toEqual({ kind, changed: inputNames });
    if (action.kind !== "none") expect(action.visible).toBe(true);
  });

  describe("of a service that was changed behind the program's back", () => {
    const drifted = (program: Settings, live: ServiceJson) =>
      outputsFor(program, { ...documentOf(program), ...live });

    it.each<[string, Settings, ServiceJson, string, readonly string[]]>([
      ["a managed setting", { description: "a" }, { description: "b" }, "update", ["description"]],
      ["a setting that is not managed", {}, { description: "b" }, "none", []],
      ["the count under autoscaling", { autoscaleEnabled: true }, { numReplicas: 7 }, "none", []],
      ["tags", { tags: { a: "1" } }, { kvTags: { a: "1", z: "9" } }, "update", ["tags"]],
      [
        "properties that others added",
        { properties: { a: "1" } },
        { properties: { a: "1", z: "9" } },
        "none",
        [],
      ],
      ["a property that is gone", { properties: { a: "1" } }, { properties: {} }, "update", ["properties"]],
      ["a property's value", { properties: { a: "1" } }, { properties: { a: "2" } }, "none", []],
      [
        "a property's value, with leave to replace",
        { properties: { a: "1" }, replaceOnPropertyChange: true },
        { properties: { a: "2" } },
        "none",
        [],
      ],
    ])("%s", (_what, more, live, kind, inputNames) => {
      const program = { ...base, ...more };
      const action = actionOf(drifted(program, live), program);
      expect({ kind: action.kind, changed: changed(action) }).toEqual({ kind, changed: inputNames });
    });

    it("tells of a property whose value is immutableDrift", () => {
      const program = { ...base, properties: { a: "1" } };
      const { immutableDrift, refusals } = diff(drifted(program, { properties: { a: "2" } }), program);
      expect(immutableDrift).toMatchObject([{ key: "a", live: "2", desired: "1" }]);
      expect(refusals).toEqual([]);
    });

    it("leaves the comparison to the engine where inputs differ, and not where only the live value does", () => {
      const program = { ...base, cpuCores: 1, description: "a" };
      const memory = outputsFor(program);
      const visible = actionOf({ ...memory, description: "b" }, program);
      expect(visible).toMatchObject({ kind: "update", visible: true });
      const stuckInputs = actionOf(drifted({ ...base, properties: { a: "1" } }, { properties: {} }), {
        ...base,
        properties: { a: "1" },
      });
      expect(stuckInputs).toMatchObject({ kind: "update", visible: false });
    });
  });

  describe("refuses", () => {
    const refusalsOf = (outputs: Settings, news: Settings) =>
      diff(outputs, news).refusals.map(({ code, path, found }) => [code, path, found]);
    const limited = (more: Settings) =>
      outputsFor(
        { ...base, ...more },
        {
          ...documentOf(base),
          containerResourceRequirements: { cpu: 1, cpuLimit: 2, memoryInGB: 1, memoryInGBLimit: 2, gpu: 0 },
        },
      );

    it("a request above the live limit", () => {
      expect(refusalsOf(limited({}), { ...base, cpuCores: 3 })).toEqual([
        ["OutOfRange", "cpuCoresLimit", "2 (number)"],
      ]);
    });
    it("no pair that is in order, though each is out of order with the live other one", () => {
      expect(refusalsOf(limited({}), { ...base, cpuCores: 3, cpuCoresLimit: 4 })).toEqual([]);
      expect(refusalsOf(limited({}), { ...base, memoryGb: 0.2, memoryGbLimit: 0.4 })).toEqual([]);
    });
    it("nothing that the program did not change", () => {
      const outputs = { ...limited({ cpuCores: 3 }), cpuCores: 1 };
      expect(refusalsOf(outputs, { ...base, cpuCores: 3, gpuCores: 1 })).toEqual([]);
    });
    it("a property that another tool set to another value", () => {
      const outputs = outputsFor(base, { ...documentOf(base), properties: { a: "1" } });
      expect(refusalsOf(outputs, { ...base, properties: { a: "2" } })).toEqual([
        ["Immutable", "properties.a", 'the text "2"'],
      ]);
    });
    it("nothing that is not known yet, which replaces nothing either", () => {
      const outputs = outputsFor({ ...base, properties: { a: "1" }, cpuCoresLimit: 1 });
      const news = { ...base, properties: { a: UNKNOWN }, cpuCores: UNKNOWN, replaceOnPropertyChange: true };
      expect(diff(outputs, news)).toMatchObject({
        action: { kind: "update" },
        refusals: [],
        immutableDrift: [],
      });
    });
    it("without showing what is secret, or was", () => {
      const outputs = outputsFor(base, { ...documentOf(base), properties: { a: "hidden-1" } });
      const secret = { ...base, properties: { a: "hidden-2" }, __secrets: ["properties"] };
      expect(JSON.stringify(diff(outputs, secret).refusals)).not.toContain("hidden");
    });
    it("a limit that a replacement brings below the default request of a new service", () => {
      const small = outputsFor({ ...base, cpuCores: 0.02, cpuCoresLimit: 0.05 });
      const news = { ...base, cpuCoresLimit: 0.05 };
      expect(refusalsOf(small, news)).toEqual([]);
      expect(refusalsOf(small, { ...news, computeTargetName: "other" })).toEqual([
        ["OutOfRange", "cpuCoresLimit", "0.05 (number)"],
      ]);
    });
    it("nothing where everything is replaced anyway", () => {
      expect(refusalsOf(limited({}), { ...base, cpuCores: 3, computeTargetName: "other" })).toEqual([]);
    });
  });

  it.each<[string, Settings, boolean]>([
    ["compute", { computeTargetName: "other" }, true],
    ["name", { serviceName: "other" }, false],
    ["workspace", { workspaceId: `${WORKSPACE}-2` }, false],
    ["compute and name", { computeTargetName: "other", serviceName: "other" }, false],
  ])("a replacement for another %s keeps its name: %s", (_what, change, keepsName) => {
    expect(actionOf(outputsFor(base), { ...base, ...change })).toMatchObject({ kind: "replace", keepsName });
  });

  it("says what is no longer managed, entry by entry", () => {
    const program = { ...base, cpuCores: 1, properties: { "a.b": "1", c: "2" } };
    expect(actionOf(outputsFor(program), { ...base, properties: { c: "2" } })).toMatchObject({
      kind: "record",
      ended: [
        { input: "cpuCores", path: "cpuCores" },
        { input: "properties", key: "a.b", path: 'properties["a.b"]' },
      ],
    });
    expect(actionOf(outputsFor(program), { ...program, properties: UNKNOWN })).toMatchObject({ ended: [] });
  });

  it("reads outputs of a resource that was only read, or of a version that previousInputs nothing", () => {
    const bare = without(outputsFor({ ...base, cpuCores: 1 }), "__managed");
    expect(actionOf(bare, { ...base, cpuCores: 1 }).kind).toBe("record");
    expect(actionOf(bare, { ...base, cpuCores: 2 }).kind).toBe("update");
  });

  it("takes any key of properties", () => {
    fc.assert(
      fc.property(key, (name) => {
        const program = { ...base, properties: Object.fromEntries([[name, "1"]]) };
        expect(changed(actionOf(outputsFor(base), program))).toEqual(["properties"]);
        expect(actionOf(outputsFor(program), program).kind).toBe("none");
      }),
    );
  });
});
