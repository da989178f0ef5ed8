import { spawnSync } from "node:child_process";
import * as pulumi from "@pulumi/pulumi";
import { AksWebservice, Model } from "../../sdk/index";
import { repository } from "../harness/project-folder";
import { mockEngine } from "./mocked";

beforeAll(() => mockEngine());

type Opts = pulumi.CustomResourceOptions;

/** What the limit is while Pulumi makes the resource, as one of its options sees it that Pulumi reads then. */
const limitWhile = (make: (opts: Opts) => unknown, opts: Opts = {}): number => {
  let limit = NaN;
  make({
    ...opts,
    get dependsOn() {
      limit = Error.stackTraceLimit;
      return [];
    },
  });
  return limit;
};

const makers = {
  AksWebservice: (opts: Opts, name = "fraud") =>
    new AksWebservice(name, { computeTargetName: "aks-prod" }, opts),
  Model: (opts: Opts, name = "fraud") =>
    new Model(name, { source: "https://example.com/fraud.pkl" } as never, opts),
};

class Group extends pulumi.ComponentResource {
  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("test:index:Group", name, {}, opts);
  }
}

describe.each(Object.entries(makers))("%s", (_, make) => {
  const usual = Error.stackTraceLimit;

  test("takes no long traces while Pulumi makes its outputs, and long ones again afterwards", () => {
    expect(limitWhile(make)).toBe(0);
    expect(Error.stackTraceLimit).toBe(usual);
  });

  test("leaves a line for the program's transformations", () => {
    const transformations = [() => undefined];
    expect(limitWhile(make, { transformations })).toBe(1);
    expect(limitWhile(make, { parent: new Group("group", { transformations }) })).toBe(1);
    expect(limitWhile(make, { parent: new Group("plain", {}) })).toBe(0);
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
      make({ transformations: [refuse] });
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

  test("an error of Pulumi's own tells where the program made the resource", () => {
    function program(): void {
      make({}, "");
    }
    expect(program).toThrow(
      expect.objectContaining({
        stack: expect.stringMatching(/Missing resource name[^]*short-traces\.test/),
      }),
    );
    expect(Error.stackTraceLimit).toBe(usual);
  });
});

/** In a process of its own, since nobody asks for the outputs that fail: the built package, as a program has it. */
test.each([
  ["AksWebservice", 'new azureml.AksWebservice("fraud", { computeTargetName: "aks-prod" })'],
  ["Model", 'new azureml.Model("fraud", { source: "https://example.com/fraud.pkl" })'],
  ["AksWebservice.get", 'azureml.AksWebservice.get("fraud", "fraud")'],
])("%s: an error that comes later tells where the program made the resource", (_, make) => {
  const program = `
const pulumi = require("@pulumi/pulumi");
const azureml = require("pulumi-azureml");
process.on("unhandledRejection", ({ stack }) => { console.log(stack); process.exit(); });
const newResource = () => Promise.reject(new Error("refused"));
pulumi.runtime.setMocks({ newResource, call: () => ({}) }).then(function ofTheProgram() { ${make}; });
`;
  const { stdout } = spawnSync(process.execPath, ["-e", program], { cwd: repository(), encoding: "utf8" });
  expect(stdout).toContain("ofTheProgram");
  expect(stdout.match(/ofTheProgram/g)).toHaveLength(1);
});
