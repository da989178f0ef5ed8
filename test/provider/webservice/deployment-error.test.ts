import { safeText } from "../../../provider/azure/safe-text";
import { ServiceError } from "../../../provider/azure/errors";
import { explainFailure, logExcerpt, type Followed } from "../../../provider/webservice/deployment-error";
import type { OperationContext } from "../../../provider/webservice/operation-context";

interface Facts extends Pick<Followed, "operation"> {
  readonly document?: Readonly<Record<string, unknown>>;
  readonly containerLog?: string;
  readonly overdue?: boolean;
  readonly lost?: boolean;
}

const reasonsFor = async ({ operation, document, containerLog = "", overdue, lost }: Facts) => {
  const context = {
    resource: { name: "fraud" },
    deadline: { remainingMs: () => (overdue ? 0 : 1) },
    provider: { safe: safeText([]) },
    lastLook: () => Promise.resolve(document),
    diagnosticServices: () => ({
      logs: () => Promise.resolve(containerLog),
      operationLog: () => Promise.resolve(""),
    }),
  } as unknown as OperationContext;
  const error = lost ? new ServiceError({ action: "follow", code: "OperationLost" }) : undefined;
  return (await explainFailure(context, { operation, ...(error && { error }) })).reasons;
};
const ended = (state: string, more: object = {}) =>
  ({ operationId: "op-1", state, ...more }) as Facts["operation"];

describe("the code and the next step", () => {
  it.each<[string, Facts]>([
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
  ])("%s for %j", async (code, known) => {
    const reasons = await reasonsFor(known);
    expect(reasons[0]).toMatch(new RegExp(`^${code}: `));
    expect(reasons.at(-1)).toMatch(/`pulumi up`/);
  });
});

describe("the headline", () => {
  it.each<[Facts, string]>([
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
  ])("of %j", async (known, end) => {
    expect((await reasonsFor(known))[0]).toBe(`DeploymentFailed: the service "fraud" is not Healthy: ${end}`);
  });
});

describe("the cause", () => {
  it.each<[Facts, ...string[]]>([
    [{}],
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
  ])("of %j", async (known, ...cause) => expect((await reasonsFor(known)).slice(1, -1)).toEqual(cause));
});

const numbered = (count: number) => Array.from({ length: count }, (_, n) => `line ${n + 1}`).join("\n");

describe("logExcerpt", () => {
  it.each([
    ["", ""],
    ["\n \n", ""],
    ["one\n", "Log, last line:\n  one"],
    ["a\r\n\r\nb\r\n", "Log, last 2 lines:\n  a\n  b"],
    ["\u001b[31mred\u001b[0m\u0007", "Log, last line:\n  red"],
    ['  File "score.py"', 'Log, last line:\n    File "score.py"'],
  ])("%j", (log, text) => expect(logExcerpt("Log", log, safeText([]))).toBe(text));

  it("shows the last 20 lines of many", () => {
    const lines = logExcerpt("Log", numbered(50), safeText([])).split("\n");
    expect(lines).toHaveLength(21);
    expect(lines.slice(0, 2)).toEqual(["Log, last 20 lines:", "  line 31"]);
  });

  it("cuts a line that would fill the screen", () => {
    expect(logExcerpt("Log", "x".repeat(5000), safeText([])).length).toBeLessThan(300);
  });

  it("hides a secret that its cut, or its own line breaks, would keep from being recognised", () => {
    const key = "k3y-that-stands-where-the-line-is-cut";
    const safe = safeText([key, "first line of it\n  -- second line of it"]);
    const cut = `${"x".repeat(239)}${key}`;
    expect(logExcerpt("Log", cut, safe)).toBe(`Log, last line:\n  ${"x".repeat(239)}[…`);
    expect(logExcerpt("Log", "first line of it\n    second line of it", safe)).toBe(
      "Log, last line:\n  [secret]",
    );
  });
});
