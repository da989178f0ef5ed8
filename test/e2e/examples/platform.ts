import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { copyProject, type ProjectFolder } from "../../../scripts/demo/project-folder";
import { exampleFolder, workspaceConfig, type Session } from "../../../scripts/demo/session";
import type { ConfigInput, Engine, EngineStack } from "../../../scripts/engines/engine";
import { projectYaml } from "../../rehearsal/toy-project";

type Config = Readonly<Record<string, ConfigInput>>;

/** What examples/full-infrastructure is configured with. */
export const platformConfig: Config = {
  tenantId: "00000000-0000-0000-0000-000000000002",
  "azure-native:subscriptionId": "00000000-0000-0000-0000-000000000001",
};

export interface Platform {
  readonly stack: EngineStack;
  /** The copy of the example that it was made from. */
  readonly copied?: ProjectFolder;
}

/**
 * Makes the stack that another one refers to, `full-infrastructure/STACK`, from that example. The CLI would make it in
 * Azure; there, a program without resources has its outputs.
 */
export async function makePlatform(engine: Engine, session: Session, stack: string): Promise<Platform> {
  const platform = await (engine.name === "rehearsal" ? rehearsed(session, stack) : standIn(session, stack));
  const { exitCode, text } = await platform.stack.up();
  if (exitCode !== 0) throw new Error(`the platform's stack failed:\n${text}`);
  return platform;
}

async function rehearsed(session: Session, name: string): Promise<Platform> {
  const copied = copyProject(exampleFolder("full-infrastructure"));
  const stack = await session.openBeside(copied.project, name);
  await stack.setConfig({ ...workspaceConfig(session), ...platformConfig });
  return { stack, copied };
}

async function standIn(session: Session, name: string): Promise<Platform> {
  const project = join(session.folder.root, "platform");
  mkdirSync(project);
  const { workspaceId } = session.emulator();
  writeFileSync(join(project, "Pulumi.yaml"), projectYaml("full-infrastructure"));
  const outputs = { workspaceId, computeTargetName: "aks-prod" };
  writeFileSync(join(project, "index.js"), `Object.assign(exports, ${JSON.stringify(outputs)});\n`);
  return { stack: await session.openBeside(project, name) };
}

export async function endPlatform({ stack, copied }: Platform): Promise<void> {
  await stack.destroy();
  await stack.close();
  copied?.remove();
}
