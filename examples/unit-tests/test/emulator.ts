import * as assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { startEmulator } from "pulumi-azureml/emulator";
import { scoringService } from "../service";

// The real engine runs the program against an emulated workspace: this needs the Pulumi CLI, and neither Azure nor an account.
void test("the service is made, answers, and is changed in place", async () => {
  const emulator = await startEmulator({ operationTime: 10 });
  const state = mkdtempSync(join(tmpdir(), "unit-tests-"));
  try {
    let release = "2026.11";
    const program = async () => ({ uri: scoringService({ replicas: 2, release }).scoringUri });
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: "test", projectName: "unit-tests", program },
      {
        envVars: {
          PULUMI_BACKEND_URL: `file://${state}`,
          PULUMI_CONFIG_PASSPHRASE: "only for tests",
          AZUREML_DISCOVERY_URL: emulator.discoveryUrl,
          AZUREML_ACCESS_TOKEN: emulator.accessToken,
        },
      },
    );
    await stack.setConfig("azureml:workspaceId", { value: emulator.workspaceId });
    const made = await stack.up();
    assert.match(String(made.outputs["uri"]?.value), /\/service\/fraud\/score$/);
    release = "2026.12";
    const changed = await stack.up();
    assert.equal(changed.summary.resourceChanges?.["update"], 1);
    await stack.destroy();
  } finally {
    await emulator.close();
    rmSync(state, { recursive: true, force: true });
  }
});
