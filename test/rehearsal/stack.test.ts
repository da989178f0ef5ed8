import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openStack } from "../../rehearsal";
import type { Stack, StepEvent } from "../../rehearsal";
import { projectYaml } from "../harness/own-folder";
import { TOY_CLASS, toyProject } from "./toy-project";

jest.setTimeout(300_000);

const YAML = projectYaml("toys");

const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
${TOY_CLASS}
const config = new pulumi.Config();
const first = new Toy("first", {
  name: config.require("name"),
  key: config.getSecret("key"),
  urn_: pulumi.createUrn("first", "pulumi-nodejs:dynamic/toy:Toy"),
});
const second = new Toy("second", { name: pulumi.interpolate\`after-\${first.size}\` });
exports.size = second.size;
exports.key = first.key;
`;

const open = (project: { projectDir: string; workDir: string }): Promise<Stack> =>
  openStack({
    projectDir: project.projectDir,
    stack: "dev",
    stateDir: join(project.workDir, "state"),
    passphrase: "correct horse",
    configFile: join(project.workDir, "Pulumi.dev.yaml"),
  });

const opsOf = (events: readonly object[]): readonly string[] =>
  events
    .filter((event): event is StepEvent => (event as StepEvent).kind === "step")
    .map(({ op, urn }) => `${op} ${urn.split("::").pop() ?? ""}`);

describe("a stack from its first preview to its end", () => {
  const project = toyProject({ "Pulumi.yaml": YAML, "index.js": PROGRAM });
  const stateFile = join(project.workDir, "state", "toys", "dev.json");
  let stack: Stack;

  beforeAll(async () => {
    stack = await open(project);
    stack.config.set("name", "car");
    stack.config.set("key", { secret: "s3cret-key" });
  });

  it("previews without making anything", async () => {
    const { exitCode, summary, text } = await stack.preview();
    expect(exitCode).toBe(0);
    expect(summary?.changes).toEqual({ create: 3 });
    expect(text).toContain("name      : [unknown]");
    expect(stack.exportState().stored.resources).toBeUndefined();
  });

  it("makes the resources, one after what it needs, and passes on status and diagnostics", async () => {
    const { exitCode, events } = await stack.up();
    expect(exitCode).toBe(0);
    expect(opsOf(events)).toEqual(["create toys-dev", "create default", "create first", "create second"]);
    const urn = "urn:pulumi:dev::toys::pulumi-nodejs:dynamic/toy:Toy::first";
    expect(events).toContainEqual({ kind: "status", urn, message: "half way" });
    expect(events).toContainEqual({ kind: "diagnostic", severity: "info", urn, message: "made car" });
    expect(stack.outputs()).toEqual({ key: "[secret]", size: 7 });
    expect(stack.outputs({ showSecrets: true })).toEqual({ key: "s3cret-key", size: 7 });
  });

  it("keeps secrets out of the state, the settings and what is printed", async () => {
    const { text } = await stack.preview();
    const settings = readFileSync(join(project.workDir, "Pulumi.dev.yaml"), "utf8");
    for (const written of [readFileSync(stateFile, "utf8"), settings, text])
      expect(written).not.toContain("s3cret-key");
    expect(JSON.stringify(stack.exportState().shown)).toContain("s3cret-key");
  });

  it("names what an update changes", async () => {
    stack.config.set("name", "truck");
    const { summary, text } = await stack.preview();
    expect(summary?.changes).toEqual({ same: 1, update: 2 });
    expect(text).toContain('~ name: "car" => "truck"');
    expect((await stack.up()).summary?.changes).toEqual({ same: 1, update: 2 });
    expect((await stack.up()).summary?.changes).toEqual({ same: 3 });
  });

  it("ends with nothing, and leaves the project's folder as it was", async () => {
    expect((await stack.destroy()).summary?.changes).toEqual({ delete: 3 });
    expect(stack.exportState().stored.resources).toBeUndefined();
    expect(readdirSync(project.projectDir).sort()).toEqual([
      "Pulumi.yaml",
      "index.js",
      "node_modules",
      "package.json",
    ]);
  });

  it.each([
    ["target", ["urn"]],
    ["expect-no-changes", true],
    ["clear-pending-creates", true],
  ])("refuses --%s", async (flag, value) => {
    const name = flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    const { exitCode, outOfScope, events } = await stack.up({ flags: { [name]: value } as object });
    expect({ exitCode, outOfScope, events }).toEqual({
      exitCode: 1,
      outOfScope: `the rehearsal does not take --${flag}; use the Pulumi CLI`,
      events: [],
    });
  });

  it("does not open with another passphrase", async () => {
    const reopened = openStack({
      projectDir: project.projectDir,
      stack: "dev",
      stateDir: join(project.workDir, "state"),
      passphrase: "wrong",
      configFile: join(project.workDir, "Pulumi.dev.yaml"),
    });
    await expect(reopened).rejects.toThrow(/incorrect passphrase/);
  });
});

describe("programs", () => {
  it("may be TypeScript, and have resources of other packages, which the output says are not real", async () => {
    const program = `
      import * as pulumi from "@pulumi/pulumi";
      class Group extends pulumi.CustomResource {
        constructor(name: string) {
          super("azure-native:resources:ResourceGroup", name, { resourceGroupName: "ml" }, { version: "3.1.0" });
        }
      }
      export const id: pulumi.Output<string> = new Group("rg").id;
    `;
    const yaml = "name: toys\nruntime: nodejs\nmain: index.ts\n";
    const stack = await open(toyProject({ "Pulumi.yaml": yaml, "index.ts": program }));
    const { exitCode, text } = await stack.up({ env: { PULUMI_NODEJS_TRANSPILE_ONLY: "true" } });
    expect({ exitCode, text }).toMatchObject({
      exitCode: 0,
      text: expect.stringContaining("not really made") as string,
    });
    expect(stack.outputs()).toEqual({
      id: "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/ml",
    });
  });

  it("that fail say why, in plain text", async () => {
    const program = 'throw Object.assign(new Error("no such thing"), { code: "Odd" });';
    const stack = await open(toyProject({ "Pulumi.yaml": YAML, "index.js": program }));
    const { exitCode, text } = await stack.preview();
    expect(exitCode).toBe(1);
    expect(text).toMatch(/unhandled exception:\nError: no such thing\n[^]*code: 'Odd'/);
    expect(text).not.toContain("\u001b");
  });

  it.each([
    ["import", 'new Toy("old", { name: "x" }, { import: "id-1" });', "import resources"],
    ["deletedWith", 'new Toy("b", {}, { deletedWith: a });', "take the option deletedWith"],
    [
      "customTimeouts",
      'new Toy("b", {}, { customTimeouts: { create: "5m" } });',
      "take the option customTimeouts",
    ],
    ["replaceWith", 'new Toy("b", {}, { replaceWith: [a] });', "take the option replaceWith"],
    [
      "replaceOnChanges",
      'new Toy("b", {}, { replaceOnChanges: ["name"] });',
      "take the option replaceOnChanges",
    ],
    ["providers", 'new pulumi.ProviderResource("aws", "own");', "make providers that a program asks for"],
    [
      "paths into lists",
      'new Toy("b", {}, { ignoreChanges: ["l[0]"] });',
      "ignore changes of l[0], only of inputs and keys in them",
    ],
    ["resources as values", 'new Toy("b", { a });', "take a whole resource as a value (a)"],
    [
      "stack references",
      'new pulumi.StackReference("organization/platform/prod");',
      "read other stacks (stack references)",
    ],
    [
      "the engine's own resources",
      'new pulumi.CustomResource("pulumi:index:Stash", "kept", { input: 1 });',
      "manage resources of type pulumi:index:Stash",
    ],
    ["functions", 'pulumi.runtime.invoke("a:b:c", {});', "call functions of packages (a:b:c)"],
  ])("that ask for more end at once: %s", async (_, asks, feature) => {
    const program = `
      const pulumi = require("@pulumi/pulumi");
      ${TOY_CLASS}
      const a = new pulumi.ComponentResource("toy:index:Group", "a");
      ${asks}
    `;
    const stack = await open(toyProject({ "Pulumi.yaml": YAML, "index.js": program }));
    const { exitCode, outOfScope } = await stack.up();
    expect({ exitCode, outOfScope }).toEqual({
      exitCode: 1,
      outOfScope: `the rehearsal does not ${feature}; use the Pulumi CLI`,
    });
    const made = (stack.exportState().stored.resources ?? []).map(({ type }) => type);
    expect(made).not.toContain("pulumi-nodejs:dynamic/toy:Toy");
  });

  it("that leave promises open fail, after everything that they registered was made", async () => {
    const program = `
      const pulumi = require("@pulumi/pulumi");
      ${TOY_CLASS}
      new Toy("made", { name: "x" });
      new Toy("never", { name: pulumi.output(new Promise(() => {})) });
    `;
    const stack = await open(toyProject({ "Pulumi.yaml": YAML, "index.js": program }));
    const { exitCode, text, summary } = await stack.up();
    expect({ exitCode, result: summary?.result }).toEqual({ exitCode: 1, result: "failed" });
    expect(text).toMatch(/The Pulumi runtime detected that \d+ promises were still active/);
    const made = (stack.exportState().stored.resources ?? []).map(({ urn }) => String(urn).split("::").pop());
    expect(made).toEqual(["toys-dev", "default", "made"]);
  });
});
