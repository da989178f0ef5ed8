import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineStack } from "../../harness/engines/engine";
import { changes, requests, runCommand, type Command, type Operation } from "../../harness/operation";
import { repository } from "../../harness/project-folder";
import { run, type Ended } from "../../harness/run";
import { workspaceConfig } from "../../harness/session";
import { openWorkspace } from "../../harness/workspace";
import { planOf, type Crossing, type Services } from "../crossing";
import { configurationOf, everySetting, plainService } from "../settings";

/** What the Python client makes of each: models alone, models with code, a folder of code, an image, a registered model. */
const deployed: Services = {
  ...everySetting("team"),
  script: plainService("script", { cpuCores: 0.5, tags: { 'quo"te': "${x} 🧪" } }),
  folder: plainService("folder", { numReplicas: 2, tokenAuthEnabled: true, authEnabled: false }),
  registered: plainService("registered", { properties: { team: "risk" } }),
};
const names = Object.keys(deployed).sort();

const code: Readonly<Record<string, object>> = {
  script: { environment: "env-a" },
  folder: { environment: "env-b", folder: "src" },
};

/** The line with which the program says what each one runs. */
const kinds: Readonly<Record<string, string>> = {
  "team-scaled": "// Runs registered models without code.",
  "team-fixed": "// Runs registered models without code.",
  "team-image": "// Runs the image img:1.",
  script: "// Runs code (score.py, in env-a), which stays as it is: give inferenceConfig to deploy your own.",
  folder:
    "// Runs code (src/score.py, in env-b), which stays as it is: give inferenceConfig to deploy your own.",
  registered: "// Runs registered models without code.",
};

export async function imported(crossing: Crossing): Promise<void> {
  const model = await deploy(crossing);
  await snapshot(crossing, model);
  await write(crossing);
  const { root } = crossing.session.folder;
  const stack = await crossing.session.openBeside(join(root, "imported"), "prod");
  await stack.setConfig(workspaceConfig(crossing.session));
  try {
    await adopt(crossing, stack);
    await giveBack(crossing, stack);
  } finally {
    await stack.close();
  }
}

async function deploy({ python, check }: Crossing): Promise<string> {
  const model = (await python.call("register", { name: "weights" })) as string;
  for (const [name, settings] of Object.entries(deployed)) {
    const { compute_target_name: compute, ...config } = configurationOf(settings);
    await (settings.imageId === undefined
      ? python.call("deploy", {
          name,
          config: { ...config, compute_target_name: compute },
          ...code[name],
          ...(name === "registered" ? { models: [model] } : {}),
        })
      : python.call("deploy_image", { name, config, image: settings.imageId }));
  }
  check("azureml-core deploys a service of each kind", await python.call("names"), names);
  return model;
}

/** Runs the program `pulumi-azureml` beside the workspace. */
const azureml = ({ session }: Crossing, ...args: readonly string[]): Promise<Ended> => {
  const { discoveryUrl, accessToken, workspaceId } = session.emulator();
  const env = { PATH: process.env["PATH"], AZUREML_DISCOVERY_URL: discoveryUrl };
  return run(process.execPath, [join(repository(), "cli", "bin.js"), ...args], {
    folder: session.folder.root,
    env: { ...env, AZUREML_ACCESS_TOKEN: accessToken, AZUREML_WORKSPACE_ID: workspaceId },
  });
};

const text = ({ session }: Crossing, ...path: readonly string[]): string =>
  readFileSync(join(session.folder.root, ...path), "utf8");

const below = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .sort();

/** What azureml-core uploaded lies in the snapshot as it was. */
async function snapshot(crossing: Crossing, model: string): Promise<void> {
  const { check, session } = crossing;
  const taken = await azureml(crossing, "snapshot", "--out", "snapshot", "--json");
  const { missing, services } = JSON.parse(taken.printed) as {
    missing: { what: string }[];
    services: number;
  };
  check("a snapshot holds every service", services, names.length);
  check(
    "only models that were never uploaded are missing in it",
    missing.map(({ what }) => what),
    ["the model sk:1"],
  );
  const files = below(join(session.folder.root, "snapshot"));
  const weights = files.find((path) => /^models\/weights\/\d+\/files\/.*model\.bin$/.test(path));
  check(
    `the files of ${model} are what azureml-core uploaded`,
    weights && text(crossing, "snapshot", weights),
    "weights",
  );
  const scripts = files.filter((path) => /^code\/.*score\.py$/.test(path));
  check(
    "the script is what azureml-core uploaded",
    scripts.map((path) => /VERSION = "1"/.test(text(crossing, "snapshot", path))),
    [true],
  );
  check("the folder's archive is there", files.filter((path) => /^code\/.*\.tar\.gz$/.test(path)).length, 1);
  check(
    "no key is in it",
    files.some((path) => /\.json$/.test(path) && text(crossing, "snapshot", path).includes("-chosen-key")),
    false,
  );
}

/** The content of a folder in a few letters. */
const digest = (folder: string): string => {
  const hash = createHash("sha256");
  for (const path of below(folder).filter((name) => /\.[a-z]+$/.test(name)))
    hash.update(path).update(readFileSync(join(folder, path)));
  return hash.digest("hex");
};

async function write(crossing: Crossing): Promise<void> {
  const { check, session } = crossing;
  const { root } = session.folder;
  const { status, printed } = await azureml(crossing, "import", "--out", "imported", "--json");
  check(
    "import ends with all services ready",
    [status, (JSON.parse(printed) as { ready: unknown }).ready],
    [0, names],
  );
  await azureml(crossing, "import", "--out", "again");
  check("a second run writes the same bytes", digest(join(root, "again")), digest(join(root, "imported")));
  const { accessToken } = session.emulator();
  await session.emulator().stop();
  const offline = await azureml(crossing, "import", "--out", "offline", "--from", "snapshot");
  await session.restart(accessToken);
  check(
    "with the API off a snapshot gives the same bytes",
    [offline.status, digest(join(root, "offline"))],
    [0, digest(join(root, "imported"))],
  );
  check(
    "the workspace stands in the stack's configuration",
    text(crossing, "imported", "Pulumi.prod.yaml"),
    `config:\n  azureml:workspaceId: ${session.emulator().workspaceId}\n`,
  );
  const program = text(crossing, "imported", "services", "aks-test.ts");
  const told = names.map((name) => [name, runsIn(program, name)]);
  check("each kind of deployment is told apart", Object.fromEntries(told), kinds);
  const compiler = join(repository(), "node_modules", "typescript", "bin", "tsc");
  const compiled = await run(process.execPath, [compiler, "--noEmit", "--strict", "-p", "imported"], {
    folder: root,
    env: process.env,
  });
  check("what import wrote type-checks under --strict", compiled, { status: 0, printed: "" });
}

/** The comment above a service. */
const runsIn = (program: string, name: string): string | undefined =>
  program
    .split("\n\n")
    .find((resource) => resource.includes(`\n  "${name}",`))
    ?.split("\n")[0];

/** Runs a command on the imported project. Throws with what the engine printed unless it ends as expected. */
const runOn = async (
  { session }: Crossing,
  stack: EngineStack,
  command: Command,
  ends: "succeeds" | "fails" = "succeeds",
): Promise<Operation> => {
  const calls = () => openWorkspace(session.emulator()).calls();
  const operation = await runCommand(stack, command, calls);
  if (operation.succeeded === (ends === "succeeds")) return operation;
  throw new Error(`expected that pulumi ${command} ${ends}, found: ${operation.text}`);
};

const all = (verb: string): readonly string[] => names.map((name) => `${name}: ${verb}`);

async function adopt(crossing: Crossing, stack: EngineStack): Promise<void> {
  const { check, python } = crossing;
  const serialized = async (): Promise<unknown[]> => {
    const found: unknown[] = [];
    for (const name of names) found.push(await python.call("serialize", { name }));
    return found;
  };
  const before = await serialized();
  await stack.setConfig({ "azureml:livePreview": "true" });
  const live = await runOn(crossing, stack, "preview");
  check(
    "a live preview says that each is adopted as it is",
    [live.text.match(/as it is; no PATCH is sent/g)?.length, changes(live)],
    [names.length, []],
  );
  await stack.setConfig({ "azureml:livePreview": "false" });
  const up = await runOn(crossing, stack, "up");
  check("up takes all of them over", planOf(up), all("create"));
  check("up sends 0 requests but reads, of which those of keys are POSTs", changes(up), []);
  const next = await runOn(crossing, stack, "preview");
  check("the next preview is empty, and asks nothing", [planOf(next), requests(next)], [[], []]);
  check("azureml-core finds every service as it was", await serialized(), before);
}

const OPTIONS = "  { protect: true, retainOnDelete: true },\n";

async function giveBack(crossing: Crossing, stack: EngineStack): Promise<void> {
  const { check, python, session } = crossing;
  const refused = await runOn(crossing, stack, "destroy", "fails");
  check("destroy is refused", /protected/.test(refused.text), true);
  const file = join(session.folder.root, "imported", "services", "aks-test.ts");
  writeFileSync(file, readFileSync(file, "utf8").replaceAll(OPTIONS, ""));
  const up = await runOn(crossing, stack, "up");
  check("an up without protect and retainOnDelete sends nothing", changes(up), []);
  const destroyed = await runOn(crossing, stack, "destroy");
  check("destroy then calls delete", planOf(destroyed), all("delete"));
  check("and sends no DELETE", changes(destroyed), []);
  const answers: string[] = [];
  for (const name of names)
    answers.push(((await python.call("run", { name, data: 1 })) as { service: string }).service);
  check("every service still answers azureml-core", answers, names);
}
