import * as fc from "fast-check";
import { folded } from "../../../scripts/demo/folded";

test.each([
  ["", 10, [""]],
  ["one two", 10, ["one two"]],
  ["one two three", 7, ["one two", "  three"]],
  ["a-word-that-is-too-long short", 5, ["a-word-that-is-too-long", "  short"]],
])("%j in %d columns is %j", (text, width, lines) => expect(folded(text, width, / /)).toEqual(lines));

test("nothing is lost, and no line that can be broken is too long", () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(words, fc.integer({ min: 12, max: 60 }), (parts, width) => {
      const lines = folded(parts.join(" "), width, / /);
      expect(lines.map((line) => line.trim()).join(" ")).toBe(parts.join(" "));
      expect(lines.every(({ length }) => length <= width)).toBe(true);
    }),
  );
});
