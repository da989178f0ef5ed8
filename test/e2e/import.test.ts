import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../emulator";
import { unfitServices, workingServices } from "../cli/shapes";
import { envFor, filesIn, ownFolder, runProgram } from "../cli/run";
import { chooseEngine } from "../harness/engines/choose";
import { requests, runCommand, type Command, type Operation } from "../harness/operation";
import { copyProject, repository, type ProjectFolder } from "../harness/project-folder";
import { run } from "../harness/run";
import { forgetOwnSettings } from "../harness/session";
import { isChange, type Call } from "../harness/workspace";

// The judge of `pulumi-azureml import`: what it writes is type-checked, and taken over by a whole engine.

jest.setTimeout(600_000);
forgetOwnSettings();

const SERVICES = 60;
const SEED = 17;

const folder = ownFolder();
let emulator: Emulator;
let project: ProjectFolder;
beforeAll(async () => {
  emulator = await startEmulator({
    seed: { services: [...workingServices(SERVICES, SEED), ...unfitServices] },
  });
});
afterAll(async () => {
  project?.remove();
  await emulator.close();
});

const importInto = (name: string, ...more: readonly string[]) =>
  runProgram(["import", "--out", join(folder, name), "--json", ...more], envFor(emulator));

const compile = (at: string) =>
  run(
    process.execPath,
    [join(repository(), "node_modules", "typescript", "bin", "tsc"), "--noEmit", "--strict", "-p", at],
    {
      folder: at,
      env: process.env,
    },
  );

/** What the written program says, without its comments. */
const programOf = (at: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(filesIn(at))
      .filter(([path]) => path.startsWith("services/"))
      .map(([path, text]) => [path, text.replace(/^\/\/ .*\n/gm, "")]),
  );

test(`${SERVICES} services of all shapes: import, type check, up, and no difference`, async () => {
  const imported = await importInto("one");
  expect({ status: imported.status, stderr: imported.stderr }).toEqual({ status: 2, stderr: "" });
  expect(JSON.parse(imported.stdout)).toMatchObject({
    total: SERVICES + unfitServices.length,
    notAdoptable: [{ name: "broken" }, { name: "container" }, { name: "gone" }, { name: "sick" }],
  });
  await importInto("two");
  expect(filesIn(join(folder, "two"))).toEqual(filesIn(join(folder, "one")));
  const taken = join(folder, "snapshot");
  const parts = ["models", "code", "logs"].flatMap((part) => ["--without", part]);
  expect(await runProgram(["snapshot", "--out", taken, ...parts], envFor(emulator))).toMatchObject({
    status: 0,
  });
  // Nothing in the environment: no workspace is asked.
  await runProgram(["import", "--out", join(folder, "three"), "--from", taken], {});
  expect(filesIn(join(folder, "three"))).toEqual(filesIn(join(folder, "one")));

  project = copyProject(join(folder, "one"));
  expect(await compile(project.project)).toEqual({ status: 0, printed: "" });
  const stack = await chooseEngine().open({
    projectDir: project.project,
    stack: "prod",
    workDir: project.engine,
    passphrase: "a passphrase",
    env: { ...envFor(emulator), PULUMI_NODEJS_TRANSPILE_ONLY: "true" },
  });
  const calls = async () => emulator.requests() as unknown as readonly Call[];
  const go = async (command: Command): Promise<Operation> => runCommand(stack, command, calls);
  const counted = ({ resources, succeeded, calls: made }: Operation) => ({
    succeeded,
    operations: resources.reduce<Record<string, number>>(
      (all, { op }) => ({ ...all, [op]: (all[op] ?? 0) + 1 }),
      {},
    ),
    changes: made.filter(isChange).length,
  });

  const preview = await go("preview");
  expect({ ...counted(preview), requests: requests(preview) }).toEqual({
    succeeded: true,
    operations: { create: SERVICES },
    changes: 0,
    requests: [],
  });
  await stack.setConfig({ "azureml:livePreview": "true" });
  const live = await go("preview");
  expect({ ...counted(live), adopted: live.text.match(/as it is; no PATCH is sent/g)?.length }).toEqual({
    succeeded: true,
    operations: { create: SERVICES },
    changes: 0,
    adopted: SERVICES,
  });
  await stack.setConfig({ "azureml:livePreview": "false" });
  expect(counted(await go("up"))).toEqual({ succeeded: true, operations: { create: SERVICES }, changes: 0 });
  const again = await go("preview");
  expect({ ...counted(again), requests: requests(again) }).toEqual({
    succeeded: true,
    operations: { same: SERVICES },
    changes: 0,
    requests: [],
  });
  const state = join(folder, "state.json");
  writeFileSync(state, JSON.stringify({ deployment: (await stack.exportState()).stored }));
  await runProgram(["import", "--out", join(folder, "four"), "--from", state], {});
  expect(programOf(join(folder, "four"))).toEqual(programOf(join(folder, "one")));
  // What the provider keeps of adopted services is all that their way out needs.
  const migrateInto = (name: string, env: Record<string, string>, ...more: readonly string[]) =>
    runProgram(["migrate", "--out", join(folder, name), "--json", ...more], env);
  await migrateInto("five", envFor(emulator), "--filter", "type=AKS", "--filter", "state=Healthy");
  await migrateInto("six", {}, "--from", state);
  expect(programOf(join(folder, "six"))).toEqual(programOf(join(folder, "five")));

  expect(counted(await go("refresh"))).toMatchObject({ succeeded: true, changes: 0 });
  expect((await go("preview")).resources.every(({ op }) => op === "same")).toBe(true);
  const destroy = await go("destroy");
  expect({ succeeded: destroy.succeeded, changes: destroy.calls.filter(isChange).length }).toEqual({
    succeeded: false,
    changes: 0,
  });
  expect(destroy.text).toContain("protected");

  for (const [path, text] of Object.entries(filesIn(project.project)).filter(([name]) =>
    /^services\//.test(name),
  ))
    writeFileSync(
      join(project.project, path),
      text.replaceAll("  { protect: true, retainOnDelete: true },\n", ""),
    );
  expect(counted(await go("up"))).toMatchObject({ succeeded: true, changes: 0 });
  const last = await go("destroy");
  expect(counted(last)).toEqual({ succeeded: true, operations: { delete: SERVICES }, changes: 0 });
  expect(last.text.match(/was not deleted and stays as it is/g)).toHaveLength(SERVICES);
  await stack.close();
});
