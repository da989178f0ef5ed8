import { durationMs, timeoutMs } from "../../../provider/core/timeouts";

describe("durations", () => {
  it.each<[unknown, number | undefined]>([
    ["90s", 90_000],
    ["60m", 3_600_000],
    ["1h30m", 5_400_000],
    ["1.5h", 5_400_000],
    ["250ms", 250],
    ["1h1m1s1ms", 3_661_001],
    ["", undefined],
    ["0s", undefined],
    ["60", undefined],
    ["m", undefined],
    ["-5m", undefined],
    ["5 m", undefined],
    ["5m ", undefined],
    ["5m\n", undefined],
    ["5d", undefined],
    ["1e3s", undefined],
    [`${"9".repeat(400)}h`, undefined],
    [60, undefined],
    [null, undefined],
    [["5m"], undefined],
  ])("%j is %j ms", (text, ms) => expect(durationMs(text)).toBe(ms));

  it.each<[string, object, Record<"create" | "update" | "delete", number>]>([
    ["nothing said", {}, { create: 3_600_000, update: 3_600_000, delete: 1_200_000 }],
    ["one said", { timeouts: { delete: "1s" } }, { create: 3_600_000, update: 3_600_000, delete: 1_000 }],
    [
      "previousInputs",
      { __managed: { timeouts: { update: "2s" } } },
      { create: 3_600_000, update: 2_000, delete: 1_200_000 },
    ],
    [
      "said and previousInputs",
      { timeouts: { update: "3s" }, __managed: { timeouts: { update: "2s" } } },
      { create: 3_600_000, update: 3_000, delete: 1_200_000 },
    ],
  ])("apply with %s", (_what, values, expected) => {
    for (const verb of ["create", "update", "delete"] as const)
      expect(timeoutMs(verb, { ...values })).toBe(expected[verb]);
  });
});
