import { parsePath } from "../../../rehearsal/values/path";
import { resetPath } from "../../../rehearsal/values/path-reset";
import { copyOf, Secret } from "../../../rehearsal/values/property";
import type { PropertyMap } from "../../../rehearsal/values/property";

describe("ignoreChanges", () => {
  it.each<[string, PropertyMap, PropertyMap, boolean, PropertyMap]>([
    ["a", { a: 1 }, { a: 2, b: 2 }, true, { a: 1, b: 2 }],
    ["a", {}, { a: 2 }, true, {}],
    ["a", { a: 1 }, {}, true, { a: 1 }],
    ["a.b", { a: { b: 1 } }, { a: { b: 2, c: 3 } }, true, { a: { b: 1, c: 3 } }],
    ["a.b", { a: { b: 1 } }, {}, false, {}],
    ["a.b", {}, {}, true, {}],
    ["a.b", { a: 1 }, { a: { b: 1 } }, true, { a: {} }],
    ["l[0]", { l: [1, 2] }, { l: [3, 4] }, true, { l: [1, 4] }],
    ["l[2]", { l: [1, 2] }, { l: [3, 4, 5] }, false, { l: [3, 4, 5] }],
    ["l[2]", { l: [1] }, { l: [3] }, true, { l: [3] }],
    ["l[-1]", { l: [1] }, { l: [3] }, false, { l: [3] }],
    ["l[*]", { l: [1, 2] }, { l: [3, 4] }, true, { l: [1, 2] }],
    ["l[*]", { l: [1, 2] }, { l: [3] }, false, { l: [1] }],
    ["l[*].p", { l: [{ p: 1 }] }, { l: [{ p: 2, q: 3 }] }, true, { l: [{ p: 1, q: 3 }] }],
    ["m.*", { m: { x: 1 } }, { m: { x: 2, y: 3 } }, true, { m: { x: 1 } }],
    ["*", { x: 1 }, { x: 2, y: 3 }, true, { x: 1 }],
    ["", { x: 1 }, { x: 2 }, false, { x: 2 }],
  ])("%s of %j in %j", (path, olds, news, possible, expected) => {
    const inputs = copyOf(news);
    expect(resetPath(parsePath(path) ?? [], olds, inputs)).toBe(possible);
    expect(inputs).toEqual(expected);
  });

  it("keeps what it takes out of a secret secret", () => {
    const inputs: PropertyMap = { a: { b: 2 } };
    expect(resetPath(["a", "b"], { a: new Secret({ b: 1 }) }, inputs)).toBe(true);
    expect(inputs).toEqual({ a: { b: new Secret(1) } });
  });
});
