import * as fc from "fast-check";
import { defaultServiceName, nearestSetting } from "../../../provider/core/names";
import { row } from "./settings";

describe("the default name", () => {
  const rule = row("serviceName").rule!;
  it("always satisfies the name rule, and is the same for the same URN", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary", maxLength: 80 })), (name) => {
        const made = defaultServiceName(`urn:pulumi:s::p::t::${name}`);
        expect(made).toMatch(rule.pattern!);
        expect(made.length).toBeGreaterThanOrEqual(rule.length![0]);
        expect(made.length).toBeLessThanOrEqual(rule.length![1]);
        expect(defaultServiceName(`urn:pulumi:s::p::t::${name}`)).toBe(made);
      }),
    );
  });

  it.each([
    ["fraud", "fraud"],
    ["Fraud_Scoring", "fraud-scoring"],
    ["2fast", "fast"],
    ["a", "service-a"],
    ["ab-", "service-ab"],
    ["İ", "service-i"],
    ["", "service"],
    ["--", "service"],
    ["a".repeat(32), "a".repeat(32)],
  ])("of %j is %s", (name, expected) =>
    expect(defaultServiceName(`urn:pulumi:s::p::t::${name}`)).toBe(expected),
  );

  it("has one hyphen before the hash, also where the name is cut at one", () => {
    const made = defaultServiceName(`urn:pulumi:prod::p::t::${"a".repeat(22)}--${"b".repeat(20)}`);
    expect(made).toMatch(/^a{22}-[0-9a-f]{7}$/);
  });

  it("of more than 32 is 24 of them, a hyphen and 7 of a hash that differs from URN to URN", () => {
    const made = ["prod", "test"].map((stack) =>
      defaultServiceName(`urn:pulumi:${stack}::p::t::${"abcdefgh".repeat(5)}`),
    );
    for (const name of made) expect(name).toMatch(/^abcdefghabcdefghabcdefgh-[0-9a-f]{7}$/);
    expect(made[0]).not.toBe(made[1]);
  });
});

describe("suggestions", () => {
  it.each([
    ["cpu_cores", "cpuCores"],
    ["CPUCORES", "cpuCores"],
    ["memorygb", "memoryGb"],
    ["enableAppInsight", "enableAppInsights"],
    ["compute_target", "computeTargetName"],
    ["modles", "models"],
    ["zebra", undefined],
    ["x", undefined],
  ])("for %s: %s", (name, expected) => expect(nearestSetting(name)).toBe(expected));
});
