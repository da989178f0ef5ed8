import * as fc from "fast-check";
import { entriesOf, entryOf } from "../../../provider/core/additive-maps";
import { UNKNOWN } from "../../../provider/core/values";
import { key, textMap } from "./settings";

describe("map entries", () => {
  it("are found by own keys only", () => {
    fc.assert(
      fc.property(textMap, key, (map, name) => {
        expect(entryOf(map, name)).toBe(Object.entries(map).find(([k]) => k === name)?.[1]);
      }),
    );
    expect([entryOf({}, "constructor"), entryOf(undefined, "a"), entryOf(UNKNOWN, "length")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([entriesOf({ a: 1 }), entriesOf(UNKNOWN), entriesOf(null), entriesOf([1])]).toEqual([
      [["a", 1]],
      [],
      [],
      [],
    ]);
  });
});
