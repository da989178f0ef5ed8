import { isOpen, withImpliedSettings } from "../../../provider/core/relations";
import { UNKNOWN } from "../../../provider/core/values";

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
    [
      "no tokens where the service does not say whether keys are on",
      { tokenAuthEnabled: false },
      { tokenAuthEnabled: true },
      { authEnabled: true },
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
    expect(withImpliedSettings(given, live && { ...live })).toEqual({ ...settings, ...implied });
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
