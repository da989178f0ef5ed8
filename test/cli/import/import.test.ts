import { promises as fs } from "node:fs";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ServiceError } from "../../../provider/azure/errors";
import type { ServiceDocument, Webservices } from "../../../provider/azure/webservices";
import { startEmulator, type Emulator } from "../../../emulator";
import type { CliContext } from "../../../cli/program";
import { ownFolder } from "../../harness/own-folder";
import { envFor, filesIn, runCli, type CliRun } from "../run";
import { workingServices } from "../shapes";

const root = ownFolder();
let count = 0;
/** A path at which nothing is yet, in a folder that holds nothing else. */
const fresh = (): string => join(root, `${(count += 1)}`, "out");

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ pageSize: 7, seed: { services: workingServices(20, 5) } });
});
beforeEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});
afterAll(() => emulator.close());
afterEach(() => jest.restoreAllMocks());

const importTo = (out: string, ...args: readonly string[]): Promise<CliRun> =>
  runCli(["import", "--out", out, ...args], { env: envFor(emulator) });

const WORKSPACE =
  "/subscriptions/s/resourceGroups/r/providers/Microsoft.MachineLearningServices/workspaces/w";

/** Imports what a workspace shows that no emulator would. */
const importDocuments = async (documents: readonly ServiceDocument[], ...args: readonly string[]) => {
  const out = fresh();
  const list = async function* () {
    yield* documents;
  };
  const services = { list } as Partial<Webservices>;
  const connect = (async () => ({ ...services, within: () => services })) as unknown as CliContext["connect"];
  const run = await runCli(["import", "--out", out, "--workspace-id", WORKSPACE, "--json", ...args], {
    connect,
  });
  const audit = JSON.parse(run.stdout) as Record<string, unknown>;
  return { ...run, audit, files: audit["project"] === null ? {} : filesIn(out) };
};

const whole = {
  name: "fraud",
  computeType: "AKS",
  computeName: "aks-prod",
  state: "Healthy",
  authEnabled: true,
  aadAuthEnabled: false,
  numReplicas: 2,
  autoScaler: {
    autoscaleEnabled: true,
    minReplicas: 1,
    maxReplicas: 10,
    refreshPeriodInSeconds: 1,
    targetUtilization: 70,
  },
  containerResourceRequirements: { cpu: 0.1, cpuLimit: null, memoryInGB: 0.5, memoryInGBLimit: null, gpu: 0 },
  environmentImageRequest: { modelIds: ["fraud:7"] },
  kvTags: { team: "risk" },
  properties: {},
};

test("pages are read to their end, each service once, and nothing is sent", async () => {
  const out = fresh();
  const { status, stdout } = await importTo(out, "--json");
  expect({ status, total: (JSON.parse(stdout) as { total: number }).total }).toEqual({
    status: 2,
    total: 20,
  });
  expect(emulator.requests().map(({ method, path }) => `${method} ${path.split("/").at(-1)}`)).toEqual([
    "GET discovery",
    ...Array<string>(3).fill("GET services"),
  ]);
});

test("a service that two pages show counts once", async () => {
  expect((await importDocuments([whole, { ...whole, state: "Failed" }])).audit).toMatchObject({
    total: 1,
    ready: ["fraud"],
  });
});

test("the program of one service", async () => {
  const { status, files } = await importDocuments([whole]);
  expect(status).toBe(0);
  expect(files["services/aks-prod.ts"]).toBe(`import * as azureml from "pulumi-azureml";

// Runs registered models without code.
export const fraud = new azureml.AksWebservice(
  "fraud",
  {
    adopt: true,
    serviceName: "fraud",
    computeTargetName: "aks-prod",
    models: ["fraud:7"],
    autoscaleEnabled: true,
    autoscaleMinReplicas: 1,
    autoscaleMaxReplicas: 10,
    autoscaleRefreshSeconds: 1,
    autoscaleTargetUtilization: 70,
    authEnabled: true,
    tokenAuthEnabled: false,
    cpuCores: 0.1,
    memoryGb: 0.5,
    gpuCores: 0,
    tags: {
      team: "risk",
    },
  },
  { protect: true, retainOnDelete: true },
);
`);
  expect(files["index.ts"]).toContain('import "./services/aks-prod";');
  expect(files["Pulumi.prod.yaml"]).toBe(`config:\n  azureml:workspaceId: ${WORKSPACE}\n`);
});

test("--minimal leaves out defaults, and never who may call", async () => {
  const { files } = await importDocuments([whole], "--minimal");
  expect(files["services/aks-prod.ts"]).toContain(`    models: ["fraud:7"],
    autoscaleEnabled: true,
    authEnabled: true,
    tokenAuthEnabled: false,
    tags: {`);
});

describe("half-broken services", () => {
  test.each([
    ["no compute", { computeName: null }, /computeTargetName/],
    ["a name that no service can have", { name: "Fraud Scoring" }, /serviceName must be/],
    ["no name", { name: undefined }, /serviceName/],
    ["another kind", { computeType: "ACI" }, /of type ACI/],
    ["no kind", { computeType: undefined }, /of type unknown/],
    ["failed", { state: "Failed" }, /Failed/],
    ["without a place", { state: "Unschedulable" }, /Unschedulable/],
    ["migrated", { state: "Migrated" }, /left this API/],
    ["on its way out", { state: "Migrating" }, /left this API/],
  ])("%s: left out, with the reason", async (_, change, why) => {
    const { status, audit } = await importDocuments([{ ...whole, ...change }]);
    expect({ status, audit }).toMatchObject({
      status: 2,
      audit: {
        total: 1,
        ready: [],
        notAdoptable: [{ why: expect.stringMatching(why) as unknown }],
        project: null,
      },
    });
  });

  test.each([
    ["still deploying", { state: "Transitioning" }, /waits until it is Healthy/, /tags/],
    ["open to anyone", { authEnabled: false }, /Anyone can call it/, /authEnabled: false/],
    [
      "a limit below the request",
      { containerResourceRequirements: { cpu: 2, cpuLimit: 1 } },
      /cpuCoresLimit is left out/,
      /cpuCores: 2/,
    ],
    ["a value of another type", { scoringTimeoutMs: "60000" }, /scoringTimeoutMs is left out/, /tags/],
    ["tags that are no texts", { kvTags: { team: 7 } }, /tags is left out/, /cpuCores/],
    [
      "a key that gets lost",
      { kvTags: JSON.parse('{"__proto__":"x"}') as unknown },
      /tags is left out.*__proto__/,
      /cpuCores/,
    ],
    ["half a character", { description: "\ud83e" }, /description is left out/, /cpuCores/],
    [
      "a model id of another form",
      { environmentImageRequest: { modelIds: ["azureml://registries/x/models/m"] } },
      /models is left out/,
      /cpuCores/,
    ],
    [
      "another program's",
      { properties: { "pulumi-created-by": "abc", a: "b" } },
      /Another program manages it/,
      /properties: {\n {6}a: "b",\n {4}}/,
    ],
  ])("%s: adopted, with a note", async (_, change, note, kept) => {
    const { status, audit, files } = await importDocuments([{ ...whole, ...change }]);
    expect({ status, audit }).toMatchObject({
      status: 2,
      audit: { total: 1, readyWithNotes: [{ name: "fraud" }] },
    });
    expect(JSON.stringify(audit["readyWithNotes"])).toMatch(note);
    expect(files["services/aks-prod.ts"]).toMatch(kept);
    expect(files["services/aks-prod.ts"]).toMatch(/^\/\/ /m);
  });

  test("null in place of every object", async () => {
    const bare = Object.fromEntries(Object.keys(whole).map((key) => [key, null]));
    const { audit } = await importDocuments([
      { ...bare, name: "fraud", computeType: "AKS", computeName: "a", state: "Healthy" },
    ]);
    expect(audit).toMatchObject({ ready: ["fraud"] });
  });
});

test("code is told apart by its names, and an image by its own", async () => {
  const code = {
    driverProgram: "driver_1.py",
    modelIds: ["a:1", "b:2"],
    environment: {
      name: "env\n*/",
      version: "3",
      environmentVariables: { AZUREML_ENTRY_SCRIPT: "src/score.py" },
    },
  };
  const { files } = await importDocuments([
    { ...whole, environmentImageRequest: code },
    { ...whole, name: "image", environmentImageRequest: null, imageId: "fraud:3" },
  ]);
  const text = files["services/aks-prod.ts"]!;
  expect(text).toContain("// Runs code (src/score.py, in env */:3), which stays as it is");
  expect(text).toContain('models: ["a:1", "b:2"]');
  expect(text).not.toContain("inferenceConfig:");
  expect(text).toContain("// Runs the image fraud:3.\n");
  expect(text).toContain('imageId: "fraud:3"');
});

test("a fixed number of replicas leaves out the autoscaler's numbers", async () => {
  const { files } = await importDocuments([
    { ...whole, autoScaler: { ...whole.autoScaler, autoscaleEnabled: false } },
  ]);
  expect(files["services/aks-prod.ts"]).toContain(
    "    autoscaleEnabled: false,\n    numReplicas: 2,\n    authEnabled",
  );
});

test.each([
  ["all", ["services/all.ts"]],
  ["compute", ["services/aks-prod.ts", "services/group-con.ts"]],
  ["tag:team", ["services/group.ts", "services/risk-a-2.ts", "services/risk-a.ts", "services/untagged.ts"]],
])("--group-by %s", async (how, expected) => {
  const documents = ["Risk/A", "risk a", "", undefined].map((team, at) => ({
    ...whole,
    name: `fraud-${at}`,
    computeName: ["aks-prod", "AKS-Prod", "con", "CON"][at],
    kvTags: team === undefined ? {} : { team },
  }));
  const { files } = await importDocuments(documents, "--group-by", how);
  expect(Object.keys(files).filter((path) => path.startsWith("services/"))).toEqual(expected);
});

test.each([
  [["name=fraud"], ["fraud"]],
  [["name=*"], ["churn", "fraud"]],
  [["name=*a*d"], ["fraud"]],
  [["name=fraud*d"], []],
  [["compute=aks-*", "tag.team=risk"], ["fraud"]],
  [["tag.toString=*"], ["churn", "fraud"]],
  [["property.a=b=c"], ["churn"]],
  [["model=fraud:*"], ["churn", "fraud"]],
])("--filter %j", async (filters, names) => {
  const { audit } = await importDocuments(
    [whole, { ...whole, name: "churn", kvTags: {}, properties: { a: "b=c" } }],
    ...filters.flatMap((filter) => ["--filter", filter]),
  );
  expect(audit["ready"]).toEqual(names);
});

test("the order in which services are listed changes no byte", async () => {
  const documents = ["one", "two", "six"].map((name) => ({ ...whole, name }));
  const [a, b] = [await importDocuments(documents), await importDocuments([...documents].reverse())];
  expect(a.files).toEqual(b.files);
});

describe("what keeps it from its work is a sentence, and nothing is written", () => {
  const nothingIn = (out: string) => readdirSync(join(out, "..")).filter((name) => name !== "keep");
  const inFolder = (): string => {
    const out = fresh();
    mkdirSync(join(out, ".."));
    return out;
  };

  test.each([
    ["no workspace", ["--out", "x"], /NoWorkspace: .*AZUREML_WORKSPACE_ID/],
    ["a GUID for a workspace", ["--out", "x", "--workspace-id", "0-1-2"], /NoWorkspace/],
    ["an unknown option", ["--outt", "x"], /unknown option --outt; the nearest is --out\./],
    ["no folder", [], /--out DIR is required/],
    ["a letter for an option", ["-o", "x"], /unknown option -o; the nearest is --out\./],
    ["a value where none belongs", ["--out", "x", "--minimal=1"], /--minimal: expected no value, found "1"/],
    ["no value at the end", ["--out"], /--out: expected DIR, found nothing/],
    ["an empty value", ["--out="], /--out: expected DIR, found nothing/],
    ["an option for a value", ["--out", "--force"], /--out: expected DIR, found --force/],
    ["a word where none belongs", ["--out", "x", "y"], /expected options only, found "y"/],
    ["one option twice", ["--out", "x", "--out", "y"], /--out: expected one DIR, found x, y/],
    [
      "a filter that is none",
      ["--out", "x", "--workspace-id", WORKSPACE, "--filter", "nonsense"],
      /--filter: expected KEY=VALUE/,
    ],
    [
      "a group that is none",
      ["--out", "x", "--workspace-id", WORKSPACE, "--group-by", "tag:"],
      /--group-by: expected/,
    ],
    [
      "a stack's name with a slash",
      ["--out", "x", "--workspace-id", WORKSPACE, "--stack", "a/b"],
      /--stack: expected/,
    ],
  ])("%s", async (_, args, said) => {
    const connect = (async () => ({
      within: () => ({ list: async function* () {} }),
    })) as unknown as CliContext["connect"];
    const { status, stdout, stderr } = await runCli(["import", ...args], { cwd: root, connect });
    expect({ status, stdout }).toEqual({ status: 3, stdout: "" });
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(/\n +at /);
  });

  test("no credential", async () => {
    const out = inFolder();
    const connect: CliContext["connect"] = () =>
      Promise.reject(
        new ServiceError({ action: "sign in to Azure", code: "NoCredential", detail: "Tried: az login." }),
      );
    const { status, stderr } = await runCli(["import", "--out", out, "--workspace-id", WORKSPACE], {
      connect,
    });
    expect({ status, stderr, left: nothingIn(out) }).toEqual({
      status: 3,
      stderr: expect.stringMatching(/Cannot sign in to Azure: NoCredential[^]*Sign in/) as unknown,
      left: [],
    });
  });

  test("no permission to list", async () => {
    const out = inFolder();
    emulator.addFault({ method: "GET", path: "/services$", status: 403, times: 9 });
    const { status, stdout, stderr } = await importTo(out, "--json");
    expect({
      status,
      left: nothingIn(out),
      error: (JSON.parse(stdout) as { error: unknown }).error,
    }).toMatchObject({
      status: 3,
      left: [],
      error: { code: "Forbidden" },
    });
    expect(stderr).toMatch(/Cannot list services: Forbidden[^]*role/);
  });

  test("interrupted while it reads", async () => {
    const out = inFolder();
    const interrupt = new AbortController();
    const gate = emulator.gate({ method: "GET", path: "/services$" });
    const running = runCli(["import", "--out", out], { env: envFor(emulator), interrupt: interrupt.signal });
    await gate.reached;
    interrupt.abort();
    const { status, stderr } = await running;
    gate.open();
    expect({ status, left: nothingIn(out) }).toEqual({ status: 3, left: [] });
    expect(stderr).toMatch(/Interrupted/);
  });

  test.each(["mkdir", "writeFile", "rename"] as const)("a full disk, at %s", async (call) => {
    const out = inFolder();
    const full = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    let calls = 0;
    const real = fs[call].bind(fs) as (...args: unknown[]) => Promise<unknown>;
    jest.spyOn(fs, call).mockImplementation((...args: unknown[]) => {
      calls += 1;
      return (call === "rename" || calls > 2 ? Promise.reject(full) : real(...args)) as never;
    });
    const { status, stderr } = await importTo(out);
    expect({ status, left: nothingIn(out) }).toEqual({ status: 3, left: [] });
    expect(stderr).toMatch(/CannotWrite: expected to write .*out, found that the disk is full/);
  });

  test("a folder that holds something is not touched, and nobody is asked", async () => {
    const out = inFolder();
    mkdirSync(out);
    writeFileSync(join(out, "mine.txt"), "mine");
    const { status, stderr } = await importTo(out);
    expect({ status, files: filesIn(out), requests: emulator.requests() }).toEqual({
      status: 3,
      files: { "mine.txt": "mine" },
      requests: [],
    });
    expect(stderr).toMatch(/FolderExists: .*--force/);
  });

  test("a file has the folder's name", async () => {
    const out = inFolder();
    writeFileSync(out, "mine");
    expect((await importTo(out, "--force")).stderr).toMatch(/CannotWrite/);
  });
});

test("--force writes its own files anew, drops those that it no longer needs, and leaves the rest", async () => {
  const out = fresh();
  await importTo(out, "--group-by", "all");
  const before = filesIn(out);
  mkdirSync(join(out, "services", "own"));
  writeFileSync(join(out, "services", "mine.ts"), "mine");
  writeFileSync(join(out, "Pulumi.prod.yaml"), "encryptionsalt: v1:salt\nconfig: {}\n");
  writeFileSync(join(out, "index.ts"), "changed");
  expect((await importTo(out, "--group-by", "all", "--force")).stderr).toMatch(
    /Pulumi.prod.yaml stays as it is/,
  );
  expect(filesIn(out)).toEqual({
    ...before,
    "services/mine.ts": "mine",
    "Pulumi.prod.yaml": "encryptionsalt: v1:salt\nconfig: {}\n",
  });
  await importTo(out, "--force");
  expect(Object.keys(filesIn(out))).not.toContain("services/all.ts");
  expect(Object.keys(filesIn(out))).toContain("services/mine.ts");
});

test("on a terminal there are colours and progress, and none elsewhere or unasked", async () => {
  const shown = async (isTTY: boolean, env: Record<string, string>, ...args: string[]) => {
    let text = "";
    const stream = { isTTY, write: (more: string) => (text += more) };
    await runCli(["import", "--out", fresh(), ...args], {
      env: { ...envFor(emulator), ...env },
      streams: { stdout: stream, stderr: stream },
    });
    return {
      colors: ["31", "32", "33"].some((code) => text.includes(`\u001b[${code}m`)),
      progress: text.includes("\rServices read") || /Services read: 20/.test(text),
    };
  };
  expect(await shown(true, {})).toEqual({ colors: true, progress: true });
  expect(await shown(false, {})).toEqual({ colors: false, progress: false });
  expect((await shown(true, { NO_COLOR: "1" })).colors).toBe(false);
  expect((await shown(true, {}, "--no-color")).colors).toBe(false);
});

test("a thousand services take a list's pages, and no more", async () => {
  const many = await startEmulator({ seed: { services: workingServices(1000, 2) } });
  const { stdout, stderr } = await runCli(["import", "--out", fresh(), "--json"], { env: envFor(many) });
  expect((JSON.parse(stdout) as { total: number }).total).toBe(1000);
  expect(many.requests()).toHaveLength(11);
  expect(stderr.split("\n").filter((line) => line.startsWith("Services read"))).toHaveLength(10);
  await many.close();
});

test.each([
  ["file:../pulumi-azureml-9.9.9.tgz", "file:../../../pulumi-azureml-9.9.9.tgz"],
  ["^0.0.1", expect.stringMatching(/^\^\d/)],
])("a project that has this package as %s gets a program that asks for it as %p", async (has, asks) => {
  const cwd = join(root, `${(count += 1)}`, "project");
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, "package.json"), JSON.stringify({ dependencies: { "pulumi-azureml": has } }));
  await runCli(["import", "--out", "deep/services"], { env: envFor(emulator), cwd });
  const { dependencies } = JSON.parse(filesIn(join(cwd, "deep", "services"))["package.json"]!) as {
    dependencies: unknown;
  };
  expect(dependencies).toEqual({ "@pulumi/pulumi": "^3.216.0", "pulumi-azureml": asks });
});
