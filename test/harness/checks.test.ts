import { checked, checkedText } from "./checks";

test.each([
  [["a", "b"], ["a", "b"], true],
  [["b", "a"], ["a", "b"], false],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
  [[], {}, false],
  [undefined, [], false],
])("found %j where %j was expected: %s", (found, expected, passed) => {
  const check = checked("claim", found, expected);
  expect(check.passed).toBe(passed);
  expect(check).toEqual(passed ? { claim: "claim", passed } : { claim: "claim", passed, expected, found });
});

test.each([
  ["one two", "two", true],
  ["one two", /^one/, true],
  ["one two", "three", false],
  ["one two", /^two/, false],
])("%j says %s: %s", (text, part, passed) => {
  const check = checkedText("claim", text, part);
  expect(check).toEqual(
    passed ? { claim: "claim", passed } : { claim: "claim", passed, expected: String(part), found: text },
  );
});
