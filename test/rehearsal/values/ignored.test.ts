import { checkIgnored, keepIgnored } from "../../../rehearsal/values/ignored";
import { Secret } from "../../../rehearsal/values/property";
import type { PropertyMap } from "../../../rehearsal/values/property";

describe("ignoreChanges", () => {
  it.each<[string, PropertyMap, PropertyMap, PropertyMap]>([
    ["a", { a: 1 }, { a: 2, b: 2 }, { a: 1, b: 2 }],
    ["a", {}, { a: 2 }, {}],
    ["a", { a: 1 }, {}, { a: 1 }],
    ["a", { a: new Secret(1) }, { a: 2 }, { a: new Secret(1) }],
    ["a.b", { a: { b: 1 } }, { a: { b: 2, c: 3 } }, { a: { b: 1, c: 3 } }],
    ["a.b", {}, {}, {}],
    ["a.b", { a: 1 }, { a: { b: 1 } }, { a: {} }],
  ])("%s of %j in %j", (path, olds, news, inputs) => {
    expect(keepIgnored([path], olds, news)).toEqual({ inputs, impossible: [] });
  });

  it("says which paths only one side has a place for, and leaves them", () => {
    const news = { c: 1 };
    expect(keepIgnored(["a.b"], { a: { b: 1 } }, news)).toEqual({ inputs: news, impossible: ["a.b"] });
  });

  it("is refused inside a secret", () => {
    expect(() => keepIgnored(["a.b"], { a: new Secret({ b: 1 }) }, { a: { b: 2 } })).toThrow(
      "the rehearsal does not ignore changes inside a secret; use the Pulumi CLI",
    );
  });

  it.each(["l[0]", "*", "m.*", 'm["a.b"]', ".a", "a.", ""])("is refused for %s", (path) => {
    expect(() => checkIgnored(["a.b", path])).toThrow(/the rehearsal does not ignore changes of .*; use the/);
  });
});
