import fc from "fast-check";
import { formatPath, parsePath, pathContains } from "../../../rehearsal/values/path";

describe("property paths", () => {
  it.each([
    ["a", ["a"]],
    ["a.b[0]", ["a", "b", 0]],
    ['a["b.c"].d', ["a", "b.c", "d"]],
    ['["with \\"quotes\\""]', ['with "quotes"']],
    ["a[*].b", ["a", "*", "b"]],
    ["a.*", ["a", "*"]],
    ["a.[0]", ["a", 0]],
    ["a[-1]", ["a", -1]],
    ["", []],
  ])("reads %s", (text, path) => {
    expect(parsePath(text)).toEqual(path);
  });

  it.each([[".a"], ["a."], ["a[x]"], ["a[1"], ['a["b]']])("knows that %s is none", (text) => {
    expect(parsePath(text)).toBeUndefined();
  });

  it("reads what it writes", () => {
    const key = fc.oneof(
      fc.nat(),
      fc.string({ minLength: 1 }).filter((text) => !/[\\*]/.test(text)),
    );
    fc.assert(
      fc.property(fc.array(key, { minLength: 1 }), (path) => {
        expect(parsePath(formatPath(path))).toEqual(path);
      }),
    );
  });

  it.each([
    ["a", "a.b", true],
    ["a.b", "a", false],
    ["l[*].p", "l[3].p", true],
    ["l[*].p", "l[3].q", false],
    ["*", "anything.below", true],
  ])("%s contains %s: %s", (outer, inner, expected) => {
    expect(pathContains(parsePath(outer) ?? [], parsePath(inner) ?? [])).toBe(expected);
  });
});
