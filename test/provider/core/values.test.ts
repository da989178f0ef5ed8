import * as fc from "fast-check";
import { sameValue } from "../../../provider/core/equality";
import {
  settingsOf,
  valueAt,
  withoutUnset,
  withValueAt,
  hasUnknown,
  isObject,
  isUnknown,
  UNKNOWN,
} from "../../../provider/core/values";
import { row, WORKSPACE } from "./settings";

describe("values", () => {
  it.each<[string, unknown, unknown, boolean]>([
    ["cpuCores", 0.5, 0.5, true],
    ["cpuCores", 0.5, 1, false],
    ["cpuCores", 0.1 + 0.2, 0.3, true],
    ["memoryGb", 3 * 1.1, 3.3, true],
    ["cpuCores", 0.3, 0.3000000001, false],
    ["cpuCores", 1e-9, 2e-9, false],
    ["gpuCores", 0, undefined, false],
    ["models", [], undefined, true],
    ["models", [], ["a:1"], false],
    ["description", "", undefined, true],
    ["description", null, undefined, true],
    ["description", "a", "", false],
    ["tags", {}, undefined, true],
    ["tags", { a: "1", b: "2" }, { b: "2", a: "1" }, true],
    ["tags", { a: "1" }, {}, false],
    ["models", ["b:1", "a:1"], ["a:1", "b:1"], true],
    ["models", ["a:1"], ["a:1", "b:1"], false],
    ["workspaceId", WORKSPACE, WORKSPACE.toLowerCase(), true],
    ["computeTargetName", "aks-prod", "AKS-Prod", true],
    ["computeTargetName", "aks-prod", "aks-test", false],
    ["serviceName", "a", "A", false],
    ["authEnabled", false, undefined, false],
  ])("of %s: %j and %j mean the same: %s", (input, a, b, same) => {
    expect(sameValue(row(input), a, b)).toBe(same);
    expect(sameValue(row(input), b, a)).toBe(same);
  });

  it("are put and found at a path, and nothing else moves", () => {
    const before = { a: { b: 1, c: 2 }, d: null };
    expect(withValueAt(before, "a.b", 3)).toEqual({ a: { b: 3, c: 2 }, d: null });
    expect(withValueAt(before, "d.e.f", 3)).toEqual({ a: { b: 1, c: 2 }, d: { e: { f: 3 } } });
    expect(before).toEqual({ a: { b: 1, c: 2 }, d: null });
    expect(["a.b", "a", "d", "d.e", "x.y", "a.b.c"].map((path) => valueAt(before, path))).toEqual([
      1,
      { b: 1, c: 2 },
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("are unset by null and undefined only", () => {
    expect(withoutUnset({ a: 0, b: "", c: false, d: {}, e: null, f: undefined })).toEqual({
      a: 0,
      b: "",
      c: false,
      d: {},
    });
    expect(settingsOf({ cpuCores: 0, state: "Healthy", __urn: "u", tags: null })).toEqual({ cpuCores: 0 });
  });
});

describe("unknown values", () => {
  it("are found at any depth", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(hasUnknown(value)).toBe(false);
        expect(hasUnknown({ a: [value, { b: [UNKNOWN] }] })).toBe(true);
      }),
    );
  });
  it("are exactly the engine's text", () => {
    expect(UNKNOWN).toBe("04da6b54-80e4-46f7-96ec-b56ff0331ba9");
    expect([UNKNOWN, `${UNKNOWN} `, [UNKNOWN], undefined].map(isUnknown)).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect([{}, [], null, "", undefined].map(isObject)).toEqual([true, false, false, false, false]);
  });
});
