import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Engine, EngineStack, RunResult } from "../../scripts/engines/engine";
import { findPulumi, pulumiEngine } from "../../scripts/engines/pulumi";
import { rehearsalEngine } from "../../scripts/engines/rehearsal";
import { stepList } from "../../scripts/engines/steps";
import { projectYaml, toyProject } from "./toy-project";

jest.setTimeout(600_000);

const code = (body: string): string => `const pulumi = require("@pulumi/pulumi");\n${body}\n`;

const PLATFORM = code('exports.compute = "aks-prod"; exports.key = pulumi.secret("hush");');
const USER = code(`
const platform = new pulumi.StackReference("organization/platform/prod");
exports.compute = platform.requireOutput("compute");
exports.key = platform.getOutput("key");
`);

interface Stacks {
  readonly platform: EngineStack;
  readonly user: EngineStack;
  /** Gives the user's stack another program. */
  write(program: string): void;
  close(): Promise<void>;
}

/** Two projects, each with a stack, whose states are kept in one place. */
async function openStacks(engine: Engine): Promise<Stacks> {
  const { projectDir, workDir } = toyProject({ "Pulumi.yaml": projectYaml("user"), "index.js": USER });
  const platformDir = join(projectDir, "platform");
  mkdirSync(platformDir);
  writeFileSync(join(platformDir, "Pulumi.yaml"), projectYaml("platform"));
  writeFileSync(join(platformDir, "index.js"), PLATFORM);
  const request = { workDir, stack: "prod", passphrase: "x" };
  const platform = await engine.open({ ...request, projectDir: platformDir });
  const user = await engine.open({ ...request, projectDir });
  return {
    platform,
    user,
    write: (program) => writeFileSync(join(projectDir, "index.js"), program),
    close: () => platform.close().then(() => user.close()),
  };
}

const told = ({ exitCode, changes, events }: RunResult) => ({
  exitCode,
  changes,
  steps: stepList(events).map(({ op, urn }) => `${op} ${urn.split("::").slice(2).join(" ")}`),
});

const errors = ({ events }: RunResult): readonly string[] =>
  events.flatMap((event) =>
    event.kind === "diagnostic" && event.severity === "error" && event.urn !== ""
      ? [event.message.trim()]
      : [],
  );

const PROVIDER = "pulumi:providers:pulumi default";
const STACK = "pulumi:pulumi:Stack user-prod";
const REFERENCE = "pulumi:pulumi:StackReference organization/platform/prod";
const each = (op: string): readonly string[] => [`${op} ${PROVIDER}`, `${op} ${STACK}`];

const cli = findPulumi() !== undefined;
const engines = [
  { engine: rehearsalEngine, runs: true, name: "the rehearsal" },
  { engine: pulumiEngine, runs: cli, name: `the Pulumi CLI${cli ? "" : " (skipped: no Pulumi CLI)"}` },
];

for (const { engine, runs, name } of engines) {
  (runs ? describe : describe.skip)(`stack references under ${name}`, () => {
    let stacks: Stacks;
    beforeEach(async () => (stacks = await openStacks(engine)));
    afterEach(() => stacks.close());

    it("read another stack's outputs, and follow them", async () => {
      const { platform, user } = stacks;
      await platform.up();
      expect(told(await user.preview())).toMatchObject({ exitCode: 0, changes: { create: 1 } });
      expect(told(await user.up())).toEqual({
        exitCode: 0,
        changes: { create: 1 },
        steps: [...each("create"), `read ${REFERENCE}`],
      });
      expect(await user.outputs()).toEqual({ compute: "aks-prod", key: "[secret]" });
      expect(await user.outputs({ showSecrets: true })).toEqual({ compute: "aks-prod", key: "hush" });
      expect(told(await user.up())).toEqual({
        exitCode: 0,
        changes: { same: 1 },
        steps: [...each("same"), `read ${REFERENCE}`],
      });
      expect(told(await user.refresh()).steps).toEqual([...each("refresh"), `refresh ${REFERENCE}`]);
      expect(told(await user.destroy())).toEqual({
        exitCode: 0,
        changes: { delete: 1, discard: 1 },
        steps: [...each("delete"), `discard ${REFERENCE}`],
      });
    });

    it("keep another stack's secrets encrypted in this one's state", async () => {
      const { platform, user } = stacks;
      await platform.up();
      await user.up();
      const { shown, stored } = await user.exportState();
      expect(JSON.stringify(shown)).toContain("hush");
      expect(JSON.stringify(stored)).not.toContain("hush");
    });

    it("find a stack that was made and never updated", async () => {
      const { user, write } = stacks;
      write(
        code('exports.all = new pulumi.StackReference("r", { name: "organization/platform/prod" }).outputs;'),
      );
      expect(told(await user.up()).exitCode).toBe(0);
      expect(await user.outputs()).toEqual({ all: {} });
    });

    it("count a read when the other stack's outputs have changed", async () => {
      const { platform, user, write } = stacks;
      write(code('new pulumi.StackReference("organization/platform/prod");'));
      await user.up();
      await platform.up();
      expect(told(await user.up()).changes).toEqual({ same: 1, read: 1 });
    });

    it.each([
      ["organization/platform/dev", 'unknown stack "organization/platform/dev"'],
      ["dev", 'unknown stack "dev"'],
      ["acme/platform/prod", "organization name must be 'organization'"],
      ["platform/prod", "organization name must be 'organization'"],
      ["a/b/c/d", "a stack name may not be empty"],
    ])("refuse %s", async (stack, said) => {
      stacks.write(code(`new pulumi.StackReference("${stack}");`));
      const result = await stacks.user.up();
      expect({ failed: result.exitCode !== 0, errors: errors(result) }).toEqual({
        failed: true,
        errors: [said],
      });
    });
  });
}

it("the rehearsal refuses other resources of the engine's own package", async () => {
  const stacks = await openStacks(rehearsalEngine);
  stacks.write(code('new pulumi.CustomResource("pulumi:index:Stash", "kept", { input: 1 });'));
  const { exitCode, text } = await stacks.user.up();
  await stacks.close();
  expect(exitCode).toBe(1);
  expect(text).toContain("the rehearsal does not manage resources of type pulumi:index:Stash");
});
