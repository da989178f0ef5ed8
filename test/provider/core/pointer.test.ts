import * as fc from "fast-check";
import { compile } from "../../../provider/core/pointer";
import { key } from "./settings";

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
