import {
  errorOf,
  isAksService,
  isHealthy,
  isMadeWithin,
  isOnItsWay,
  kindOf,
  lastOperation,
  mayRecover,
  progressOf,
} from "../../../provider/core/service-state";

describe("a service's state", () => {
  it.each<[string, object, [boolean, boolean, boolean]]>([
    ["Healthy", { state: "Healthy" }, [true, false, false]],
    ["Transitioning", { state: "Transitioning" }, [false, true, false]],
    ["Migrating", { state: "Migrating" }, [false, true, false]],
    ["Unhealthy", { state: "Unhealthy" }, [false, false, true]],
    ["Failed", { state: "Failed" }, [false, false, false]],
    ["none", {}, [false, false, false]],
    ["null", { state: null }, [false, false, false]],
  ])("%s", (_what, document, expected) =>
    expect([isHealthy, isOnItsWay, mayRecover].map((is) => is({ ...document }))).toEqual(expected),
  );

  it("names its kind, its last operation and its error", () => {
    expect([{ computeType: "AKS" }, { computeType: "ACI" }, {}].map(isAksService)).toEqual([
      true,
      false,
      false,
    ]);
    expect(kindOf({ computeType: "ACI" })).toBe("ACI");
    expect([{ operationId: "o" }, { operationId: "" }, { operationId: 1 }, {}].map(lastOperation)).toEqual([
      { operationId: "o" },
      undefined,
      undefined,
      undefined,
    ]);
    expect(errorOf({ error: { code: "x" } })).toEqual({ code: "x" });
  });

  it.each([
    [
      { state: "Transitioning", deploymentStatus: { desiredReplicas: 3, availableReplicas: 1 } },
      "Transitioning, 1 of 3 replicas available",
    ],
    [
      { state: "Transitioning", deploymentStatus: { desiredReplicas: 3 } },
      "Transitioning, 0 of 3 replicas available",
    ],
    [{ state: "Failed", deploymentStatus: null }, "Failed"],
    [{}, "unknown"],
  ])("in words: %j", (document, text) => expect(progressOf(document)).toBe(text));

  it("knows whether it was made within a day", () => {
    const now = Date.UTC(2026, 10, 22);
    const made = (hours: number) => ({ createdTime: new Date(now - hours * 3_600_000).toISOString() });
    expect(
      [made(1), made(23.9), made(24), made(48), {}, { createdTime: "?" }].map((d) =>
        isMadeWithin(d, 24 * 3_600_000, now),
      ),
    ).toEqual([true, true, false, false, false, false]);
  });
});
