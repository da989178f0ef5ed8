import * as fc from "fast-check";
import { hasUnknown, isObject, isUnknown, UNKNOWN } from "../../../provider/core/unknown";

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
