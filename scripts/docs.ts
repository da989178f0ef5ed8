import { setTimeout as delay } from "node:timers/promises";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulatorProcess, type EmulatorProcess } from "../test/harness/emulator-process";
import type { Engine, EngineStack, RunResult } from "../test/harness/engines/engine";
import { findPulumi, pulumiEngine } from "../test/harness/engines/pulumi";
import { rehearsalEngine } from "../test/harness/engines/rehearsal";
import { copyProject, repository, type ProjectFolder } from "../test/harness/project-folder";
import { drawPictures } from "./picture";
import { runProgram } from "./program";
import { callWorkspace } from "../test/harness/workspace";

/** One preview for docs/concepts.md: what is deployed, and what the program says then. */
interface Shown {
  readonly name: string;
  /** Unset: nothing is deployed before. */
  readonly before?: Readonly<Record<string, unknown>>;
  /** What somebody else does to the workspace then. */
  readonly outside?: Outside;
  /** With `azureml:livePreview`. */
  readonly live?: true;
  readonly after: Readonly<Record<string, unknown>>;
}

interface Outside {
  readonly method: "POST" | "PATCH";
  readonly path: string;
  readonly body: unknown;
}

const byPython = (more: Readonly<Record<string, unknown>> = {}): Outside => ({
  method: "POST",
  path: "/services",
  body: {
    name: "fraud",
    computeType: "AKS",
    computeName: "aks-prod",
    environmentImageRequest: { modelIds: ["fraud:7"] },
    kvTags: { by: "python" },
    ...more,
  },
});

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
  { name: "open", before: base, after: { ...base, authEnabled: false } },
  {
    name: "drift",
    live: true,
    before: { ...base, numReplicas: 3 },
    outside: {
      method: "PATCH",
      path: "/services/fraud",
      body: [
        { op: "replace", path: "/numReplicas", value: 8 },
        { op: "replace", path: "/kvTags", value: { release: "2026.11", onCall: "alice" } },
      ],
    },
    after: { ...base, numReplicas: 3, tags: { release: "2026.12" } },
  },
  { name: "adopt", live: true, outside: byPython(), after: { ...base, adopt: true } },
  {
    name: "adopt-refused",
    live: true,
    outside: byPython({ properties: { team: "fraud" } }),
    after: { ...base, adopt: true },
  },
  {
    name: "taken",
    live: true,
    outside: byPython({
      properties: { "pulumi-created-by": "0", "pulumi-claim-1": "0 2026-11-24 acme/fraud/prod" },
    }),
    after: base,
  },
  { name: "invalid", live: true, before: base, after: { ...base, models: ["fraud:8"] } },
];

const OPERATION_MS = 50;

/** Writes the previews in docs/concepts.md anew, and README's pictures from them. The CLI's stay as they are where there is no CLI. */
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
  drawPictures();
  return 0;
}

/** The text of each preview, as the engine prints it for people. */
async function previewsUnder(engine: Engine): Promise<Record<string, string>> {
  const project = copyProject(join(repository(), "examples", "quickstart"));
  project.take(join(repository(), "scripts", "demo", "program"));
  // With a seed the workspace knows only what it lists, so that its validation has something to refuse.
  const seed = join(project.root, "seed.json");
  const computes = [{ name: "aks-prod" }, { name: "aks-new" }];
  writeFileSync(seed, JSON.stringify({ computes, models: [{ id: "fraud:7", framework: "ScikitLearn" }] }));
  const options = ["--operation-time", String(OPERATION_MS), "--seed", seed];
  const emulator = await startEmulatorProcess(repository(), options);
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
    if (one.before) {
      await stack.setConfig(settings(one.before));
      await expectSuccess(stack.up());
    }
    if (one.outside) await outside(emulator, one.outside.method, one.outside.path, one.outside.body);
    await stack.setConfig({ ...settings(one.after), "azureml:livePreview": String(one.live === true) });
    const { text } = await stack.preview();
    await expectSuccess(stack.destroy());
    if (!one.before) await outside(emulator, "DELETE", "/services/fraud");
    return readable(text, emulator);
  } finally {
    await stack.close();
  }
}

/** Another hand's request to the workspace. */
async function outside(
  emulator: EmulatorProcess,
  method: string,
  path: string,
  body?: unknown,
): Promise<void> {
  const response = await callWorkspace(emulator, method, path, body);
  if (!response.ok) throw new Error(await response.text());
  // An operation ends by itself, in the time that the emulator was started with.
  await delay(4 * OPERATION_MS);
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
