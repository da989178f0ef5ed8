import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Session } from "../../harness/session";
import type { ConfigInput, EngineStack } from "../../harness/engines/engine";
import { projectYaml } from "../../harness/own-folder";

/** What examples/full-infrastructure is configured with. */
export const platformConfig: Readonly<Record<string, ConfigInput>> = {
  tenantId: "00000000-0000-0000-0000-000000000002",
  "azure-native:subscriptionId": "00000000-0000-0000-0000-000000000001",
};

/**
 * Makes the stack that another one refers to, `full-infrastructure/STACK`. That example would make it in Azure; here, a
 * program without resources has its outputs.
 */
export async function makePlatform(session: Session, name: string): Promise<EngineStack> {
  const project = join(session.folder.root, "platform");
  mkdirSync(project);
  const { workspaceId } = session.emulator();
  writeFileSync(join(project, "Pulumi.yaml"), projectYaml("full-infrastructure"));
  const outputs = { workspaceId, computeTargetName: "aks-prod" };
  writeFileSync(join(project, "index.js"), `Object.assign(exports, ${JSON.stringify(outputs)});\n`);
  const stack = await session.openBeside(project, name);
  const { exitCode, text } = await stack.up();
  if (exitCode !== 0) throw new Error(`the platform's stack failed:\n${text}`);
  return stack;
}

export async function endPlatform(stack: EngineStack): Promise<void> {
  await stack.destroy();
  await stack.close();
}
