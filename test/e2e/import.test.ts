import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../emulator";
import { unfitServices, workingServices } from "../cli/shapes";
import { ownFolder } from "../harness/own-folder";
import { envFor, filesIn, runProgram } from "../cli/run";
import { chooseEngine } from "../harness/engines/choose";
import { requests, runCommand, type Command, type Operation } from "../harness/operation";
import { copyProject, repository, type ProjectFolder } from "../harness/project-folder";
import { run } from "../harness/run";
import { forgetOwnSettings } from "../harness/session";
import { isChange, openWorkspace, score, type Call } from "../harness/workspace";

// The judge of `pulumi-azureml import`: what it writes is type-checked, and taken over by a whole engine.

jest.setTimeout(600_000);
forgetOwnSettings();

const SERVICES = 60;
const SEED = 17;

/** How long something took, in whole seconds; for the line of figures, and for no verdict. */
const timed = async <T>(work: () => Promise<T>): Promise<readonly [result: T, seconds: number]> => {
  const begun = performance.now();
  const result = await work();
  return [result, Math.round((performance.now() - begun) / 100) / 10];
};

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

const changesIn = ({ calls }: Operation): number => calls.filter(isChange).length;
const differences = ({ resources }: Operation): number => resources.filter(({ op }) => op !== "same").length;

/** The status with which each adopted service answers a caller who has its key, its token, or needs neither. */
const answering = async (): Promise<readonly number[]> => {
  const workspace = openWorkspace(emulator);
  const statuses: number[] = [];
  for (const {
    name,
    computeType,
    state,
    scoringUri,
    authEnabled,
    aadAuthEnabled,
  } of await workspace.services()) {
    if (computeType !== "AKS" || state !== "Healthy") continue;
    const credential = aadAuthEnabled
      ? await workspace.scoringToken(name)
      : authEnabled
        ? (await workspace.keys(name)).primaryKey
        : "none";
    statuses.push((await score(String(scoringUri), credential, { data: 1 })).status);
  }
  return statuses;
};

/** What the written program says, without its comments. */
const programOf = (at: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(filesIn(at))
      .filter(([path]) => path.startsWith("services/"))
      .map(([path, text]) => [path, text.replace(/^\/\/ .*\n/gm, "")]),
  );

test(`${SERVICES} services of all shapes: import, type check, up, and no difference`, async () => {
  const [imported, importSeconds] = await timed(() => importInto("one"));
  const importRequests = emulator.requests().length;
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
  // The API is off: whatever is asked is refused, and nothing is.
  emulator.clearRequests();
  emulator.addFault({ cutBefore: true, times: 999 });
  await importInto("three", "--from", taken);
  expect(emulator.requests()).toEqual([]);
  emulator.clearFaults();
  expect(filesIn(join(folder, "three"))).toEqual(filesIn(join(folder, "one")));

  // The same bytes as what was written from the workspace: what holds for them holds for both.
  project = copyProject(join(folder, "three"));
  const [compiled, compileSeconds] = await timed(() => compile(project.project));
  expect(compiled).toEqual({ status: 0, printed: "" });
  const stack = await chooseEngine().open({
    projectDir: project.project,
    stack: "prod",
    workDir: project.engine,
    passphrase: "a passphrase",
    env: { ...envFor(emulator), PULUMI_NODEJS_TRANSPILE_ONLY: "true" },
  });
  // The rehearsal keeps a stack's configuration in another file than the one that import wrote.
  await stack.setConfig({ "azureml:workspaceId": emulator.workspaceId });
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
  const [up, upSeconds] = await timed(() => go("up"));
  expect(counted(up)).toEqual({ succeeded: true, operations: { create: SERVICES }, changes: 0 });
  const [again, previewSeconds] = await timed(() => go("preview"));
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
  expect(await answering()).toEqual(Array(SERVICES).fill(200));
  await stack.close();
  process.stdout.write(
    `import, ${SERVICES} services (seed ${SEED}): ${importRequests} requests, ${importSeconds} s; type check ${compileSeconds} s; ` +
      `up ${requests(up).length} requests, ${changesIn(up)} of them changes, ${upSeconds} s; ` +
      `next preview ${requests(again).length} requests, ${differences(again)} differences, ${previewSeconds} s; second run and --from byte-identical\n`,
  );
});
