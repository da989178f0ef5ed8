import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../../emulator";
import type { Assessment } from "../../../cli/assess/assessment";
import { fields } from "../../../provider/schema/fields";
import { ownFolder } from "../../harness/own-folder";
import { envFor, runCli, type CliRun } from "../run";
import { unfitServices, workingServices } from "../shapes";

const [SERVICES, SEED] = [40, 18];
const CANARY = "canary-of-a-key-0123456789";
const folder = ownFolder();

let emulator: Emulator;
beforeAll(async () => {
  const services = [...workingServices(SERVICES - unfitServices.length, SEED), ...unfitServices];
  emulator = await startEmulator({
    pageSize: 7,
    seed: {
      services: services.map((service, at) => ({
        ...service,
        keys: { primaryKey: `${CANARY}-${at}`, secondaryKey: `${CANARY}-${at}-2` },
      })),
    },
  });
});
beforeEach(() => emulator.clearRequests());
afterAll(() => emulator.close());

const run = (...args: readonly string[]): Promise<CliRun> =>
  runCli(["assess", ...args], { env: envFor(emulator), cwd: folder });

const times = (text: string, part: string): number => text.split(part).length - 1;

test(`${SERVICES} services: nothing written, the same words again, each setting once, no key`, async () => {
  const begun = process.hrtime.bigint();
  const [text, markdown, json] = [await run(), await run("--format", "markdown"), await run("--json")];
  const seconds = Number(process.hrtime.bigint() - begun) / 3e9;
  const again = [await run(), await run("--format", "markdown"), await run("--json")];
  const writes = emulator.requests().filter(({ method }) => method !== "GET").length;
  const { services, total, leftOut } = JSON.parse(json.stdout) as Assessment;
  const expected = ["state", ...fields.map(({ input }) => input)].sort();
  const uneven = services.filter(
    ({ findings }) =>
      JSON.stringify(findings.map(({ setting }) => setting).sort()) !== JSON.stringify(expected),
  ).length;
  const different = [text, markdown, json].filter((one, at) => one.stdout !== again[at]!.stdout).length;
  const keys = [text, markdown, json].reduce(
    (all, { stdout, stderr }) => all + times(stdout + stderr, CANARY),
    0,
  );
  process.stdout.write(
    `assess (seed ${SEED}): ${total + leftOut.length} emulated services; writes ${writes}, ${seconds.toFixed(2)} s a report, ` +
      `reports different in a second run ${different}, services in which a setting is not exactly once ${uneven}, keys found ${keys}\n`,
  );
  expect({ writes, different, uneven, keys, count: total + leftOut.length }).toEqual({
    ...{ writes: 0, different: 0, uneven: 0, keys: 0 },
    count: SERVICES,
  });
  expect([text, markdown, json].map(({ status }) => status)).toEqual([2, 2, 2]);
});

test("a snapshot says the same as the workspace, with the API off", async () => {
  const live = await run("--json");
  const snapshot = join(folder, "snapshot");
  await runCli(["snapshot", "--out", snapshot], { env: envFor(emulator), cwd: folder });
  const kept = await runCli(["assess", "--json", "--from", "snapshot"], { cwd: folder });
  expect(kept).toMatchObject({ status: 2, stderr: "", stdout: live.stdout });
});

test("an exported state is read without a workspace, and only what a filter names", async () => {
  const state = join(folder, "state.json");
  const outputs = (name: string) => ({
    workspaceId: emulator.workspaceId,
    name,
    computeType: "AKS",
    state: "Healthy",
    computeTargetName: "aks-prod",
    models: ["fraud:7"],
    inferenceConfig: { entryScript: "score.py", environment: "scoring:3" },
    autoscaleEnabled: true,
  });
  const resources = ["fraud", "churn"].map((name) => ({
    urn: `urn:pulumi:prod::ml::pulumi-nodejs:dynamic/azureml:AksWebservice::${name}`,
    type: "pulumi-nodejs:dynamic/azureml:AksWebservice",
    outputs: outputs(name),
  }));
  writeFileSync(state, JSON.stringify({ deployment: { resources } }));
  const { stdout } = await runCli(["assess", "--json", "--from", state, "--filter", "name=fr*"], {
    cwd: folder,
  });
  expect(JSON.parse(stdout)).toMatchObject({ total: 1, services: [{ name: "fraud" }] });
});

test("a workspace and a state show a map alike, whatever the order of its keys", async () => {
  const told = { name: "ordered", computeType: "AKS", state: "Healthy", computeName: "aks-prod" };
  const one = await startEmulator({
    seed: { services: [{ ...told, kvTags: { zone: "1", area: "2" }, properties: { b: "1", a: "2" } }] },
  });
  const outputs = {
    ...{ workspaceId: one.workspaceId, name: "ordered", computeType: "AKS", state: "Healthy" },
    ...{ tags: { area: "2", zone: "1" }, properties: { b: "1", a: "2" } },
  };
  const type = "pulumi-nodejs:dynamic/azureml:AksWebservice";
  writeFileSync(join(folder, "ordered.json"), JSON.stringify({ resources: [{ urn: "u", type, outputs }] }));
  const shown = async (...args: readonly string[]) => {
    const { stdout } = await runCli(["assess", ...args], { env: envFor(one), cwd: folder });
    return stdout.split("\n").filter((line) => /^ +(tags|properties) /.test(line));
  };
  const [live, state] = [await shown(), await shown("--from", "ordered.json")];
  await one.close();
  expect(live).toHaveLength(2);
  expect(live[0]).toContain('{"area":"2","zone":"1"}');
  expect(state).toEqual(live);
});

test("where nothing is left to decide, the exit status is 0", async () => {
  const one = { urn: "urn:pulumi:prod::ml::x::y", type: "pulumi-nodejs:dynamic/azureml:AksWebservice" };
  const outputs = {
    ...{ workspaceId: emulator.workspaceId, name: "plain", computeType: "AKS", state: "Healthy" },
    ...{ computeTargetName: "aks-prod", autoscaleEnabled: true },
  };
  writeFileSync(join(folder, "plain.json"), JSON.stringify({ resources: [{ ...one, outputs }] }));
  const { status, stdout } = await runCli(["assess", "--from", "plain.json", "--compute", "k8s"], {
    cwd: folder,
  });
  expect({ status, stdout }).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/ready with changed defaults +1 +100 %/) as unknown,
  });
});

it.each([
  [["--format", "xml"], '--format: expected text, markdown, json, found "xml"'],
  [["--auth-mode", "none"], '--auth-mode: expected Key, AMLToken, AADToken, found "none"'],
  [
    ["--instance-type", "large"],
    '--instance-type: expected NAME=CORES,GI or NAME=CORES,GI,GPUS, such as large=8,32, found "large"',
  ],
  [["--compute", "/subscriptions/x"], "--compute: expected a compute's name"],
  [["--namespace", "Größe"], "--namespace: expected a namespace"],
  [["--filter", "colour=red"], "--filter: expected KEY=VALUE"],
  [["--from", "nowhere"], "expected a snapshot's folder, or a file from pulumi stack export"],
])("%j cannot run", async (args, says) => {
  const { status, stderr, stdout } = await run(...args);
  expect({ status, stderr, stdout }).toEqual({
    status: 3,
    stdout: "",
    stderr: expect.stringContaining(says) as unknown,
  });
});

test.each([["--json"], ["--format", "json"], ["--format=JSON"]])(
  "with %s what keeps it from its work is JSON, too",
  async (...args) => {
    const { status, stdout, stderr } = await run(...args, "--odd");
    expect({ status, error: JSON.parse(stdout) as unknown, stderr }).toEqual({
      status: 3,
      error: {
        error: { code: "BadArguments", message: expect.stringContaining("unknown option --odd") as unknown },
      },
      stderr: expect.stringContaining("unknown option --odd") as unknown,
    });
  },
);

test("no service is a finding, and said", async () => {
  const { status, stderr } = await run("--filter", "name=nobody");
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringContaining("There is no service") as unknown,
  });
});
