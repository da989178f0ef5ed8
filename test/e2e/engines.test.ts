import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../../emulator";
import type { Engine, RunResult } from "../harness/engines/engine";
import { findPulumi, pulumiEngine } from "../harness/engines/pulumi";
import { rehearsalEngine } from "../harness/engines/rehearsal";
import { stepList } from "../harness/engines/steps";
import { stories, tell } from "./stories";
import { projectYaml } from "../harness/own-folder";
import { TOY_CLASS, toyProject } from "../rehearsal/toy-project";

jest.setTimeout(600_000);

const YAML = projectYaml("toys");

const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
${TOY_CLASS}
const group = new pulumi.ComponentResource("toy:index:Group", "group");
const first = new Toy("first", { name: "car", key: pulumi.secret("s3cret"), l: [1, { a: null }] }, { parent: group });
const second = new Toy("second", { name: pulumi.interpolate\`after-\${first.size}\` });
exports.size = second.size;
exports.key = first.key;
`;

const cli = findPulumi();

/** The suite's name says when it does not run. */
const whereThereIsACli = cli === undefined ? describe.skip : describe;

whereThereIsACli(cli === undefined ? "skipped: no Pulumi CLI" : "both engines", () => {
  // Much of a story is waiting: one of a program that fails waits 30 s for what it had asked for.
  it.concurrent.each(Object.entries(stories))("tell the same story, step by step: %s", async (_, story) => {
    const [rehearsed, real] = await Promise.all([tell(rehearsalEngine, story), tell(pulumiEngine, story)]);
    expect(rehearsed).toEqual(real);
  });

  it("run examples/quickstart in the same way", async () => {
    const emulator = await startEmulator({ operationTime: 10 });
    const run = async (engine: Engine): Promise<readonly object[]> => {
      const stack = await engine.open({
        projectDir: join(__dirname, "..", "..", "examples", "quickstart"),
        workDir: mkdtempSync(join(tmpdir(), "engines-")),
        stack: "compare",
        passphrase: "x",
        env: { AZUREML_DISCOVERY_URL: emulator.discoveryUrl, AZUREML_ACCESS_TOKEN: emulator.accessToken },
      });
      await stack.setConfig({ "azureml:workspaceId": emulator.workspaceId });
      const done: object[] = [];
      const note = ({ exitCode, changes, events }: RunResult): void =>
        void done.push({ exitCode, changes, steps: stepList(events) });
      note(await stack.preview());
      note(await stack.up());
      await stack.setConfig({ cpuCores: "1" });
      note(await stack.up());
      note(await stack.up());
      note(await stack.destroy());
      await stack.close();
      return done;
    };
    const rehearsed = await run(rehearsalEngine);
    const real = await run(pulumiEngine);
    await emulator.close();
    expect(rehearsed).toEqual(real);
    expect(rehearsed).toMatchObject([
      {},
      { changes: { create: 2 } },
      { changes: { update: 1 } },
      { changes: { same: 2 } },
      {},
    ]);
  });

  it("agree about a state: the CLI imports the rehearsal's, and finds nothing to do", async () => {
    const { projectDir, workDir } = toyProject({ "Pulumi.yaml": YAML, "index.js": PROGRAM });
    const rehearsed = await rehearsalEngine.open({ projectDir, workDir, stack: "dev", passphrase: "x" });
    await rehearsed.up();
    const realWork = join(workDir, "real");
    mkdirSync(realWork);
    const real = await pulumiEngine.open({ projectDir, workDir: realWork, stack: "dev", passphrase: "x" });
    await real.importState(join(workDir, "state", "toys", "dev.json"));
    const { exitCode, changes } = await real.preview({ flags: { expectNoChanges: true } });
    expect({ exitCode, changes }).toEqual({ exitCode: 0, changes: { same: 4 } });
    expect(await real.outputs({ showSecrets: true })).toEqual({ size: 7, key: "s3cret" });
    await real.close();
  });
});
