import { mayHaveKeys, usesKeys, keyChanges, keysIn } from "../../../provider/core/keys";
import { UNKNOWN } from "../../../provider/core/values";

describe("keys", () => {
  const live = { primaryKey: "p", secondaryKey: "s" };
  it.each<[string, object, readonly object[]]>([
    ["none given", {}, []],
    ["the live ones", live, []],
    ["another first", { primaryKey: "q" }, [{ which: "Primary", value: "q" }]],
    ["another second", { secondaryKey: "t" }, [{ which: "Secondary", value: "t" }]],
    [
      "swapped",
      { primaryKey: "s", secondaryKey: "p" },
      [
        { which: "Primary", value: "s" },
        { which: "Secondary", value: "p" },
      ],
    ],
    ["null", { primaryKey: null }, []],
  ])("%s", (_what, news, expected) => expect(keyChanges({ ...news }, live)).toEqual(expected));

  it("are in outputs only together", () => {
    expect([keysIn(live), keysIn({ primaryKey: "p" }), keysIn({})]).toEqual([live, undefined, undefined]);
  });
  it("are told by a service with key authentication, the default of one that does not say", () => {
    expect(
      [
        { authEnabled: true },
        { authEnabled: false },
        {},
        { authEnabled: null },
        { aadAuthEnabled: true },
      ].map(usesKeys),
    ).toEqual([true, false, true, true, false]);
    expect(
      [{ authEnabled: true }, { authEnabled: false }, {}, { authEnabled: UNKNOWN }].map(mayHaveKeys),
    ).toEqual([true, false, true, true]);
  });
});
