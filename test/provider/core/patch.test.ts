import * as fc from "fast-check";
import { changesBetween } from "../../../provider/core/diff";
import { patch, compile } from "../../../provider/core/patch";
import type { Settings } from "../../../provider/core/values";
import { readSettings, type ServiceJson } from "../../../provider/core/wire";
import { documentOf, key } from "./settings";

const base: Settings = { serviceName: "s", computeTargetName: "c", models: ["a:1"] };
const patchOf = (desired: Settings, more: ServiceJson = {}) => {
  const live = { ...documentOf(base), ...more };
  return patch(changesBetween(readSettings(live), desired), live);
};
const replace = (path: string, value: unknown) => ({ op: "replace", path, value });

describe("patch", () => {
  it.each<[string, Settings, ServiceJson, readonly object[]]>([
    ["nothing", {}, {}, []],
    ["what is live already", { cpuCores: 0.1 }, {}, []],
    ["one setting", { cpuCores: 2 }, {}, [replace("/containerResourceRequirements/cpu", 2)]],
    [
      "zero, empty and false",
      { gpuCores: 0, description: "", tags: {}, authEnabled: false },
      { containerResourceRequirements: { gpu: 1 }, description: "x", kvTags: { a: "1" } },
      [
        replace("/authEnabled", false),
        replace("/containerResourceRequirements/gpu", 0),
        replace("/kvTags", {}),
        replace("/description", ""),
      ],
    ],
    [
      "models, with the rest of their object",
      { models: ["b:2"] },
      { environmentImageRequest: { modelIds: ["a:1"], environment: { name: "e" } } },
      [replace("/environmentImageRequest", { modelIds: ["b:2"], environment: { name: "e" } })],
    ],
    [
      "parts of an object that is null",
      { periodSeconds: 5, failureThreshold: 2 },
      { livenessProbeRequirements: null },
      [replace("/livenessProbeRequirements", { periodSeconds: 5, failureThreshold: 2 })],
    ],
    [
      "new properties, keys escaped",
      { properties: { "a/b": "1", "c~d": "2", there: "0", constructor: "3" } },
      { properties: { there: "0" } },
      [
        { op: "add", path: "/properties/a~1b", value: "1" },
        { op: "add", path: "/properties/c~0d", value: "2" },
        { op: "add", path: "/properties/constructor", value: "3" },
      ],
    ],
    [
      "keys, which have a call of their own",
      { primaryKey: "k", cpuCores: 2 },
      {},
      [replace("/containerResourceRequirements/cpu", 2)],
    ],
  ])("of %s", (_what, desired, live, expected) => expect(patchOf(desired, live)).toEqual(expected));

  it("of request and limit is one patch", () => {
    expect(patchOf({ memoryGb: 4, memoryGbLimit: 8 })).toEqual([
      replace("/containerResourceRequirements/memoryInGB", 4),
      replace("/containerResourceRequirements/memoryInGBLimit", 8),
    ]);
  });
});

describe("JSON Pointers", () => {
  const parse = (pointer: string): string[] =>
    pointer
      .split("/")
      .slice(1)
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

  it("round-trip, whatever the keys", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(key, fc.constant("~01/"))), (keys) =>
        expect(parse(compile(keys))).toEqual(keys),
      ),
    );
  });

  it.each([
    [["a", "b/c"], "/a/b~1c"],
    [["~", "~1"], "/~0/~01"],
    [[""], "/"],
    [[], ""],
  ])("of %j are %j", (keys, pointer) => expect(compile(keys)).toBe(pointer));
});
