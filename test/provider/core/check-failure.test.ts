import { describe as described, checkFailure, pathOf } from "../../../provider/core/check-failure";

describe("failures", () => {
  it.each<[unknown, boolean, string]>([
    [undefined, false, "nothing"],
    [null, true, "nothing"],
    [[1, 2], false, "a list of 2"],
    [{ a: 1 }, false, "an object"],
    ["a\n", false, 'the text "a\\n"'],
    [1.5, false, "1.5 (number)"],
    [NaN, false, "NaN (number)"],
    [true, false, "true (boolean)"],
    ["k", true, "a secret text"],
    [7, true, "a secret number"],
    [() => 1, false, "a function"],
    [Promise.resolve(1), false, "a Promise"],
    [{ __pulumiOutput: true }, false, "an Output"],
    ["x".repeat(200), false, `the text "${"x".repeat(79)}…`],
  ])("describe %j (secret: %s) as %s", (value, secret, text) => expect(described(value, secret)).toBe(text));

  it.each<[string, string | number, string]>([
    ["tags", "release", "tags.release"],
    ["tags", "a-b_1", "tags.a-b_1"],
    ["tags", "a.b", 'tags["a.b"]'],
    ["tags", 'a"]', 'tags["a\\"]"]'],
    ["tags", "", 'tags[""]'],
    ["models", 2, "models[2]"],
  ])("name the path %s %j as %s", (input, name, path) => expect(pathOf(input, name)).toBe(path));

  it("name the whole resource when the setting is secret", () => {
    const refusal = { code: "BadFormat", path: "primaryKey", expected: "x", found: "y", next: "z." } as const;
    expect(checkFailure(refusal, () => true)).toEqual({
      property: "",
      reason: "BadFormat: primaryKey must be x; found y. z.",
    });
    expect(checkFailure(refusal).property).toBe("primaryKey");
  });
});
