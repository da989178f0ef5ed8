import { withSecrets, wrapSecret } from "../../../provider/host/secret";

const MARK = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

describe("withSecrets", () => {
  it.each<[object, readonly string[], object]>([
    [{ a: 1, key: "k" }, ["key"], { a: 1, key: { ...MARK, value: "k" } }],
    [{ a: 1 }, ["key"], { a: 1 }],
    [{ key: { ...MARK, value: "k" } }, ["key"], { key: { ...MARK, value: "k" } }],
    [{ key: { a: 1 } }, ["key"], { key: { ...MARK, value: { a: 1 } } }],
    [{ key: "" }, ["key"], { key: { ...MARK, value: "" } }],
  ])("%j, %j", (values, names, marked) => {
    expect(withSecrets({ ...values }, names)).toEqual(marked);
  });

  it("leaves what it is given as it was", () => {
    const values = Object.freeze({ key: "k" });
    withSecrets(values, ["key"]);
    expect(values).toEqual({ key: "k" });
  });
});

it("wrapSecret is Pulumi's wire form", () => expect(wrapSecret("k")).toEqual({ ...MARK, value: "k" }));
