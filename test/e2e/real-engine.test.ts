import { spawn } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../emulator";
import { copyProject, repository, type ProjectFolder } from "../harness/project-folder";
import { named, withCli } from "../harness/engines/rows";

// What only the Pulumi CLI does: policy packs, and programs that run it through the Automation API.

jest.setTimeout(600_000);

let emulator: Emulator;
let folder: ProjectFolder;
beforeEach(async () => {
  emulator = await startEmulator({ operationTime: 10 });
  folder = copyProject(join(repository(), "examples", "quickstart"));
});
afterEach(async () => {
  folder.remove();
  await emulator.close();
});

/** Runs a script of ES modules that drives stacks of its own; gives what it prints as JSON. */
async function automate(script: string): Promise<unknown> {
  writeFileSync(
    join(folder.project, "automate.mjs"),
    `${PRELUDE}\nconsole.log(JSON.stringify(await main()));\n${script}`,
  );
  const child = spawn(process.execPath, ["automate.mjs"], {
    cwd: folder.project,
    env: {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${folder.engine}`,
      PULUMI_HOME: join(folder.engine, "home"),
      PULUMI_CONFIG_PASSPHRASE: "a passphrase",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      AZUREML_DISCOVERY_URL: emulator.discoveryUrl,
      AZUREML_ACCESS_TOKEN: emulator.accessToken,
      WORKSPACE_ID: emulator.workspaceId,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`the script failed with ${String(code)}:\n${stderr}${stdout}`);
  return JSON.parse(stdout) as unknown;
}

const PRELUDE = `
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
const workspace = { value: process.env.WORKSPACE_ID };
const reached = (kind, result) => [kind, result.summary?.result ?? result.changeSummary, result.summary?.resourceChanges];
`;

withCli(named("a project of its own, from preview to destroy, through the Automation API"), async () => {
  const done = await automate(`
    async function main() {
      const stack = await LocalWorkspace.createOrSelectStack({ stackName: "dev", workDir: process.cwd() });
      await stack.setConfig("azureml:workspaceId", workspace);
      const preview = await stack.preview();
      const up = await stack.up();
      await stack.setConfig("cpuCores", { value: "1" });
      const second = await stack.up();
      const refresh = await stack.refresh();
      const destroy = await stack.destroy();
      await stack.workspace.removeStack("dev");
      return {
        preview: preview.changeSummary,
        changes: [up, second, refresh, destroy].map(({ summary }) => [summary.result, summary.resourceChanges]),
        outputs: [up.outputs.scoringUri.value, up.outputs.primaryKey.secret],
      };
    }`);
  expect(done).toEqual({
    preview: { create: 2 },
    changes: [
      ["succeeded", { create: 2 }],
      ["succeeded", { same: 1, update: 1 }],
      ["succeeded", { same: 2 }],
      ["succeeded", { delete: 2 }],
    ],
    outputs: [`${emulator.url}/api/v1/service/fraud/score`, true],
  });
});

withCli(named("an inline program makes a service, and destroys it, through the Automation API"), async () => {
  const done = await automate(`
    import * as azureml from "pulumi-azureml";
    async function main() {
      const program = async () => {
        const service = new azureml.AksWebservice("inline", { computeTargetName: "aks-prod", models: ["fraud:7"] });
        return { name: service.name, cpuCores: service.cpuCores };
      };
      const stack = await LocalWorkspace.createOrSelectStack({ stackName: "dev", projectName: "inline", program });
      await stack.setConfig("azureml:workspaceId", workspace);
      const up = await stack.up();
      const destroy = await stack.destroy();
      return [up.outputs.name.value, up.outputs.cpuCores.value, destroy.summary.result];
    }`);
  expect(done).toEqual(["inline", 0.1, "succeeded"]);
});

withCli(named("examples/policy-pack judges a service's settings before anything is sent"), async () => {
  const pack = join(folder.root, "policy-pack");
  cpSync(join(repository(), "examples", "policy-pack"), pack, { recursive: true });
  const done = (await automate(`
    import * as azureml from "pulumi-azureml";
    async function main() {
      let settings = {};
      const program = async () => void new azureml.AksWebservice("fraud", { computeTargetName: "aks-prod", models: ["fraud:7"], ...settings });
      const stack = await LocalWorkspace.createOrSelectStack({ stackName: "prod", projectName: "judged", program });
      await stack.setConfig("azureml:workspaceId", workspace);
      const policyPacks = [${JSON.stringify(pack)}];
      const judge = () => stack.preview({ policyPacks }).then(({ changeSummary }) => changeSummary, (error) => error.message);
      const refused = await judge();
      settings = { authEnabled: false, numReplicas: 2, cpuCoresLimit: 1, memoryGbLimit: 1 };
      const open = await judge();
      delete settings.authEnabled;
      return { refused, open, passed: await judge() };
    }`)) as { refused: string; open: string; passed: unknown };
  expect(done.refused).toContain("fraud: at least 2 replicas are needed, found 1.");
  expect(done.refused).toContain("fraud: cpuCoresLimit and memoryGbLimit must be set.");
  expect(done.refused).not.toContain("the endpoint is open");
  expect(done.open).toContain("fraud: the endpoint is open.");
  expect(done.open).not.toContain("replicas are needed");
  expect(done.passed).toEqual({ create: 2 });
  expect(emulator.requests()).toEqual([]);
});
