import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../../emulator";
import { ownFolder } from "../../harness/own-folder";
import { envFor, runCli } from "../run";

const folder = ownFolder();
const versionOf = async (): Promise<string> => "10.2.1";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({
    pageSize: 1,
    seed: {
      services: [
        { name: "fraud", computeType: "AKS", computeName: "aks-prod", scoringTimeoutMs: 60_000 },
        { name: "churn", computeType: "AKS", computeName: "aks-prod", scoringTimeoutMs: 60_000 },
      ],
    },
  });
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});

const SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000001";
const cluster = (name: string, subscription = SUBSCRIPTION): string =>
  `${subscription}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/${name}`;

interface Answers {
  workspace: object | number;
  computes: object | number;
  cluster: object | number;
  versions: object | number;
  extensions: object | number;
}

const kubernetes = (more: object = {}, types: object | undefined = {}) => ({
  name: "k8s-prod",
  properties: {
    computeType: "Kubernetes",
    provisioningState: "Succeeded",
    resourceId: cluster("new-cluster"),
    properties: { namespace: "default", defaultInstanceType: "defaultinstancetype", instanceTypes: types },
    ...more,
  },
});
const v1 = (name: string) => ({
  name: "aks-prod",
  properties: { computeType: "AKS", provisioningState: "Succeeded", resourceId: cluster(name) },
});
const extension = (more: object = {}, settings: object = {}) => ({
  properties: {
    extensionType: "Microsoft.AzureML.Kubernetes",
    provisioningState: "Succeeded",
    configurationSettings: { enableInference: "True", ...settings },
    ...more,
  },
});
const aks = (more: object = {}) => ({
  location: "westeurope",
  properties: {
    currentKubernetesVersion: "1.33.2",
    servicePrincipalProfile: { clientId: "msi" },
    disableLocalAccounts: false,
    ...more,
  },
});

/** What ARM answers where nothing stands in the way; a number is a status. */
const good: Answers = {
  workspace: { properties: { v1LegacyMode: false } },
  computes: { value: [v1("old-cluster"), kubernetes()] },
  cluster: aks(),
  versions: {
    values: [
      { version: "1.33" },
      { version: "1.34" },
      { version: "1.35" },
      { version: "1.36", isPreview: true },
    ],
  },
  extensions: { value: [{ properties: { extensionType: "microsoft.flux" } }, extension()] },
};

const paths: Readonly<Record<keyof Answers, string>> = {
  workspace: "/workspaces/[^/]+$",
  computes: "/computes$",
  cluster: "/managedClusters/[^/]+$",
  versions: "/kubernetesVersions$",
  extensions: "/extensions$",
};

const doctor = async (answers: Partial<Answers> = {}, ...args: readonly string[]) => {
  emulator.addFault({
    path: "/permissions$",
    status: 200,
    body: { value: [{ actions: ["*"], notActions: [] }] },
  });
  for (const [name, answer] of Object.entries({ ...good, ...answers }))
    emulator.addFault({
      path: paths[name as keyof Answers],
      ...(typeof answer === "number" ? { status: answer } : { status: 200, body: answer }),
      times: 20,
    });
  const { status, stdout, stderr } = await runCli(["doctor", "--json", "--target", "kubernetes", ...args], {
    env: { ...envFor(emulator), AZUREML_ARM_ENDPOINT: emulator.url },
    cwd: folder,
    machine: { nodeVersion: "22.11.0", versionOf },
  });
  const { findings } = JSON.parse(stdout) as {
    findings: { id: string; status: string; found: string; next?: string; names?: unknown }[];
  };
  return { status, stderr, k8s: findings.filter(({ id }) => id.startsWith("k8s-")), findings };
};

test("nothing stands in the way: every check is ok, by reads alone", async () => {
  const { k8s } = await doctor();
  expect(k8s.map(({ id, status }) => `${id} ${status}`)).toEqual(
    [
      ...["k8s-legacy-mode", "k8s-compute", "k8s-subscription", "k8s-shared", "k8s-accounts", "k8s-version"],
      ...["k8s-extension", "k8s-sizes", "k8s-timeouts", "k8s-ready"],
    ].map((id) => `${id} ok`),
  );
  expect(k8s.some((finding) => "names" in finding)).toBe(false);
  const sent = emulator.requests().filter(({ path }) => !/\/services\/validate(\/|$)/.test(path));
  expect(sent.filter(({ method }) => method !== "GET")).toEqual([]);
  expect(emulator.requests().some(({ path }) => /listkeys/i.test(path))).toBe(false);
});

/** What ARM answers, the finding, what it says, and its next step. */
const blockers: readonly [string, Partial<Answers>, string, RegExp, RegExp][] = [
  [
    "a workspace in legacy mode",
    { workspace: { properties: { v1LegacyMode: true } } },
    "k8s-legacy-mode",
    /legacy mode/,
    /v1LegacyMode: false/,
  ],
  [
    "no Kubernetes compute",
    { computes: { value: [v1("old-cluster")] } },
    "k8s-compute",
    /no Kubernetes compute/,
    /second cluster/,
  ],
  [
    "a compute that failed",
    { computes: { value: [kubernetes({ provisioningState: "Failed" })] } },
    "k8s-compute",
    /not Succeeded: k8s-prod/,
    /Attach/,
  ],
  [
    "web services on the same cluster",
    { computes: { value: [v1("New-Cluster"), kubernetes()] } },
    "k8s-shared",
    /also serves web services \(aks-prod\).*E45004/,
    /second cluster/,
  ],
  [
    "a cluster of another subscription",
    { computes: { value: [kubernetes({ resourceId: cluster("c", "/subscriptions/other") })] } },
    "k8s-subscription",
    /another subscription/,
    /workspace's subscription/,
  ],
  [
    "a cluster with a service principal",
    { cluster: aks({ servicePrincipalProfile: { clientId: "0000-1" } }) },
    "k8s-accounts",
    /service principal/,
    /managed identity/,
  ],
  [
    "local accounts disabled",
    { cluster: aks({ disableLocalAccounts: true }) },
    "k8s-accounts",
    /local accounts are disabled/,
    /Enable/,
  ],
  [
    "an old Kubernetes",
    { cluster: aks({ currentKubernetesVersion: "1.32.9" }) },
    "k8s-version",
    /1\.32, expected 1\.33/,
    /Upgrade/,
  ],
  [
    "no extension",
    { extensions: { value: [] } },
    "k8s-extension",
    /does not have the Azure ML extension/,
    /k8s-extension create/,
  ],
  [
    "an extension that failed",
    { extensions: { value: [extension({ provisioningState: "Failed" })] } },
    "k8s-extension",
    /is Failed/,
    /healthcheck/,
  ],
  [
    "an extension for training alone",
    { extensions: { value: [extension({}, { enableInference: "False" })] } },
    "k8s-extension",
    /not for inference/,
    /enableInference/,
  ],
];

it.each(blockers)("%s is a problem", async (_, answers, id, found, next) => {
  const { status, k8s } = await doctor(answers);
  const problems = k8s.filter((finding) => finding.status === "problem");
  expect({ status, problems }).toEqual({
    status: 2,
    problems: [
      {
        id,
        status: "problem",
        found: expect.stringMatching(found) as unknown,
        next: expect.stringMatching(next) as unknown,
      },
      { id: "k8s-ready", status: "problem", found: `no: ${id}`, next: expect.any(String) as unknown },
    ],
  });
});

/** What cannot be read, and what is unknown for it. */
const unread: readonly [string, Partial<Answers>, readonly string[]][] = [
  ["no permission on the workspace", { workspace: 403 }, ["k8s-legacy-mode"]],
  ["no permission on the computes", { computes: 403 }, ["k8s-compute"]],
  ["no permission on the cluster", { cluster: 403 }, ["k8s-accounts", "k8s-version"]],
  ["no permission on the versions", { versions: 403 }, ["k8s-version"]],
  ["no permission on the extensions", { extensions: 403 }, ["k8s-extension"]],
  ["a workspace that does not tell its mode", { workspace: { properties: {} } }, ["k8s-legacy-mode"]],
  ["a sign-in page", { computes: { value: "<html>" } }, ["k8s-compute"]],
  [
    "the preview switch on a shared cluster",
    {
      computes: { value: [v1("new-cluster"), kubernetes()] },
      extensions: { value: [extension({}, { "scoringFe.enableUpgrade": "true" })] },
    },
    ["k8s-shared"],
  ],
  [
    "a list that leads elsewhere",
    { computes: { value: [], nextLink: "https://example.com/next" } },
    ["k8s-compute"],
  ],
];

it.each(unread)("%s is unknown, and never ready", async (_, answers, ids) => {
  const { status, k8s } = await doctor(answers);
  expect(status).toBe(2);
  expect(
    k8s.filter((finding) => finding.status !== "ok").map((finding) => [finding.id, finding.status]),
  ).toEqual([...ids, "k8s-ready"].map((id) => [id, "unknown"]));
  for (const finding of k8s.filter(({ status: one }) => one === "unknown"))
    expect(finding.next).toMatch(/\.$/);
});

test("without ARM nothing is known", async () => {
  const { stdout, status } = await runCli(["doctor", "--json", "--target", "kubernetes"], {
    env: envFor(emulator),
    cwd: folder,
    machine: { nodeVersion: "22.11.0", versionOf },
  });
  expect(status).toBe(2);
  expect(stdout).toMatch(/"k8s-ready",\s+"status": "unknown"/);
});

test("services that fit no InstanceType, or that answer too late, are named", async () => {
  const large = await startEmulator({
    seed: {
      services: [
        {
          name: "big-model",
          computeType: "AKS",
          computeName: "aks",
          containerResourceRequirements: { cpu: 4, memoryInGB: 14 },
        },
        { name: "slow-model", computeType: "AKS", computeName: "aks", scoringTimeoutMs: 300_000 },
      ],
    },
  });
  const before = emulator;
  emulator = large;
  try {
    const { k8s } = await doctor({}, "--report", "report.json");
    expect(k8s.filter(({ status }) => status === "problem").map(({ found }) => found)).toEqual([
      "k8s-prod: 1 of 2 services fit none of its InstanceTypes (big-model)",
      "above 150 s, which is refused there: slow-model",
      "no: k8s-sizes, k8s-timeouts",
    ]);
    const report = readFileSync(join(folder, "report.json"), "utf8");
    for (const name of ["k8s-prod", "big-model", "slow-model", "new-cluster"])
      expect(report).not.toContain(name);
    large.clearFaults();
    const types = { wide: { resources: { limits: { cpu: "8", memory: "32Gi", "nvidia.com/gpu": null } } } };
    const fits = await doctor({ computes: { value: [kubernetes({}, types)] } });
    expect(fits.k8s.find(({ id }) => id === "k8s-sizes")).toMatchObject({ status: "ok" });
    large.clearFaults();
    const untold = await doctor({ computes: { value: [kubernetes({ properties: {} })] } });
    expect(untold.k8s.find(({ id }) => id === "k8s-sizes")).toMatchObject({ status: "unknown" });
  } finally {
    emulator = before;
    await large.close();
  }
});

test("another target is refused", async () => {
  const { status, stderr } = await runCli(["doctor", "--target", "managed"], { cwd: folder });
  expect({ status, stderr }).toEqual({
    status: 3,
    stderr: expect.stringContaining('--target: expected kubernetes, found "managed"') as unknown,
  });
});
