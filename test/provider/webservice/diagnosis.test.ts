import { causeOf, diagnose, headline, type Facts } from "../../../provider/webservice/deployment-error";

const facts = (more: Partial<Facts>): Facts => ({
  name: "fraud",
  containerLog: "",
  overdue: false,
  lost: false,
  ...more,
});
const ended = (state: string, more: object = {}) =>
  ({ operationId: "op-1", state, ...more }) as Facts["operation"];

describe("diagnose", () => {
  it.each<[string, Partial<Facts>]>([
    ["ImageBuildFailed", { operation: ended("Failed", { subOperation: "BuildImage" }) }],
    ["ImageBuildFailed", { operation: ended("Failed", { subOperation: "BuildEnvironment" }) }],
    ["NoCapacity", { document: { state: "Unschedulable" } }],
    [
      "NoCapacity",
      { operation: ended("Failed", { error: "0/3 nodes are available: 3 Insufficient nvidia.com/gpu." }) },
    ],
    ["NoCapacity", { overdue: true, document: { state: "Unschedulable" } }],
    ["CrashLoop", { document: { state: "Failed", error: { code: "CrashLoopBackOff" } } }],
    ["CrashLoop", { document: { state: "Unhealthy" }, containerLog: "Traceback" }],
    ["OperationLost", { lost: true, document: { state: "Transitioning" } }],
    ["DeploymentTimedOut", { overdue: true, document: { state: "Transitioning" }, containerLog: "starting" }],
    ["DeploymentTimedOut", { operation: ended("TimedOut") }],
    ["DeploymentCancelled", { operation: ended("Cancelled") }],
    ["DeploymentFailed", { operation: ended("Failed"), containerLog: "started" }],
    ["DeploymentFailed", {}],
  ])("%s for %j", (code, known) => {
    const found = diagnose(facts(known));
    expect(found.code).toBe(code);
    expect(found.next).toMatch(/`pulumi up`/);
  });
});

describe("headline", () => {
  it.each<[Partial<Facts>, string]>([
    [{}, "its state could not be read."],
    [{ document: { state: "Failed" } }, "Failed."],
    [
      {
        document: { state: "Failed", deploymentStatus: { desiredReplicas: 3, availableReplicas: 1 } },
        operation: ended("Failed"),
      },
      "Failed, 1 of 3 replicas available; operation op-1 ended Failed.",
    ],
    [
      { document: { state: "Transitioning" }, operation: { operationId: "op-1" } },
      "Transitioning; operation op-1 has not ended.",
    ],
    [{ document: { state: "Failed" }, operation: { operationId: "", serviceName: "fraud" } }, "Failed."],
  ])("of %j", (known, end) => {
    expect(headline(facts(known), { code: "Code", next: "" })).toBe(
      `Code: the service "fraud" is not Healthy: ${end}`,
    );
  });
});

describe("causeOf", () => {
  it.each<[Partial<Facts>, string]>([
    [{}, ""],
    [
      { operation: ended("Failed", { error: "Bad: no" }), document: { error: { message: "other" } } },
      "Bad: no",
    ],
    [
      {
        document: {
          error: { code: "Outer", message: "failed", details: [{ code: "Inner", message: "why" }] },
        },
      },
      "Outer: failed; Inner: why",
    ],
  ])("of %j", (known, text) => expect(causeOf(facts(known))).toBe(text));
});
