import { brokenOrder, brokenRelations } from "../../../provider/semantics/relations";

describe("relations between settings", () => {
  const paths = (settings: object, creating: boolean) =>
    brokenRelations({ settings: { ...settings }, creating, isSecret: () => false }).map(
      ({ code, path }) => `${code} ${path}`,
    );

  it.each<[string, object, readonly string[], readonly string[]]>([
    ["nothing", {}, ["Missing models"], []],
    ["models", { models: ["a:1"] }, [], []],
    ["an image", { imageId: "a:1" }, [], []],
    ["both", { models: ["a:1"], imageId: "a:1" }, ["Exclusive imageId"], ["Exclusive imageId"]],
    ["equal bounds", { models: ["a:1"], autoscaleMinReplicas: 3, autoscaleMaxReplicas: 3 }, [], []],
    ["a limit alone", { models: ["a:1"], cpuCoresLimit: 1 }, [], []],
    ["a second key", { models: ["a:1"], secondaryKey: "k" }, ["Missing primaryKey"], []],
    ["no autoscaling", { models: ["a:1"], autoscaleEnabled: false }, ["Missing numReplicas"], []],
  ])("%s: refused at creation and later", (_what, settings, creating, later) => {
    expect(paths(settings, true)).toEqual(creating);
    expect(paths(settings, false)).toEqual(later);
  });

  it("names the two that are out of order", () => {
    const [broken, ...others] = brokenOrder(
      { memoryGb: 4, memoryGbLimit: 2, cpuCores: 1, cpuCoresLimit: 1 },
      () => false,
    );
    expect(others).toEqual([]);
    expect(broken).toMatchObject({
      inputs: ["memoryGb", "memoryGbLimit"],
      refusal: {
        code: "OutOfRange",
        path: "memoryGbLimit",
        expected: "at least memoryGb, which is 4",
        found: "2 (number)",
      },
    });
  });

  it("shows no secret", () => {
    const [broken] = brokenOrder({ memoryGb: 4, memoryGbLimit: 2 }, () => true);
    expect(broken!.refusal).toMatchObject({
      expected: "at least memoryGb, which is a secret",
      found: "a secret number",
    });
  });
});
