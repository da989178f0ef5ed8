import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulatorProcess, type EmulatorProcess } from "../test/harness/emulator-process";
import type { Engine, EngineStack, RunResult } from "../test/harness/engines/engine";
import { findPulumi, pulumiEngine } from "../test/harness/engines/pulumi";
import { rehearsalEngine } from "../test/harness/engines/rehearsal";
import { copyProject, repository, type ProjectFolder } from "../test/harness/project-folder";
import { runProgram } from "./program";

/** One preview for docs/concepts.md: what is deployed, and what the program says then. */
interface Shown {
  readonly name: string;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

const base = { cpuCores: 0.5, memoryGb: 1, tags: { release: "2026.11" }, properties: { team: "risk" } };

/** A preview of each kind of verdict. */
const shown: readonly Shown[] = [
  { name: "record", before: base, after: { ...base, memoryGb: undefined } },
  {
    name: "update",
    before: base,
    after: {
      ...base,
      cpuCores: 0.7,
      tags: { release: "2026.12" },
      properties: { team: "risk", tier: "gold" },
    },
  },
  { name: "replace", before: base, after: { ...base, computeTargetName: "aks-new" } },
  {
    name: "refused",
    before: base,
    after: { ...base, cpuCore: 1, memoryGb: "2", properties: { team: "fraud" } },
  },
];

/** Writes the previews in docs/concepts.md anew. The CLI's stay as they are where there is no CLI. */
async function main(): Promise<number> {
  if (!findPulumi()) throw new Error("NoCli: the page shows both engines; put the Pulumi CLI on PATH.");
  const page = join(repository(), "docs", "concepts.md");
  const [cli, rehearsal] = [await previewsUnder(pulumiEngine), await previewsUnder(rehearsalEngine)];
  const text = shown.reduce(
    (all, { name }) =>
      withBlock(
        all,
        `preview:${name}`,
        [excerpt("The Pulumi CLI", cli[name]!), excerpt("The rehearsal engine", rehearsal[name]!)].join(
          "\n\n",
        ),
      ),
    readFileSync(page, "utf8"),
  );
  writeFileSync(page, text);
  return 0;
}

/** The text of each preview, as the engine prints it for people. */
async function previewsUnder(engine: Engine): Promise<Record<string, string>> {
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

async function preview(
  engine: Engine,
  project: ProjectFolder,
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

/** The page with new text between `<!-- name:begin -->` and `<!-- name:end -->`. */
const withBlock = (page: string, name: string, text: string): string => {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`NoBlock: the page has no block ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${text.trim()}\n\n${page.slice(to)}`;
};

/** A fenced excerpt under the engine's name. */
const excerpt = (title: string, text: string): string =>
  [`${title}:`, "", "```text", text.trim(), "```"].join("\n");

runProgram("docs", main);
