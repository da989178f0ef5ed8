import type { Values } from "./engine";
import { NAME } from "./faults";
import type { Witness } from "./witness";

/** One thing that a program does to one resource, and what is there before. */
export interface Scenario {
  readonly name: string;
  readonly kind: "service" | "model";
  /** Made by the provider, without a fault, before the run that meets one. */
  readonly before?: Values;
  /** Made by someone else. */
  readonly found?: (witness: Witness) => Promise<void>;
  /** What that one does when the service is broken; a program that did not make a service does not post it anew. */
  readonly deployedAgain?: (witness: Witness) => Promise<void>;
  readonly run: "up" | "destroy" | "refresh";
  readonly program: Values;
}

export const BYSTANDER = "bystander";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
const TIMEOUTS = { create: "10m", update: "10m", delete: "5m" };
/** How long any one verb may take by these, in milliseconds; a read has a limit of its own. */
export const DEADLINES: Readonly<Record<string, number>> = {
  create: 600_000,
  update: 600_000,
  delete: 300_000,
  read: 300_000,
};

const stringAsset = (text: string) => ({ [SIGNATURE]: ASSET, hash: `hash of ${text}`, text });
const script = (version: string): string => `VERSION = "${version}"\n\n\ndef run(data):\n    return data\n`;

const service = (more: Values = {}): Values => ({
  serviceName: NAME,
  computeTargetName: "aks-prod",
  models: ["fraud:7"],
  cpuCores: 0.5,
  scoringTimeoutMs: 30_000,
  tags: { release: "1" },
  properties: { team: "risk" },
  timeouts: TIMEOUTS,
  __urn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/azureml:AksWebservice::fraud",
  __createdBy: "5ca1ab1e0ddba115",
  ...more,
});

const keys = (round: string): Values => ({
  primaryKey: `primary-key-of-the-program-${round}`,
  secondaryKey: `secondary-key-of-the-program-${round}`,
});

const code = (version: string): Values => ({
  inferenceConfig: {
    entryScript: "score.py",
    source: {
      [SIGNATURE]: ARCHIVE,
      hash: `archive ${version}`,
      assets: { "score.py": stringAsset(script(version)), "helper.py": stringAsset("pass\n") },
    },
    environment: {
      baseImage: "registry.example/base:1",
      condaDependencies: { dependencies: ["python=3.10", { pip: ["azureml-defaults"] }] },
    },
  },
});
/** The version that a program's code would show when it is live. */
export const versionIn = (program: Values): string | undefined =>
  /VERSION = \\"(.+?)\\"/.exec(JSON.stringify(program["inferenceConfig"] ?? ""))?.[1];

const model = (more: Values = {}): Values => ({
  modelName: NAME,
  source: stringAsset("the first content"),
  tags: { release: "1" },
  description: "the program's own",
  timeouts: TIMEOUTS,
  __urn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/azureml:Model::fraud",
  __createdBy: "5ca1ab1e0ddba115",
  ...more,
});
export const contentIn = (program: Values): string => String((program["source"] as Values)["text"]);

/** As the Python client deploys one: no stamp, keys of the service's own making. */
const foundService = (witness: Witness, again: object = {}): Promise<void> =>
  witness.createService({
    ...again,
    name: NAME,
    computeType: "AKS",
    computeName: "aks-prod",
    environmentImageRequest: { modelIds: ["fraud:7"] },
    containerResourceRequirements: { cpu: 0.2 },
    kvTags: { release: "0" },
    properties: { team: "risk" },
  });

export const scenarios: readonly Scenario[] = [
  { name: "create from models", kind: "service", run: "up", program: service(keys("1")) },
  { name: "create from code", kind: "service", run: "up", program: service(code("1")) },
  {
    name: "update of settings",
    kind: "service",
    before: service(),
    run: "up",
    program: service({
      cpuCores: 0.75,
      tags: { release: "2" },
      properties: { team: "risk", audited: "yes" },
    }),
  },
  {
    name: "update of tags alone",
    kind: "service",
    before: service(keys("1")),
    run: "up",
    program: service({ ...keys("1"), tags: { release: "2" } }),
  },
  {
    name: "update of keys",
    kind: "service",
    before: service(keys("1")),
    run: "up",
    program: service(keys("2")),
  },
  {
    name: "update of models",
    kind: "service",
    before: service(),
    run: "up",
    program: service({ models: ["fraud:8"] }),
  },
  {
    name: "update of code",
    kind: "service",
    before: service(code("1")),
    run: "up",
    program: service(code("2")),
  },
  {
    name: "replace",
    kind: "service",
    before: service(keys("1")),
    run: "up",
    program: service({ ...keys("1"), computeTargetName: "aks-test" }),
  },
  {
    name: "replace under another name",
    kind: "service",
    before: service(keys("1")),
    run: "up",
    program: service({ ...keys("1"), serviceName: "fraud-next" }),
  },
  { name: "delete", kind: "service", before: service(), run: "destroy", program: service() },
  { name: "read", kind: "service", before: service(keys("1")), run: "refresh", program: service(keys("1")) },
  {
    name: "adopt",
    kind: "service",
    found: foundService,
    run: "up",
    program: service({ adopt: true, cpuCores: 0.2, scoringTimeoutMs: 60_000, tags: { release: "0" } }),
  },
  {
    name: "adopt and change",
    kind: "service",
    found: foundService,
    run: "up",
    program: service({ adopt: true }),
    deployedAgain: async (witness) =>
      foundService(witness, { overwrite: true, keys: await witness.keys(NAME) }),
  },
  { name: "model create", kind: "model", run: "up", program: model() },
  {
    name: "model update",
    kind: "model",
    before: model(),
    run: "up",
    program: model({ tags: { release: "2" }, properties: { audited: "yes" } }),
  },
  {
    name: "model replace",
    kind: "model",
    before: model(),
    run: "up",
    program: model({ source: stringAsset("the second content") }),
  },
  { name: "model delete", kind: "model", before: model(), run: "destroy", program: model() },
  { name: "model read", kind: "model", before: model(), run: "refresh", program: model() },
];
