import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../emulator";
import { copyProject, repository, type ProjectFolder } from "../harness/project-folder";
import { findPulumi } from "../harness/engines/pulumi";

// What only the Pulumi CLI does: policy packs, and programs that run it through the Automation API.

const cli = findPulumi() !== undefined;
const withCli = cli ? test : test.skip;
const named = (name: string): string => (cli ? name : `${name} (skipped: no Pulumi CLI)`);

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

/** In production a service has fixed replicas or bounds, and nobody scores without a key. */
const POLICY = `
const policy = require("@pulumi/policy");
new policy.PolicyPack("services", { policies: [{
  name: "memory-is-bounded", description: "A service says how much memory it takes.", enforcementLevel: "mandatory",
  validateResource: ({ type, props, name }, report) => {
    if (type === "pulumi-nodejs:dynamic/azureml:AksWebservice" && !(props.memoryGb <= Number(process.env.LIMIT ?? 0.5)))
      report(\`\${name} takes \${props.memoryGb} GB of memory; the limit is \${process.env.LIMIT ?? 0.5}\`);
  },
}] });
`;

withCli(named("a policy pack judges a service's settings before anything is sent"), async () => {
  const pack = join(folder.root, "policy");
  mkdirSync(pack);
  writeFileSync(join(pack, "PulumiPolicy.yaml"), "runtime: nodejs\nversion: 0.0.1\n");
  writeFileSync(join(pack, "package.json"), '{"name":"policy","version":"0.0.1","main":"index.js"}');
  writeFileSync(join(pack, "index.js"), POLICY);
  const done = (await automate(`
    async function main() {
      const stack = await LocalWorkspace.createOrSelectStack({ stackName: "dev", workDir: process.cwd() });
      await stack.setConfig("azureml:workspaceId", workspace);
      const policyPacks = [${JSON.stringify(pack)}];
      const refused = await stack.up({ policyPacks }).then(() => "passed", (error) => error.message);
      process.env.LIMIT = "2";
      const passed = await stack.preview({ policyPacks });
      return { refused, passed: passed.changeSummary };
    }`)) as { refused: string; passed: unknown };
  expect(done.refused).toContain("fraud takes 1 GB of memory; the limit is 0.5");
  expect(done.passed).toEqual({ create: 1, same: 1 }); // the stack itself was made
  expect(emulator.requests()).toEqual([]);
});
