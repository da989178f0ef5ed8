import { AksWebservice, Model } from "../../sdk/index";
import { mockEngine } from "./mocked";

beforeAll(() => mockEngine());

/** What is told of the limit while Pulumi makes the resource, where a program's transformation runs. */
const limitWhile = (make: (look: () => undefined) => unknown): number => {
  let limit = NaN;
  make(() => void (limit = Error.stackTraceLimit));
  return limit;
};

const makers = {
  AksWebservice: (look: () => undefined) =>
    new AksWebservice("fraud", { computeTargetName: "aks-prod" }, { transformations: [look] }),
  Model: (look: () => undefined) =>
    new Model("fraud", { source: "https://example.com/fraud.pkl" } as never, { transformations: [look] }),
};

describe.each(Object.entries(makers))("%s", (_, make) => {
  const usual = Error.stackTraceLimit;

  test("takes no long traces while Pulumi makes its outputs, and long ones again afterwards", () => {
    expect(limitWhile(make)).toBe(1);
    expect(Error.stackTraceLimit).toBe(usual);
  });

  test("takes long ones for whoever looks for promises that never end", () => {
    process.env["PULUMI_DEBUG_PROMISE_LEAKS"] = "1";
    try {
      expect(limitWhile(make)).toBe(usual);
    } finally {
      delete process.env["PULUMI_DEBUG_PROMISE_LEAKS"];
    }
  });

  test("an error tells where it was made, and where the program made the resource", () => {
    function refuse(): undefined {
      throw new Error("no");
    }
    function program(): void {
      make(refuse);
    }
    let stack = "";
    try {
      program();
    } catch (error) {
      stack = (error as Error).stack!;
    }
    const [message, made, ...callers] = stack.split("\n");
    expect(message).toBe("Error: no");
    expect(made).toContain("refuse");
    expect(callers.join("\n")).toContain("program");
    expect(Error.stackTraceLimit).toBe(usual);
  });
});
