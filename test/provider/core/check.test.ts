import * as fc from "fast-check";
import { check } from "../../../provider/core/check";
import { registeredModel } from "../../../provider/schema/tables";
import { UNKNOWN, type Settings } from "../../../provider/core/values";
import { inputs, least, row, URN, withOneUnknown, WORKSPACE } from "./settings";

const nowhere = { config: {}, env: {} };
const frozen = <T>(value: T): T => {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
};

describe("check", () => {
  it("accepts every valid program, changes nothing that it says, and mutates nothing", () => {
    fc.assert(
      fc.property(inputs, (program) => {
        const given = frozen(structuredClone(program));
        const checked = check({}, given, nowhere);
        expect(checked.failures).toEqual([]);
        expect(checked.inputs).toEqual(program);
      }),
    );
  });

  it("never fails because a value, at any depth, is not known yet", () => {
    fc.assert(
      fc.property(
        inputs.chain((program) => fc.tuple(fc.constant(program), withOneUnknown(program), fc.boolean())),
        ([program, unknown, isNew]) => {
          expect(check(isNew ? {} : program, unknown, nowhere).failures).toEqual([]);
        },
      ),
    );
  });

  it("never fails because of two settings of which one is not known yet", () => {
    const pairs: readonly Settings[] = [
      { models: UNKNOWN, imageId: "image:1" },
      { imageId: UNKNOWN },
      { models: ["a:1", "b:1"], inferenceConfig: UNKNOWN },
      { models: null, imageId: "image:1", inferenceConfig: UNKNOWN },
      { inferenceConfig: { entryScript: UNKNOWN, source: UNKNOWN, environment: UNKNOWN } },
      { autoscaleEnabled: true, numReplicas: UNKNOWN },
      { autoscaleEnabled: UNKNOWN, numReplicas: 2, autoscaleMinReplicas: UNKNOWN },
      { numReplicas: UNKNOWN, autoscaleMaxReplicas: 4 },
      { autoscaleEnabled: false, numReplicas: UNKNOWN },
      { authEnabled: UNKNOWN, tokenAuthEnabled: true },
      { cpuCores: 4, cpuCoresLimit: UNKNOWN },
      { secondaryKey: UNKNOWN },
      { secondaryKey: "k", primaryKey: UNKNOWN },
      { workspaceId: UNKNOWN, resourceGroupName: "other" },
      { workspaceId: null, resourceGroupName: UNKNOWN },
      { adopt: UNKNOWN, models: null, secondaryKey: "k" },
      { replaceOnPropertyChange: UNKNOWN, properties: { a: "2" } },
      { timeouts: UNKNOWN, tags: { a: UNKNOWN }, serviceName: UNKNOWN, computeTargetName: UNKNOWN },
    ];
    for (const pair of pairs)
      expect({ pair, failures: check({}, { ...least, ...pair }, nowhere).failures }).toEqual({
        pair,
        failures: [],
      });
    const old = { ...least, properties: { a: "1" } };
    expect(
      check(old, { ...old, replaceOnPropertyChange: UNKNOWN, properties: { a: "2" } }, nowhere).failures,
    ).toEqual([]);
  });

  it.each([50_000, 200])("refuses a value %d levels deep, of a service and of a model", (levels) => {
    const value = Array.from({ length: levels }).reduce<unknown>((inner) => ({ inner }), "x");
    const found = [
      check({}, { ...least, inferenceConfig: value }, nowhere),
      check(
        {},
        { source: UNKNOWN, __urn: URN, workspaceId: WORKSPACE, tags: value },
        nowhere,
        registeredModel,
      ),
    ].map(({ failures }) => failures);
    expect(found).toEqual(
      ["inferenceConfig", "tags"].map((input) => [
        {
          property: "",
          reason: expect.stringContaining(`WrongType: ${input} must be nested at most 100 levels`),
        },
      ]),
    );
  });

  it.each<[string, object]>([
    ["description", { description: "caf\ud83d" }],
    ["tags", { tags: { a: "\udc00x" } }],
    ["properties", { properties: { "\ud800": "x" } }],
  ])("refuses half a character in %s, and takes whole ones", (input, values) => {
    expect(check({}, { ...least, ...values }, nowhere).failures).toEqual([
      {
        property: input,
        reason: expect.stringContaining(`BadFormat: ${input} must be text of whole Unicode characters`),
      },
    ]);
    expect(check({}, { ...least, description: "caf\u00e9 \ud83d\ude80" }, nowhere).failures).toEqual([]);
  });

  it("takes null and undefined as unset", () => {
    const { inputs: checked, failures } = check({}, { ...least, cpuCores: null, tags: undefined }, nowhere);
    expect(failures).toEqual([]);
    expect(checked).toEqual({ ...least, serviceName: "fraud" });
  });

  it.each([`${WORKSPACE}/`, `https://ml.azure.com/home?tid=1&wsid=${WORKSPACE}`])(
    "takes %s for the workspace's id, of a service and of a model",
    (workspaceId) => {
      const ofModel = check({}, { ...least, workspaceId }, nowhere);
      const ofService = check({}, { source: UNKNOWN, __urn: URN, workspaceId }, nowhere, registeredModel);
      for (const { inputs: checked, failures } of [ofService, ofModel])
        expect({ failures, id: checked["workspaceId"] }).toEqual({ failures: [], id: WORKSPACE });
    },
  );

  it.each([
    ["0", { gpuCores: 0 }],
    ['""', { description: "" }],
    ["false", { autoscaleEnabled: false, numReplicas: 1 }],
    ["{}", { tags: {}, properties: {} }],
  ])("keeps %s as a value", (_what, values) => {
    const { inputs: checked, failures } = check({}, { ...least, ...values }, nowhere);
    expect(failures).toEqual([]);
    expect(checked).toMatchObject(values);
  });

  describe("of a service that is there already", () => {
    const old = { ...least, serviceName: "kept-name" };
    it.each<[string, object]>([
      ["no models", { models: undefined }],
      ["autoscaling off without a count", { autoscaleEnabled: false }],
      ["a second key alone", { secondaryKey: "k" }],
    ])("accepts %s", (_what, change) => {
      expect(check(old, { ...old, ...change }, nowhere).failures).toEqual([]);
    });

    it("keeps the name that an earlier check made, under another resource name", () => {
      const renamed = { ...least, __urn: `${URN}-renamed` };
      expect(check(old, renamed, nowhere).inputs["serviceName"]).toBe("kept-name");
      expect(check({}, renamed, nowhere).inputs["serviceName"]).toBe("fraud-renamed");
      expect(check(old, { ...renamed, serviceName: "other" }, nowhere).inputs["serviceName"]).toBe("other");
    });

    it("keeps the workspace id's letter case", () => {
      const { inputs: checked } = check(old, { ...old, workspaceId: WORKSPACE.toUpperCase() }, nowhere);
      expect(checked["workspaceId"]).toBe(WORKSPACE);
    });

    it("refuses a part of the address that disagrees, though the id is the same", () => {
      const { failures } = check(old, { ...old, workspaceName: "other" }, nowhere);
      expect(failures.map(({ property }) => property)).toEqual(["workspaceName"]);
    });
  });

  it.each<[string, object]>([
    ["no models", { models: undefined }],
    ["autoscaling off without a count", { autoscaleEnabled: false }],
    ["a second key alone", { secondaryKey: "k" }],
  ])("accepts %s of a service that is adopted", (_what, change) => {
    expect(check({}, { ...least, adopt: true, ...change }, nowhere).failures).toEqual([]);
  });

  describe("the values of properties", () => {
    const old = { ...least, properties: { release: "1", "a/b": "x", constructor: "y" } };
    const failuresOf = (properties: object, more: object = {}) =>
      check(old, { ...old, properties, ...more }, nowhere).failures;

    it("cannot change, and the failure offers each way on", () => {
      const [failure, ...others] = failuresOf({ release: "2" });
      expect(others).toEqual([]);
      expect(failure!.property).toBe("properties.release");
      expect(failure!.reason).toBe(
        'Immutable: properties.release must be the text "1" as before, since the service never changes it; found the text "2". ' +
          "Keep the old value, use a new key, or use a tag; or set replaceOnPropertyChange: true to make a new service.",
      );
    });

    it.each<[string, object, object, readonly string[]]>([
      ["a new key", { ...old.properties, toString: "new", __proto__x: "1" }, {}, []],
      ["a missing key", {}, {}, []],
      ["two changes", { release: "2", "a/b": "z" }, {}, ["properties.release", 'properties["a/b"]']],
      ["a name of every object", { constructor: "z" }, {}, ["properties.constructor"]],
      ["a change with leave to replace", { release: "2" }, { replaceOnPropertyChange: true }, []],
      ["an unknown value", { release: UNKNOWN }, {}, []],
    ])("%s", (_what, properties, more, expected) => {
      expect(failuresOf(properties, more).map(({ property }) => property)).toEqual(expected);
    });
  });

  it("judges no property's value against one that was not known", () => {
    const old = { ...least, properties: { a: UNKNOWN } };
    expect(check(old, { ...least, properties: { a: "2" } }, nowhere).failures).toEqual([]);
  });

  it("passes hidden inputs on", () => {
    const { inputs: checked } = check({}, { ...least, __createdBy: "abc", __secrets: ["tags"] }, nowhere);
    expect(checked).toMatchObject({ __createdBy: "abc", __secrets: ["tags"], __urn: URN });
  });

  it("judges the settings that the table requires", () => {
    expect(row("computeTargetName").required).toBe(true);
  });
});
