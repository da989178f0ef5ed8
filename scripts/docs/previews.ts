import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { copyProject, repository } from "../demo/project-folder";
import { startEmulatorProcess, type EmulatorProcess } from "../demo/emulator-process";
import type { Engine, EngineStack, RunResult } from "../engines/engine";
import { shown, type Shown } from "./verdicts";

/** The text of each preview, as the engine prints it for people. */
export async function previewsUnder(engine: Engine): Promise<Record<string, string>> {
  const project = copyProject(join(repository(), "examples", "quickstart"));
  project.take(join(repository(), "scripts", "demo", "program"));
  const emulator = await startEmulatorProcess(repository(), ["--operation-time", "50"]);
  try {
    const texts: Record<string, string> = {};
    for (const one of shown) texts[one.name] = await preview(engine, project, emulator, one);
    return texts;
  } finally {
    await emulator.stop();
    project.remove();
  }
}

type Project = ReturnType<typeof copyProject>;

async function preview(
  engine: Engine,
  project: Project,
  emulator: EmulatorProcess,
  one: Shown,
): Promise<string> {
  const workDir = join(project.engine, one.name);
  mkdirSync(workDir);
  const stack = await engine.open({
    projectDir: project.project,
    stack: "prod",
    workDir,
    passphrase: "docs",
    env: { AZUREML_DISCOVERY_URL: emulator.discoveryUrl, AZUREML_ACCESS_TOKEN: emulator.accessToken },
  });
  try {
    await stack.setConfig({ "azureml:workspaceId": emulator.workspaceId });
    const settings = (values: object) => ({ [`${project.name}:settings`]: JSON.stringify(values) });
    await stack.setConfig(settings(one.before));
    await expectSuccess(stack.up());
    await stack.setConfig(settings(one.after));
    const { text } = await stack.preview();
    await expectSuccess(stack.destroy());
    return readable(text, emulator);
  } finally {
    await stack.close();
  }
}

async function expectSuccess(run: ReturnType<EngineStack["up"]>): Promise<RunResult> {
  const result = await run;
  if (result.exitCode !== 0) throw new Error(result.text);
  return result;
}

/** What differs from run to run, and what only the emulator's address adds. */
const readable = (text: string, emulator: EmulatorProcess): string =>
  text
    .replaceAll(emulator.workspaceId, "/subscriptions/…/workspaces/ml")
    .replaceAll(emulator.url, "http://aks")
    .split("\n")
    .filter((line) => !/^\s*(Duration|View|Permalink|Loading|@ )/.test(line))
    .map((line) => line.trimEnd())
    .join("\n")
    .replace(/\n{3,}/g, "\n\n");
