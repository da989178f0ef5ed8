import type { Services, Settings } from "./crossing";

/** The compute target and the model that the Python client's calls take. */
const [compute, model] = ["aks-test", "sk:1"];

const container: Settings = {
  collectModelData: true,
  cpuCores: 0.3,
  cpuCoresLimit: 0.6,
  memoryGb: 0.75,
  memoryGbLimit: 1.5,
  gpuCores: 1,
  enableAppInsights: true,
  scoringTimeoutMs: 45_000,
  replicaMaxConcurrentRequests: 3,
  maxRequestWaitTime: 700,
};

const probe: Settings = {
  periodSeconds: 11,
  initialDelaySeconds: 120,
  timeoutSeconds: 4,
  successThreshold: 2,
  failureThreshold: 5,
};

const labels: Settings = {
  namespace: "scoring",
  tags: { release: "2026.11", owner: "risk" },
  properties: { team: "risk", cost: "12" },
  description: "Scores payments",
};

const scaling: Settings = {
  autoscaleEnabled: true,
  autoscaleMinReplicas: 2,
  autoscaleMaxReplicas: 4,
  autoscaleRefreshSeconds: 5,
  autoscaleTargetUtilization: 60,
};

/**
 * Between them these say something other than the default of every setting that goes into a service.
 * Some exclude each other, so it takes three.
 */
export const everySetting = (prefix: string): Services => ({
  [`${prefix}-scaled`]: {
    ...{ serviceName: `${prefix}-scaled`, computeTargetName: compute, models: [model] },
    ...{ ...scaling, ...container, ...probe, ...labels, blobfuseEnabled: false },
    ...{ authEnabled: true, primaryKey: "first-chosen-key", secondaryKey: "second-chosen-key" },
  },
  [`${prefix}-fixed`]: {
    ...{ serviceName: `${prefix}-fixed`, computeTargetName: compute, models: [model] },
    ...{ autoscaleEnabled: false, numReplicas: 3, authEnabled: false, tokenAuthEnabled: true },
    ...{ description: "", tags: {}, enableAppInsights: false, gpuCores: 0 },
    // The Python client cannot send such a key in an update, so that it is in no service that it updates.
    properties: { "cost/centre~1": "12" },
  },
  [`${prefix}-image`]: {
    ...{ serviceName: `${prefix}-image`, computeTargetName: compute, imageId: "img:1" },
    ...{ cpuCores: 0.5, memoryGb: 2, numReplicas: 2, tags: { kind: "image" } },
  },
});

/** A service with little said about it. */
export const plainService = (serviceName: string, more: Settings = {}): Settings => ({
  ...{ serviceName, computeTargetName: compute, models: [model] },
  ...more,
});

const scriptOf = (version: string): string =>
  `VERSION = "${version}"\n\n\ndef init():\n    pass\n\n\ndef run(data):\n    return data\n`;

/** A service that runs a script, which tells its version in each answer. The program makes an asset, or an archive, of the text. */
export const codeService = (
  serviceName: string,
  version: string,
  { as, ...more }: Settings & { readonly as: "asset" | "archive" },
): Settings =>
  plainService(serviceName, {
    inferenceConfig: {
      entryScript: "score.py",
      source: as === "asset" ? scriptOf(version) : { "score.py": scriptOf(version) },
      environment: {
        ...{ name: "env-ours", baseImage: "registry.example.com/scoring:1" },
        environmentVariables: { LEVEL: "3" },
      },
    },
    ...more,
  });

/** `cpuCores` → `cpu_cores`: settings have the names of the Python client's parameters. */
export const parameterOf = (setting: string): string =>
  setting.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const apart = ["serviceName", "models", "imageId", "inferenceConfig", "adopt"];

/** The same settings as the arguments of `deploy_configuration`. */
export const configurationOf = (settings: Settings): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(settings)
      .filter(([setting]) => !apart.includes(setting))
      .map(([setting, value]) => [parameterOf(setting), value]),
  );
