import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { exampleFolder } from "../../harness/session";
import type { ConfigInput } from "../../harness/engines/engine";
import { platformConfig } from "./platform";

/** How the suite runs one example. */
export interface ExampleRow {
  /** Its folder under examples/, where Pulumi.yaml is. */
  readonly folder: string;
  /** The stack's name, where the program looks at it; `demo` when absent. */
  readonly stack?: string;
  /** Configuration beside the workspace and the credential. */
  readonly config?: Readonly<Record<string, ConfigInput>>;
  /** What the emulated workspace has at the start: see `azureml-emulator --help`, --seed. */
  readonly seed?: Readonly<Record<string, unknown>>;
  /** What `up` does: `resource: operation`, sorted. */
  readonly up: readonly string[];
  /** Requests of a preview without changes. None, unless the program reads with `.get`. */
  readonly previewReads?: readonly string[];
  /** Services in the workspace after `destroy`; none when absent. */
  readonly left?: readonly string[];
  /** The workspace's ARM id, where the program makes the workspace itself. */
  readonly workspaceId?: string;
  /** The stack that it refers to, which is made first: `full-infrastructure/STACK`. */
  readonly platform?: string;
  /** Whether a resource in it is protected, so that `destroy` must refuse. */
  readonly isProtected?: boolean;
  /** Why the Pulumi CLI cannot run it here. */
  readonly notUnderCli?: string;
  /** Why the rehearsal does not run it. */
  readonly notUnderRehearsal?: string;
}

/** The workspace that examples/full-infrastructure makes with `platformConfig`. */
const MADE_BY_THE_PLATFORM =
  "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/ml" +
  "/providers/Microsoft.MachineLearningServices/workspaces/ml-workspace";

/** What examples/environments itself configures for a stack. */
const ownConfig = (stack: string): Readonly<Record<string, string>> =>
  (
    parse(readFileSync(join(exampleFolder("environments"), `Pulumi.${stack}.yaml`), "utf8")) as {
      config: Record<string, string>;
    }
  ).config;

/** The services that examples/adopt was written for, by `pulumi-azureml import`. */
export const adopted: readonly Readonly<Record<string, unknown>>[] = [
  {
    name: "fraud",
    computeName: "aks-prod",
    computeType: "AKS",
    environmentImageRequest: { modelIds: ["fraud:7"] },
    autoScaler: { autoscaleEnabled: true, minReplicas: 2, maxReplicas: 5 },
    containerResourceRequirements: { cpu: 0.5, memoryInGB: 1 },
    kvTags: { team: "risk", release: "2024.05" },
    description: "Scores card payments",
    namespace: "ml",
  },
  {
    name: "churn",
    computeName: "aks-prod",
    computeType: "AKS",
    environmentImageRequest: {
      driverProgram: "driver_1.py",
      modelIds: ["churn:2"],
      assets: [{ id: "driver_1.py", url: "aml://artifact/LocalUpload/churn/driver_1.py" }],
      environment: {
        name: "churn-env",
        version: "4",
        environmentVariables: { AZUREML_ENTRY_SCRIPT: "score.py" },
      },
    },
    numReplicas: 2,
    autoScaler: { autoscaleEnabled: false },
    authEnabled: false,
    aadAuthEnabled: true,
    kvTags: { team: "crm" },
    namespace: "ml",
  },
];

/** One row, or more, for each folder in examples/. */
export const examples: readonly ExampleRow[] = [
  { folder: "quickstart", up: ["fraud: create"] },
  {
    folder: "quickstart",
    config: { cpuCores: "2", model: "fraud:8", tags: '{"release":"2027.01"}' },
    up: ["fraud: create"],
  },
  {
    folder: "adopt",
    seed: { services: adopted },
    isProtected: true,
    up: ["churn: create", "fraud: create"],
    left: ["fraud", "churn"],
  },
  {
    folder: "use-existing",
    seed: { services: [{ name: "fraud", computeName: "aks-prod", computeType: "AKS" }] },
    up: ["fraud: read"],
    previewReads: ["GET discovery", "GET services/fraud", "POST services/fraud/listkeys"],
    left: ["fraud"],
  },
  { folder: "scoring", up: ["fraud: create"] },
  { folder: "deploy-models", up: ["fraud: create"] },
  { folder: "deploy-models", config: { model: "fraud:8" }, up: ["fraud: create"] },
  { folder: "deploy-image", up: ["fraud: create"] },
  { folder: "deploy-code", up: ["fraud: create"] },
  { folder: "register-model", up: ["fraud-scoring: create", "fraud: create"] },
  {
    folder: "environments",
    stack: "dev",
    config: { computeTargetName: "aks-dev" },
    // The component and the service in it.
    up: ["fraud: create", "fraud: create"],
  },
  {
    folder: "environments",
    stack: "staging",
    // No platform stack is there to be referenced.
    config: { platformStack: "", computeTargetName: "aks-staging", primaryKey: { secret: "a-given-key" } },
    up: ["fraud: create", "fraud: create"],
  },
  {
    folder: "environments",
    stack: "prod",
    platform: "prod",
    notUnderRehearsal: "it has no stack references",
    workspaceId: MADE_BY_THE_PLATFORM,
    config: ownConfig("prod"),
    isProtected: true,
    up: ["fraud: create", "fraud: create", "organization/full-infrastructure/prod: read"],
  },
  {
    folder: "key-vault",
    config: { vaultResourceGroup: "ml", vaultName: "ml-prod" },
    notUnderCli: "it would make the secrets in Azure",
    up: ["fraud-primary-key: create", "fraud-secondary-key: create", "fraud: create"],
  },
  {
    folder: "full-infrastructure",
    config: platformConfig,
    workspaceId: MADE_BY_THE_PLATFORM,
    notUnderCli: "it would make the resources in Azure",
    up: [
      "cluster: create",
      "compute: create",
      "fraud: create",
      "ml: create",
      "mlinsights: create",
      "mlstorage: create",
      "mlvault: create",
      "workspace: create",
    ],
  },
];

/** The first row of each folder. */
export const firstOfEach = examples.filter(
  (row, index) => index === examples.findIndex(({ folder }) => folder === row.folder),
);
