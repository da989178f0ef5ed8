import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { CliContext } from "../../../cli/program";
import { startEmulator, type Emulator } from "../../../emulator";
import type { ServiceDocument, Webservices } from "../../../provider/azure/webservices";
import { repository } from "../../harness/project-folder";
import { ownFolder } from "../../harness/own-folder";
import { envFor, filesIn, runCli, type CliRun } from "../run";
import { unfitServices, workingServices } from "../shapes";

const root = ownFolder();
let count = 0;
/** A path at which nothing is yet, in a folder that holds nothing else. */
const fresh = (): string => join(root, `${(count += 1)}`, "out");

const WORKSPACE =
  "/subscriptions/s/resourceGroups/r/providers/Microsoft.MachineLearningServices/workspaces/ml-prod";

interface Report {
  readonly total: number;
  readonly ready: readonly string[];
  readonly undecided: readonly { readonly name: string; readonly decisions: Record<string, string> }[];
  readonly leftOut: readonly { readonly name: string; readonly why: string }[];
  readonly project: string | null;
}

/** Migrates what a workspace shows. */
const migrate = async (documents: readonly ServiceDocument[], ...args: readonly string[]) => {
  const out = fresh();
  const list = async function* () {
    yield* documents;
  };
  const services = { list } as Partial<Webservices>;
  const connect = (async () => ({ ...services, within: () => services })) as unknown as CliContext["connect"];
  const run = await runCli(["migrate", "--out", out, "--workspace-id", WORKSPACE, "--json", ...args], {
    connect,
  });
  const report = JSON.parse(run.stdout) as Report;
  return { ...run, report, files: report.project === null ? {} : filesIn(out) };
};

const whole = {
  name: "fraud",
  computeType: "AKS",
  computeName: "aks-prod",
  state: "Healthy",
  scoringUri: "http://10.0.0.4/api/v1/service/fraud/score",
  authEnabled: true,
  aadAuthEnabled: false,
  numReplicas: 2,
  autoScaler: { autoscaleEnabled: false },
  containerResourceRequirements: { cpu: 0.5, cpuLimit: null, memoryInGB: 3, memoryInGBLimit: null, gpu: 0 },
  environmentImageRequest: {
    driverProgram: "driver_1.py",
    modelIds: ["fraud:7"],
    environment: {
      name: "scoring",
      version: "3",
      environmentVariables: { AZUREML_ENTRY_SCRIPT: "src/score.py" },
    },
  },
  kvTags: { team: "risk" },
  properties: {},
};

test("the program of one service", async () => {
  const { status, files, report } = await migrate(
    [whole],
    ...["--compute", "k8s-prod", "--location", "westeurope"],
  );
  expect({ status, undecided: report.undecided }).toEqual({
    status: 2,
    undecided: [{ name: "fraud", decisions: { codeUri: expect.stringContaining("score.py") as string } }],
  });
  expect(files["services/fraud.ts"]).toBe(`import { registered } from "../endpoints";
import type { WebService } from "../endpoints";

// Runs score.py with fraud:7 on aks-prod.
export const fraud: WebService = {
  name: "fraud",
  scoringUri: "http://10.0.0.4/api/v1/service/fraud/score",
  callers: "key",
  settings: {
    serviceName: "fraud",
    computeTargetName: "aks-prod",
    models: ["fraud:7"],
    autoscaleEnabled: false,
    numReplicas: 2,
    authEnabled: true,
    tokenAuthEnabled: false,
    cpuCores: 0.5,
    memoryGb: 3,
    gpuCores: 0,
    tags: {
      team: "risk",
    },
  },
  decisions: {
    codeUri:
      "Upload the folder in which score.py is, changed as \`pulumi-azureml check-script\` says, and give its address.",
  },
  deployments: (value) => ({
    blue: {
      code: { uri: value("codeUri") },
      scoringScript: "score.py",
      environment: registered("scoring:3"),
    },
  }),
};
`);
  expect(parse(files["Pulumi.prod.yaml"]!)).toEqual({
    config: {
      "azure-native:subscriptionId": "s",
      "azure-native:location": "westeurope",
      "azureml:workspaceId": WORKSPACE,
      "ml-prod-endpoints:compute": "k8s-prod",
      "ml-prod-endpoints:instanceTypes": { "cpu2-mem4": { cpuCores: 2, memoryGb: 4 } },
      "ml-prod-endpoints:services": { fraud: { deploy: false, weight: 0, instanceType: "cpu2-mem4" } },
    },
  });
  expect(files["instance-types.yaml"]).toContain("name: cpu2-mem4");
  expect(files["README.md"]).toContain("kubectl apply -f instance-types.yaml");
  expect(files["README.md"]).toContain("pulumi config set --path services.fraud.weight 10");
  expect(files["ASSESSMENT.md"]).toContain("fraud");
});

/** The members of the first deployment, as the service's file has them. */
const deploymentOf = (files: Readonly<Record<string, string>>): string =>
  /deployments: [^]*/.exec(files["services/fraud.ts"]!)![0].replace(/\s+/g, " ");

const request = (environment: object, modelIds = ["fraud:7"]) => ({
  environmentImageRequest: {
    driverProgram: "score.py",
    modelIds,
    environment: { ...environment, environmentVariables: { AZUREML_ENTRY_SCRIPT: "score.py" } },
  },
});

test.each<[string, object, readonly string[], string]>([
  [
    "a registered environment",
    {},
    ["codeUri"],
    'blue: { code: { uri: value("codeUri") }, scoringScript: "score.py", environment: registered("scoring:3"), }',
  ],
  [
    "an environment of its own",
    request({
      name: "own",
      version: "Autosave_2021",
      docker: { baseImage: "mcr.microsoft.com/azureml/base:1" },
      python: { condaDependencies: { dependencies: ["python=3.9", { pip: ["azureml-defaults"] }] } },
    }),
    ["codeUri"],
    'environment: { image: "mcr.microsoft.com/azureml/base:1", condaFile: JSON.stringify({ dependencies: [ "python=3.9", { pip: ["azureml-defaults"], }, ], }), }',
  ],
  [
    "an environment whose index has a password",
    request({
      docker: { baseImage: "base" },
      python: {
        condaDependencies: {
          dependencies: [{ pip: ["--extra-index-url https://me:HIDDEN@index.example/"] }],
        },
      },
    }),
    ["codeUri", "environmentId"],
    'environment: value("environmentId")',
  ],
  ["an environment that tells nothing", request({}), ["codeUri", "environmentId"], 'value("environmentId")'],
  [
    "several models",
    request({ name: "scoring", version: "3" }, ["fraud:7", "churn:2"]),
    ["codeUri", "modelUri"],
    'model: { uri: value("modelUri") }',
  ],
  [
    "an image",
    { environmentImageRequest: null, imageId: "fraud-image:3" },
    ["image"],
    'environment: { image: value("image"), inferenceConfig: { livenessRoute: { port: 5001',
  ],
  [
    "models without code",
    { environmentImageRequest: { modelIds: ["fraud:7"] } },
    ["inferenceConfig"],
    "deployments: () => ({ blue: {} })",
  ],
  ["an open service", { authEnabled: false }, ["codeUri", "authMode"], ""],
  ["tokens", { authEnabled: false, aadAuthEnabled: true }, ["codeUri"], ""],
  ["a namespace", { namespace: "ml" }, ["codeUri", "namespace"], ""],
  ["a long timeout", { scoringTimeoutMs: 200_000 }, ["codeUri", "scoringTimeoutMs"], ""],
  ["concurrency", { maxConcurrentRequestsPerContainer: 4 }, ["codeUri", "replicaMaxConcurrentRequests"], ""],
  ["tags that ARM refuses", { kvTags: { "a/b": "" } }, ["codeUri", "tags"], ""],
  ["collected data", { dataCollection: { storageEnabled: true } }, ["codeUri", "collectModelData"], ""],
  ["a service on its way", { state: "Transitioning" }, ["codeUri", "state"], ""],
  [
    "a description that cannot be written",
    { description: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
    ["codeUri", "description"],
    "",
  ],
])("what is to be decided of %s", async (_, document, decisions, deployment) => {
  const { report, files } = await migrate([{ ...whole, ...document }]);
  expect(Object.keys(report.undecided[0]!.decisions).sort()).toEqual([...decisions].sort());
  expect(deploymentOf(files)).toContain(deployment);
  expect(JSON.stringify(files)).not.toContain("HIDDEN");
  expect(
    files["README.md"]!.match(
      /^pulumi config set --path '?services\.fraud\.(?!deploy|traffic|weight|retired)/gm,
    ),
  ).toHaveLength(decisions.length);
});

test("what cannot become an endpoint is left out, with the next step", async () => {
  const { status, report } = await migrate([whole, ...unfitServices]);
  expect({ status, leftOut: report.leftOut }).toEqual({
    status: 2,
    leftOut: [
      { name: "broken", why: expect.stringMatching(/^The service is Failed: .*Repair it first/) as string },
      { name: "container", why: expect.stringContaining("of type ACI") as string },
      { name: "gone", why: expect.stringContaining("Import the endpoint with azure-native") as string },
      { name: "sick", why: expect.stringContaining("Unhealthy") as string },
    ],
  });
});

test("nothing is written where nothing can become an endpoint", async () => {
  const { status, report } = await migrate(unfitServices);
  expect({ status, project: report.project }).toEqual({ status: 2, project: null });
});

test.each([
  [["--compute", "a b"], "--compute"],
  [["--location", "west\neurope"], "--location"],
  [["--namespace", "A"], "--namespace"],
  [["--stack", "a/b"], "--stack"],
  [["--project", "a b"], "--project"],
  [["--weight", "3"], "unknown option --weight"],
])("%j is refused", async (args, says) => {
  const run = await runCli(["migrate", "--out", fresh(), "--workspace-id", WORKSPACE, ...args], {});
  expect(run).toMatchObject({ status: 3, stderr: expect.stringContaining(says) as string });
});

describe("of an emulated workspace", () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator({
      pageSize: 7,
      seed: { services: [...workingServices(25, 19), ...unfitServices] },
    });
  });
  afterAll(() => emulator.close());
  const migrateTo = (out: string, ...args: readonly string[]): Promise<CliRun> =>
    runCli(["migrate", "--out", out, ...args], { env: envFor(emulator) });

  test("it only reads, asks for no key, and writes the same bytes each time, also from a snapshot", async () => {
    emulator.clearRequests();
    const [one, two, three, snapshot] = [fresh(), fresh(), fresh(), fresh()];
    await migrateTo(one);
    const asked = emulator.requests().map(({ method, path }) => `${method} ${path.split("/").at(-1)}`);
    expect([...new Set(asked)]).toEqual(["GET discovery", "GET services"]);
    await migrateTo(two);
    expect(filesIn(two)).toEqual(filesIn(one));
    await runCli(
      ["snapshot", "--out", snapshot, "--without", "models", "--without", "code", "--without", "logs"],
      { env: envFor(emulator) },
    );
    await runCli(["migrate", "--out", three, "--from", snapshot], {});
    expect(filesIn(three)).toEqual(filesIn(one));
  });

  test("Prettier has nothing to change in the program", async () => {
    const out = fresh();
    await migrateTo(out);
    const prettier = join(repository(), "node_modules", "prettier", "bin", "prettier.cjs");
    const files = Object.keys(filesIn(out)).filter((path) => /\.(ts|json|ya?ml)$|^README/.test(path));
    expect(files.length).toBeGreaterThan(30);
    execFileSync(
      process.execPath,
      [prettier, "--no-config", "--check", ...files.map((file) => join(out, file))],
      { encoding: "utf8" },
    );
  });

  test("files are never overwritten; with --force, the stack's configuration and files of yours stay", async () => {
    const out = fresh();
    await migrateTo(out);
    const first = filesIn(out);
    const again = await migrateTo(out);
    expect(again).toMatchObject({ status: 3, stderr: expect.stringContaining("FolderExists") as string });
    expect(filesIn(out)).toEqual(first);
    writeFileSync(join(out, "Pulumi.prod.yaml"), "config: {}\n");
    writeFileSync(join(out, "notes.md"), "mine\n");
    const forced = await migrateTo(out, "--force", "--filter", "name=class");
    expect(forced.stderr).toContain("Pulumi.prod.yaml stays as it is");
    const files = filesIn(out);
    expect(Object.keys(files).filter((path) => path.startsWith("services/"))).toEqual(["services/class.ts"]);
    expect([files["Pulumi.prod.yaml"], files["notes.md"]]).toEqual(["config: {}\n", "mine\n"]);
  });
});

test("keys and secrets of a stack's state are never written", async () => {
  const secret = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    plaintext: '"HIDDEN"',
  };
  const outputs = {
    ...{ workspaceId: WORKSPACE, name: "fraud", serviceName: "fraud", computeType: "AKS", state: "Healthy" },
    ...{ computeTargetName: "aks-prod", models: ["fraud:7"], authEnabled: true, numReplicas: 1 },
    ...{ scoringUri: "http://10.0.0.4/api/v1/service/fraud/score" },
    ...{ primaryKey: "HIDDEN", secondaryKey: secret, description: secret, tags: { a: secret } },
  };
  const type = "pulumi-nodejs:dynamic/azureml:AksWebservice";
  const state = join(root, "state.json");
  const resource = { type, urn: `urn:pulumi:prod::ml::${type}::fraud`, outputs };
  writeFileSync(state, JSON.stringify({ deployment: { resources: [resource] } }));
  const out = fresh();
  const run = await runCli(["migrate", "--out", out, "--from", state, "--json"], {});
  expect(JSON.stringify([filesIn(out), run])).not.toContain("HIDDEN");
  const { decisions } = (JSON.parse(run.stdout) as Report).undecided[0]!;
  expect(decisions).toMatchObject({
    description: expect.stringContaining("cannot be written") as string,
    tags: expect.stringContaining("cannot be written") as string,
  });
});
