import { passwordOf, passwordsIn, withPasswords } from "../../../../provider/core/secrecy";
import { configInWords, inWords, sameConfig } from "../../../../provider/core/inference-config/config";
import { withoutUnsetMembers } from "../../../../provider/core/values";

const archive = (hash: string) => ({
  "4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7",
  hash,
});
const registry = { address: "r.example", username: "u", password: "p4ssword" };
const config = {
  entryScript: "score.py",
  source: archive("abcdef0123"),
  environment: { name: "env-a", baseImage: "b", baseImageRegistry: registry },
};

describe("two configurations", () => {
  it.each<[string, object, boolean]>([
    ["the same", config, true],
    ["members in another order", { ...Object.fromEntries(Object.entries(config).reverse()) }, true],
    ["another script", { ...config, entryScript: "main.py" }, false],
    ["other content", { ...config, source: archive("x") }, false],
    [
      "another password",
      {
        ...config,
        environment: { ...config.environment, baseImageRegistry: { ...registry, password: "q" } },
      },
      false,
    ],
    ["no environment", { ...config, environment: undefined }, false],
  ])("with %s", (_, other, same) => expect(sameConfig(config, other)).toBe(same));

  it("and none at all", () => {
    expect([
      sameConfig(undefined, undefined),
      sameConfig(config, undefined),
      sameConfig(null, undefined),
    ]).toEqual([true, false, true]);
  });
});

describe("a configuration in words", () => {
  it("holds no password", () => {
    expect(configInWords(config)).toBe("score.py of abcdef0 in env-a");
    expect(inWords(config)).not.toContain("p4ssword");
    expect(configInWords({ ...config, environment: undefined })).toMatch(/in the live environment$/);
    expect(configInWords({ ...config, environment: "env:3" })).toMatch(/in env:3$/);
  });

  it.each<[unknown, string]>([
    [1, "1"],
    ["a", '"a"'],
    [undefined, "unset"],
    [undefined, "unset"],
  ])("%j is %s", (value, words) => expect(inWords(value)).toBe(words));
});

it("a withoutUnsetMembers configuration has no unset members, at any depth", () => {
  expect(withoutUnsetMembers({ a: null, b: { c: undefined, d: [{ e: null, f: 0 }] }, g: "" })).toEqual({
    b: { d: [{ f: 0 }] },
    g: "",
  });
});

describe("the password", () => {
  const values = { inferenceConfig: config, __managed: { inferenceConfig: config }, other: config };

  it("is found in outputs and in what they recordedInputs", () => {
    expect(passwordOf(config)).toBe("p4ssword");
    expect(passwordsIn(values, "inferenceConfig")).toEqual(["p4ssword", "p4ssword"]);
    expect(
      passwordsIn({ inferenceConfig: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }, "inferenceConfig"),
    ).toEqual([]);
  });

  it("is changed in both places, and nowhere else", () => {
    const hidden = withPasswords(values, "inferenceConfig", () => "hidden");
    expect(JSON.stringify([hidden["inferenceConfig"], hidden["__managed"]])).not.toContain("p4ssword");
    expect(hidden["other"]).toBe(config);
    expect(values.inferenceConfig.environment.baseImageRegistry.password).toBe("p4ssword");
  });

  it("leaves values without one as they are", () => {
    const plain = { inferenceConfig: { ...config, environment: "env:1" } };
    expect(withPasswords(plain, "inferenceConfig", () => "hidden")).toEqual(plain);
  });
});
