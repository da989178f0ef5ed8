import { brokenOrder, brokenRelations } from "../../../provider/semantics/relations";
import { isOpen, settle } from "../../../provider/semantics/settle";
import { UNKNOWN } from "../../../provider/semantics/unknown";

describe("what settings imply for those left out", () => {
  it.each<[string, object, object | undefined, object]>([
    ["nothing said", {}, undefined, {}],
    [
      "a bound turns autoscaling on at creation",
      { autoscaleMaxReplicas: 5 },
      undefined,
      { autoscaleEnabled: true },
    ],
    [
      "a bound turns autoscaling on later",
      { autoscaleMinReplicas: 2 },
      { autoscaleEnabled: false, numReplicas: 3 },
      { autoscaleEnabled: true },
    ],
    ["a count at creation needs no flag", { numReplicas: 2 }, undefined, {}],
    [
      "a count ends autoscaling",
      { numReplicas: 2 },
      { autoscaleEnabled: true, numReplicas: 4 },
      { autoscaleEnabled: false },
    ],
    ["a count where autoscaling is off", { numReplicas: 2 }, { autoscaleEnabled: false }, {}],
    [
      "the flag alone keeps the live count",
      { autoscaleEnabled: false },
      { autoscaleEnabled: true, numReplicas: 4 },
      { numReplicas: 4 },
    ],
    [
      "the flag with a count",
      { autoscaleEnabled: false, numReplicas: 2 },
      { autoscaleEnabled: true, numReplicas: 4 },
      {},
    ],
    [
      "the flag where it is off",
      { autoscaleEnabled: false },
      { autoscaleEnabled: false, numReplicas: 4 },
      {},
    ],
    [
      "an unknown flag and a count",
      { autoscaleEnabled: UNKNOWN, numReplicas: 2 },
      { autoscaleEnabled: true },
      {},
    ],
    ["tokens close the keys at creation", { tokenAuthEnabled: true }, undefined, { authEnabled: false }],
    [
      "tokens close the keys later",
      { tokenAuthEnabled: true },
      { authEnabled: true, tokenAuthEnabled: false },
      { authEnabled: false },
    ],
    [
      "keys close the tokens",
      { authEnabled: true },
      { authEnabled: false, tokenAuthEnabled: true },
      { tokenAuthEnabled: false },
    ],
    ["keys where they are on", { authEnabled: true }, { authEnabled: true, tokenAuthEnabled: false }, {}],
    [
      "no tokens while keys are off turns keys on",
      { tokenAuthEnabled: false },
      { authEnabled: false, tokenAuthEnabled: true },
      { authEnabled: true },
    ],
    [
      "no tokens while keys are on",
      { tokenAuthEnabled: false },
      { authEnabled: true, tokenAuthEnabled: false },
      {},
    ],
    ["no tokens at creation", { tokenAuthEnabled: false }, undefined, {}],
    [
      "an open endpoint, said in so many words",
      { authEnabled: false, tokenAuthEnabled: false },
      { authEnabled: true },
      {},
    ],
    [
      "no keys while tokens are on",
      { authEnabled: false },
      { authEnabled: false, tokenAuthEnabled: true },
      {},
    ],
    ["unknown tokens", { tokenAuthEnabled: UNKNOWN }, { authEnabled: true }, {}],
  ])("%s", (_what, settings, live, implied) => {
    const given = Object.freeze({ ...settings });
    expect(settle(given, live && { ...live })).toEqual({ ...settings, ...implied });
  });

  it.each<[object, boolean]>([
    [{ authEnabled: false }, true],
    [{ authEnabled: false, tokenAuthEnabled: false }, true],
    [{ authEnabled: false, tokenAuthEnabled: true }, false],
    [{ authEnabled: false, tokenAuthEnabled: UNKNOWN }, false],
    [{ authEnabled: UNKNOWN, tokenAuthEnabled: false }, false],
    [{ authEnabled: true }, false],
    [{ tokenAuthEnabled: false }, false],
    [{}, false],
  ])("%j is open to anyone: %s", (settings, expected) => expect(isOpen({ ...settings })).toBe(expected));
});

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
    const [broken, ...others] = brokenOrder({ memoryGb: 4, memoryGbLimit: 2, cpuCores: 1, cpuCoresLimit: 1 }, () => false);
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
