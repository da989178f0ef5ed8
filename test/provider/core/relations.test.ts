import { brokenOrder, brokenRelations } from "../../../provider/core/relations";
import { UNKNOWN } from "../../../provider/core/values";

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
    [
      "a limit below the default request",
      { models: ["a:1"], cpuCoresLimit: 0.05, memoryGbLimit: 0.4 },
      ["OutOfRange cpuCoresLimit", "OutOfRange memoryGbLimit"],
      [],
    ],
    ["a limit at the default request", { models: ["a:1"], cpuCoresLimit: 0.1, memoryGbLimit: 0.5 }, [], []],
    ["a request below its default", { models: ["a:1"], cpuCores: 0.05, cpuCoresLimit: 0.05 }, [], []],
    ["a request not known yet", { models: ["a:1"], cpuCores: UNKNOWN, cpuCoresLimit: 0.05 }, [], []],
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

  it("names the default that a limit is below", () => {
    const [broken] = brokenOrder({ cpuCoresLimit: 0.05 }, () => false, true);
    expect(broken!.refusal).toEqual({
      code: "OutOfRange",
      path: "cpuCoresLimit",
      expected: "at least cpuCores, which is 0.1 by default",
      found: "0.05 (number)",
      next: "Set cpuCores too, or raise cpuCoresLimit.",
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
