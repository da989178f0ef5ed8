import fc from "fast-check";
import { changedKeys, detailedDiff, equal, equalMaps } from "../../../rehearsal/values/compare";
import { Secret, UNKNOWN } from "../../../rehearsal/values/property";
import type { Property, PropertyMap } from "../../../rehearsal/values/property";
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
        expect(Object.keys(detailedDiff(a, b)).length === 0).toBe(equalMaps(a, b));
        expect(changedKeys(a, b).length === 0).toBe(equalMaps(a, b));
      }),
    );
  });

  it.each<[PropertyMap, PropertyMap, Record<string, string>]>([
    [{ a: 1 }, { a: 2 }, { a: "update" }],
    [{}, { a: { b: 1 } }, { a: "add" }],
    [{ a: { b: 1 } }, {}, { a: "delete" }],
    [{ a: { b: 1, c: 1 } }, { a: { b: 2, d: 1 } }, { "a.b": "update", "a.c": "delete", "a.d": "add" }],
    [{ a: [1, 2] }, { a: [1, 3, 4] }, { "a[1]": "update", "a[2]": "add" }],
    [{ "x.y": 1 }, { "x.y": 2 }, { '["x.y"]': "update" }],
  ])("from %j to %j", (olds, news, expected) => {
    expect(detailedDiff(olds, news)).toEqual(expected);
  });
});
