import { secrecyOf, secretMembers } from "../../../provider/core/secrecy";
import { UNKNOWN } from "../../../provider/core/values";

describe("secrecy", () => {
  it.each([
    ["primaryKey", true],
    ["primarykey", true],
    ["secondary_key", true],
    ["tags.a", true],
    ['tags["x.y"]', true],
    ["description", true],
    ["cpuCores", false],
    ["keyboard", false],
    ["__urn", false],
  ])("of %s is %s", (path, expected) => {
    const isSecret = secrecyOf({ __secrets: ["tags"] }, { __managed: { __secrets: ["description"] } });
    expect(isSecret(path)).toBe(expected);
  });
  it("ignores what is no list of names", () => {
    for (const named of [UNKNOWN, null, [7], {}]) expect(secrecyOf({ __secrets: named })("tags")).toBe(false);
  });
  it("names what is stored as a secret", () => {
    expect(secretMembers({ primaryKey: "k", tags: {}, cpuCores: 1, __urn: "u" })).toEqual(["primaryKey"]);
    expect(secretMembers({ tags: {}, cpuCores: 1, __managed: { tags: {}, __secrets: ["tags"] } })).toEqual([
      "tags",
      "__managed",
    ]);
  });
});
