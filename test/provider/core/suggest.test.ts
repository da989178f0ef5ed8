import { nearestSetting } from "../../../provider/core/suggest";

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
