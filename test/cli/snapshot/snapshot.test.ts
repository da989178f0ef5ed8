import { promises as fs } from "node:fs";
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "../../../provider/azure/connect";
import { parseWorkspaceId } from "../../../provider/core/address";
import type { Webservices } from "../../../provider/azure/webservices";
import { startEmulator, type Emulator } from "../../../emulator";
import { workingServices } from "../shapes";
import { ownFolder } from "../../harness/own-folder";
import { envFor, filesIn, runCli } from "../run";

const root = ownFolder();
let count = 0;
const fresh = (): string => join(root, `${(count += 1)}`);

const KEY = "canary-of-a-key";
const PASSWORD = "canary-of-a-password";

let emulator: Emulator;
let services: Webservices;

const bytes = (text: string) => ({
  size: Buffer.byteLength(text),
  open: async function* () {
    yield Buffer.from(text);
  },
});

/** A workspace with a model of two files, and code that serves it, beside services of all shapes. */
beforeAll(async () => {
  emulator = await startEmulator({
    operationTime: 1,
    pageSize: 5,
    seed: { services: workingServices(8, 4) },
  });
  services = await connect(parseWorkspaceId(emulator.workspaceId)!, { config: {}, env: envFor(emulator) });
  for (const path of ["bert/a.bin", "bert/deep/b.bin", "bert/c: d?.bin"])
    await services.upload("model-1", path, bytes(`weights ${path}`));
  const asset = await services.models.createAsset("bert", "LocalUpload/model-1/bert");
  await services.models.register("bert", {
    name: "bert",
    url: `aml://asset/${asset}`,
    framework: "ScikitLearn",
  });
  const driver = await services.upload("code-1", "driver_1.py", bytes("print('driver')"));
  const code = await services.upload("code-1", "src.tar.gz", bytes("an archive"));
  const operation = await services.create({
    name: "with-code",
    computeType: "AKS",
    computeName: "aks-prod",
    keys: { primaryKey: `${KEY}-1`, secondaryKey: `${KEY}-2` },
    environmentImageRequest: {
      driverProgram: "driver_1.py",
      modelIds: ["bert:1"],
      assets: [
        { id: "driver_1.py", url: driver },
        { id: "src.tar.gz", url: code, unpack: true },
      ],
      environment: {
        name: "env",
        docker: { baseImage: "x", baseImageRegistry: { address: "r", username: "u", password: PASSWORD } },
      },
    },
  });
  await services.wait(operation, { deadline: Date.now() + 60_000 });
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});

const snapshot = (out: string, ...args: readonly string[]) =>
  runCli(["snapshot", "--out", out, "--json", ...args], { env: envFor(emulator) });

const manifest = (folder: string) =>
  JSON.parse(filesIn(folder)["snapshot.json"]!) as { complete: boolean; files: Record<string, unknown> };

const blobs = () => emulator.requests().filter(({ path }) => path.startsWith("/blob/")).length;

test("all that the workspace knows, and no key", async () => {
  const out = fresh();
  const { status, stdout } = await snapshot(out);
  const files = filesIn(out);
  // Only the seed's models and code have no files.
  expect({ status, missing: JSON.parse(stdout) as unknown }).toMatchObject({
    status: 2,
    missing: {
      services: 9,
      missing: expect.arrayContaining([
        { what: "the model sk:1", why: expect.stringMatching(/NotFound/) as unknown },
      ]) as unknown,
    },
  });
  expect(stdout).not.toMatch(/bert|code-1/);
  expect(files).toMatchObject({
    "models/bert/1/files/bert/a.bin": "weights bert/a.bin",
    "models/bert/1/files/bert/deep/b.bin": "weights bert/deep/b.bin",
    "code/LocalUpload/code-1/driver_1.py": "print('driver')",
    "code/LocalUpload/code-1/src.tar.gz": "an archive",
    "models/bert/1/model.json": expect.stringContaining('"id": "bert:1"') as unknown,
    "environments/with-code.json": expect.stringContaining('"baseImage": "x"') as unknown,
    "logs/with-code.log": expect.stringContaining("listening") as unknown,
    "images.json": expect.stringContaining('"imageDigest"') as unknown,
  });
  expect(Object.keys(files).filter((path) => path.startsWith("models/bert/1/files/bert/c"))).toEqual([
    expect.stringMatching(/^models\/bert\/1\/files\/bert\/c_ d_\.bin-[0-9a-f]{8}$/),
  ]);
  expect(JSON.stringify(files)).not.toMatch(/canary/);
  expect(emulator.requests().filter(({ method }) => method !== "GET")).toEqual([]);
  expect(Object.keys(manifest(out).files).sort()).toEqual(
    Object.keys(files)
      .filter((path) => path !== "snapshot.json")
      .sort(),
  );
});

test("the next run downloads nothing that is intact, and what is damaged again", async () => {
  const out = fresh();
  await snapshot(out);
  const before = filesIn(out);
  expect(blobs()).toBe(5);
  emulator.clearRequests();
  await snapshot(out);
  expect({ blobs: blobs(), files: filesIn(out) }).toEqual({ blobs: 0, files: before });
  appendFileSync(join(out, "models", "bert", "1", "files", "bert", "a.bin"), "!");
  const verified = await snapshot(out, "--verify");
  expect({ status: verified.status, ...(JSON.parse(verified.stdout) as object) }).toMatchObject({
    status: 2,
    damaged: ["models/bert/1/files/bert/a.bin"],
  });
  await snapshot(out);
  expect({ blobs: blobs(), files: filesIn(out) }).toEqual({ blobs: 1, files: before });
  expect((await snapshot(out, "--verify")).status).toBe(0);
});

test("an interrupted run is carried on", async () => {
  const out = fresh();
  const interrupt = new AbortController();
  const gate = emulator.gate({ method: "GET", path: "/blob/.*src.tar.gz" });
  const running = runCli(["snapshot", "--out", out], { env: envFor(emulator), interrupt: interrupt.signal });
  await gate.reached;
  interrupt.abort();
  expect(await running).toMatchObject({ status: 3, stderr: expect.stringMatching(/Interrupted/) as unknown });
  gate.open();
  expect(manifest(out).complete).toBe(false);
  emulator.clearRequests();
  expect((await snapshot(out)).status).toBe(2);
  expect(manifest(out).complete).toBe(true);
  expect(blobs()).toBeLessThan(5);
});

test("a run that broke off before a service was written is carried on, and import refuses it", async () => {
  const out = fresh();
  const { rename } = fs;
  const writing = jest.spyOn(fs, "rename");
  writing.mockImplementationOnce(rename).mockRejectedValueOnce(new Error("EIO: broken"));
  expect(await snapshot(out)).toMatchObject({
    status: 3,
    stderr: expect.stringMatching(/CannotWrite/) as unknown,
  });
  writing.mockRestore();
  expect(await runCli(["import", "--out", fresh(), "--from", out])).toMatchObject({
    status: 3,
    stderr: expect.stringMatching(/images.json, found that the run which took it broke off/) as unknown,
  });
  expect((await snapshot(out)).status).toBe(2);
  expect(manifest(out).complete).toBe(true);
});

test("a list that is refused at its second page makes no folder, and spoils no snapshot", async () => {
  const refuseSecondPage = async () => {
    const first = emulator.gate({ method: "GET", path: "/services$" });
    await first.reached;
    const second = emulator.gate({ method: "GET", path: "/services$" });
    first.open();
    await second.reached;
    emulator.addFault({ method: "GET", path: "/services$", status: 403, times: 9 });
    second.open();
  };
  const [none, whole] = [fresh(), fresh()];
  await snapshot(whole);
  for (const out of [none, whole]) {
    const [run] = await Promise.all([snapshot(out), refuseSecondPage()]);
    expect(run).toMatchObject({ status: 3, stderr: expect.stringMatching(/Forbidden/) as unknown });
    emulator.clearFaults();
  }
  expect(existsSync(none)).toBe(false);
  expect((await snapshot(whole, "--verify")).status).toBe(0);
});

test("a cut connection is tried again", async () => {
  emulator.addFault({ method: "GET", path: "/blob/.*src.tar.gz", cutBefore: true });
  const out = fresh();
  const clock = { now: Date.now, random: () => 0, sleep: async () => undefined };
  await runCli(["snapshot", "--out", out], { env: envFor(emulator), clock });
  expect(filesIn(out)["code/LocalUpload/code-1/src.tar.gz"]).toBe("an archive");
});

test("what may not be read is named, and keeps nothing else from being read", async () => {
  emulator.addFault({ path: "/with-code/logs", status: 403, times: 9 });
  emulator.addFault({ path: "/blob/.*driver_1.py", status: 403, times: 9 });
  const out = fresh();
  const { status, stdout } = await snapshot(out);
  expect(status).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    missing: expect.arrayContaining([
      { what: "the log of with-code", why: expect.stringMatching(/Forbidden/) as unknown },
      { what: "the code LocalUpload/code-1/driver_1.py", why: expect.stringMatching(/Forbidden/) as unknown },
    ]) as unknown,
  });
  expect(filesIn(out)["code/LocalUpload/code-1/src.tar.gz"]).toBe("an archive");
});

test("--without leaves a part out", async () => {
  const out = fresh();
  expect((await snapshot(out, "--without", "models", "--without", "code", "--without", "logs")).status).toBe(
    0,
  );
  expect([...new Set(Object.keys(filesIn(out)).map((path) => path.split("/")[0]))]).toEqual([
    ...["environments", "images.json", "services", "snapshot.json"],
  ]);
});

describe("import --from", () => {
  test("a snapshot, with the API off, writes what the workspace itself would have", async () => {
    const [taken, live, offline] = [fresh(), fresh(), fresh()];
    await snapshot(taken, "--without", "models", "--without", "code", "--without", "logs");
    const fromLive = await runCli(["import", "--out", live, "--json"], { env: envFor(emulator) });
    emulator.clearRequests();
    const fromSnapshot = await runCli(["import", "--out", offline, "--from", taken, "--json"]);
    expect(fromSnapshot.stdout.replaceAll(offline, live)).toBe(fromLive.stdout);
    expect(filesIn(offline)).toEqual(filesIn(live));
    expect(emulator.requests()).toEqual([]);
  });

  const workspaceId =
    "/subscriptions/s/resourceGroups/r/providers/Microsoft.MachineLearningServices/workspaces/w";
  const type = "pulumi-nodejs:dynamic/azureml:AksWebservice";
  const outputs = {
    workspaceId,
    name: "fraud",
    serviceName: "fraud",
    computeTargetName: "aks-prod",
    state: "Healthy",
    computeType: "AKS",
    authEnabled: true,
    tokenAuthEnabled: false,
    models: ["fraud:7"],
    cpuCores: 0.5,
    primaryKey: KEY,
    __managed: {},
  };
  const urn = `urn:pulumi:prod::ml::${type}::fraud`;
  const secret = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    ciphertext: "v1:x",
  };

  const importState = async (resources: readonly object[], ...args: readonly string[]) => {
    const [file, out] = [fresh(), fresh()];
    writeFileSync(file, JSON.stringify({ version: 3, deployment: { resources } }));
    const run = await runCli(["import", "--out", out, "--from", file, "--json", ...args]);
    return { ...run, files: existsSync(out) ? filesIn(out) : {} };
  };

  test("an exported state: live values, no key, and who manages it", async () => {
    const { status, stdout, files } = await importState([
      { type: "pulumi:pulumi:Stack", urn: "x" },
      { type, urn, outputs: { ...outputs, tags: secret } },
      { type, urn, outputs: { ...outputs, name: "old" }, delete: true },
      { type, urn: `${urn}2`, outputs: { ...outputs, name: "read", serviceName: "read" }, external: true },
    ]);
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      total: 2,
      ready: ["read"],
      readyWithNotes: [
        {
          name: "fraud",
          notes: [
            expect.stringMatching(/The stack ml\/prod manages it/),
            expect.stringMatching(/tags is left out.*secret/),
          ],
        },
      ],
    });
    expect(files["services/aks-prod.ts"]).toContain(
      '    models: ["fraud:7"],\n    authEnabled: true,\n    tokenAuthEnabled: false,\n    cpuCores: 0.5,\n  },',
    );
    expect(JSON.stringify(files)).not.toMatch(/canary|ciphertext/);
  });

  test("a state of several workspaces needs one to be named", async () => {
    const other = workspaceId.replace("/w", "/w").replace("workspaces/w", "workspaces/other");
    const resources = [
      { type, urn, outputs },
      { type, urn, outputs: { ...outputs, workspaceId: other, name: "churn", serviceName: "churn" } },
    ];
    expect((await importState(resources)).stderr).toMatch(
      /services of 2 workspaces \(\S+\/w, \S+\/other\)\. Name one with --workspace-id\.(?!.*Export)/,
    );
    expect(JSON.parse((await importState(resources, "--workspace-id", other)).stdout)).toMatchObject({
      total: 1,
    });
    expect(await importState(resources, "--workspace-id", `${other}-too`)).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(
        /services of \S+\/w, \S+\/other and none of \S+\/other-too\. Name one of these with --workspace-id\.(?!.*Export)/,
      ) as unknown,
    });
  });

  test("a workspace id that is none is refused as without --from", async () => {
    const wrong = ["--workspace-id", "0-1-2"];
    const live = await runCli(["import", "--out", fresh(), ...wrong]);
    const state = await importState([{ type, urn, outputs }], ...wrong);
    expect(live).toMatchObject({ status: 3, stderr: expect.stringContaining("NoWorkspace") as unknown });
    expect(state.status).toBe(3);
    expect((JSON.parse(state.stdout) as { error: { code: string } }).error.code).toBe("NoWorkspace");
  });

  test("a snapshot of another workspace than the named one is refused; letter case makes none", async () => {
    const taken = fresh();
    await snapshot(taken, "--without", "models", "--without", "code", "--without", "logs");
    const importOf = (id: string) =>
      runCli(["import", "--out", fresh(), "--from", taken, "--workspace-id", id]);
    expect(await importOf(workspaceId)).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(
        /OtherWorkspace: expected \S+ to hold a snapshot of \S+\/w, found/,
      ) as unknown,
    });
    const shouted = emulator.workspaceId.replace("ws-emulated", "WS-EMULATED");
    expect((await importOf(shouted)).stderr).not.toMatch(/Workspace/);
  });

  test.each([
    ["nothing", () => fresh(), /found nothing at/],
    [
      "a folder of something else",
      () => {
        const folder = fresh();
        mkdirSync(folder);
        return folder;
      },
      /without snapshot.json/,
    ],
    [
      "no JSON",
      () => {
        const file = fresh();
        writeFileSync(file, "{");
        return file;
      },
      /no JSON/,
    ],
    [
      "another JSON",
      () => {
        const file = fresh();
        writeFileSync(file, "[]");
        return file;
      },
      /no list of resources\. Export the stack again\./,
    ],
    [
      "a state without services",
      () => {
        const file = fresh();
        writeFileSync(file, '{"deployment":{"resources":[]}}');
        return file;
      },
      /no AksWebservice in it\. Export the stack that has them: pulumi stack export --stack NAME/,
    ],
    [
      "a manifest of another format",
      () => {
        const folder = fresh();
        mkdirSync(folder);
        writeFileSync(join(folder, "snapshot.json"), '{"format":9}');
        return folder;
      },
      /no manifest of this version/,
    ],
  ])("%s is refused in a sentence", async (_, path, said) => {
    const out = fresh();
    const { status, stderr } = await runCli(["import", "--out", out, "--from", path()]);
    expect({ status, stderr, made: existsSync(out) }).toEqual({
      status: 3,
      stderr: expect.stringMatching(said) as unknown,
      made: false,
    });
  });

  test("a snapshot whose document was changed by hand", async () => {
    const taken = fresh();
    await snapshot(taken, "--without", "models", "--without", "code", "--without", "logs");
    appendFileSync(join(taken, "services", "with-code.json"), " ");
    const { status, stderr } = await runCli(["import", "--out", fresh(), "--from", taken]);
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr: expect.stringMatching(/another content than its digest/) as unknown,
    });
  });
});

test("a folder with something else in it, and a snapshot of another workspace", async () => {
  const mine = fresh();
  mkdirSync(mine);
  writeFileSync(join(mine, "mine.txt"), "mine");
  expect(await snapshot(mine)).toMatchObject({
    status: 3,
    stderr: expect.stringMatching(/FolderExists/) as unknown,
  });
  const other = fresh();
  await snapshot(other, "--without", "models", "--without", "code", "--without", "logs");
  const manifestFile = join(other, "snapshot.json");
  writeFileSync(manifestFile, filesIn(other)["snapshot.json"]!.replace("ws-emulated", "ws-other"));
  expect(await snapshot(other)).toMatchObject({
    status: 3,
    stderr: expect.stringMatching(/OtherWorkspace/) as unknown,
  });
});
