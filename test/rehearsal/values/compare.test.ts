import fc from "fast-check";
import { changedKeys, equal, equalMaps } from "../../../rehearsal/values/compare";
import { Secret, UNKNOWN } from "../../../rehearsal/values/property";
import type { Property } from "../../../rehearsal/values/property";
import { fromStruct, toStruct } from "../../../rehearsal/values/wire";
import { property, propertyMap } from "./arbitrary";

describe("the engine's own comparison", () => {
  it.each<[Property, Property, boolean]>([
    [{ a: null }, {}, true],
    [[null], [], false],
    [1, "1", false],
    [new Secret(1), 1, false],
    [new Secret(1), new Secret(1), true],
    [UNKNOWN, UNKNOWN, true],
    [{ a: [{ b: null, c: 1 }] }, { a: [{ c: 1 }] }, true],
  ])("%j and %j: %s", (a, b, expected) => {
    expect(equal(a, b)).toBe(expected);
    expect(equal(b, a)).toBe(expected);
  });

  it("finds every value equal to its copy", () => {
    const travelled = (value: Property): Property =>
      fromStruct(toStruct({ value }, { unknowns: true, secrets: true }), { unknowns: "keep" })["value"] ??
      null;
    fc.assert(fc.property(property, (value) => expect(equal(value, travelled(value))).toBe(true)));
  });

  it("names a difference exactly where maps are not equal", () => {
    fc.assert(
      fc.property(propertyMap, propertyMap, (a, b) => {
        expect(changedKeys(a, b).length === 0).toBe(equalMaps(a, b));
      }),
    );
  });

  it("names the inputs that differ, sorted", () => {
    const olds = { same: [{ a: null }], list: [1, 2], gone: 1, none: null };
    expect(changedKeys(olds, { same: [{}], list: [1, 3], added: {} })).toEqual(["added", "gone", "list"]);
  });
});
