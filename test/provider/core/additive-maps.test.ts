import * as fc from "fast-check";
import { compare, entriesOf, entryOf } from "../../../provider/core/additive-maps";
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

describe("compare", () => {
  it("tells what can be added, what cannot be changed, and what is there", () => {
    const live = { same: "1", drifted: "2", changed: "3", left: "4" };
    const previous = { drifted: "1", changed: "3" };
    expect(compare(live, previous, { same: "1", drifted: "1", changed: "5", fresh: "6" })).toEqual({
      add: [["fresh", "6"]],
      immutable: [
        { key: "drifted", live: "2", desired: "1", byProgram: false },
        { key: "changed", live: "3", desired: "5", byProgram: true },
      ],
      unchanged: ["same"],
    });
  });

  it("takes an entry that is not known yet as new, or as nothing", () => {
    const none = { add: [], immutable: [], unchanged: [] };
    expect(compare({ a: "1" }, {}, { a: UNKNOWN, b: UNKNOWN })).toEqual({ ...none, add: [["b", UNKNOWN]] });
    expect([compare({ a: "1" }, {}, UNKNOWN), compare({ a: UNKNOWN }, {}, { a: "1" })]).toEqual([none, none]);
  });

  it("puts every desired entry of known values in one place", () => {
    fc.assert(
      fc.property(textMap, textMap, textMap, (live, previous, desired) => {
        const { add, immutable, unchanged } = compare(live, previous, desired);
        const keys = [...add.map(([name]) => name), ...immutable.map((entry) => entry.key), ...unchanged];
        expect(keys.sort()).toEqual(Object.keys(desired).sort());
      }),
    );
  });
});
