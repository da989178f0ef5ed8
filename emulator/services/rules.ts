import { badRequest } from "../server/errors";
import { isObject, type Rule } from "../server/json";
import type { ServiceSettings } from "./service";

const number = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const boolean: Rule = { expected: "true or false", holds: (v) => typeof v === "boolean" };
const positive: Rule = { expected: "a number above 0", holds: (v) => number(v) && v > 0 };
const positiveOrNull: Rule = {
  expected: "a number above 0 or null",
  holds: (v) => v === null || positive.holds(v),
};
const integer = (least: number, most = Number.MAX_SAFE_INTEGER): Rule => ({
  expected:
    most === Number.MAX_SAFE_INTEGER
      ? `an integer of at least ${least}`
      : `an integer from ${least} to ${most}`,
  holds: (v) => Number.isSafeInteger(v) && (v as number) >= least && (v as number) <= most,
});
const textOrNull: Rule = { expected: "a text or null", holds: (v) => v === null || typeof v === "string" };
const texts: Rule = {
  expected: "an object of texts",
  holds: (v) => isObject(v) && Object.values(v).every((t) => typeof t === "string"),
};
const kubernetesNamespace: Rule = {
  expected: "a Kubernetes namespace (1 to 63 of a-z, 0-9 and -, no - at the ends)",
  holds: (v) => typeof v === "string" && /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(v),
};
const objectOrNull: Rule = { expected: "an object or null", holds: (v) => v === null || isObject(v) };

/** What each member must be, by its JSON pointer. A member that is missing counts as wrong. */
const rules: readonly (readonly [string, Rule])[] = [
  ["/description", textOrNull],
  ["/kvTags", texts],
  ["/properties", texts],
  ["/namespace", kubernetesNamespace],
  ["/authEnabled", boolean],
  ["/aadAuthEnabled", boolean],
  ["/appInsightsEnabled", boolean],
  ["/autoScaler/autoscaleEnabled", boolean],
  ["/autoScaler/minReplicas", integer(1)],
  ["/autoScaler/maxReplicas", integer(1)],
  ["/autoScaler/refreshPeriodInSeconds", integer(1)],
  ["/autoScaler/targetUtilization", integer(1, 100)],
  ["/containerResourceRequirements/cpu", positive],
  ["/containerResourceRequirements/cpuLimit", positiveOrNull],
  ["/containerResourceRequirements/memoryInGB", positive],
  ["/containerResourceRequirements/memoryInGBLimit", positiveOrNull],
  ["/containerResourceRequirements/gpu", integer(0)],
  ["/dataCollection/eventHubEnabled", boolean],
  ["/dataCollection/storageEnabled", boolean],
  ["/livenessProbeRequirements/periodSeconds", integer(1)],
  ["/livenessProbeRequirements/initialDelaySeconds", integer(1)],
  ["/livenessProbeRequirements/timeoutSeconds", integer(1)],
  ["/livenessProbeRequirements/failureThreshold", integer(1)],
  ["/livenessProbeRequirements/successThreshold", integer(1)],
  ["/maxConcurrentRequestsPerContainer", integer(1)],
  ["/maxQueueWaitMs", integer(1)],
  ["/numReplicas", integer(1)],
  ["/scoringTimeoutMs", integer(1)],
  ["/imageId", textOrNull],
  ["/environmentImageRequest", objectOrNull],
];

const at = (settings: unknown, pointer: string): unknown =>
  pointer
    .slice(1)
    .split("/")
    .reduce<unknown>((node, key) => (isObject(node) ? node[key] : undefined), settings);

const shown = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

function checkMembers(settings: unknown): void {
  for (const [pointer, rule] of rules) {
    const value = at(settings, pointer);
    if (!rule.holds(value))
      throw badRequest(
        "InvalidValue",
        `${pointer} must be ${rule.expected}, found ${shown(value)}.`,
        pointer,
      );
  }
}

function checkResources({ containerResourceRequirements: r }: ServiceSettings): void {
  if (r.cpuLimit !== null && r.cpuLimit < r.cpu)
    throw badRequest("InvalidResources", `The cpu limit ${r.cpuLimit} is below the cpu request ${r.cpu}.`);
  if (r.memoryInGBLimit !== null && r.memoryInGBLimit < r.memoryInGB)
    throw badRequest(
      "InvalidResources",
      `The memory limit ${r.memoryInGBLimit} is below the memory request ${r.memoryInGB}.`,
    );
}

function checkExclusive(settings: ServiceSettings): void {
  const { minReplicas, maxReplicas } = settings.autoScaler;
  if (minReplicas > maxReplicas)
    throw badRequest("InvalidAutoScaler", `minReplicas ${minReplicas} is above maxReplicas ${maxReplicas}.`);
  if (settings.authEnabled && settings.aadAuthEnabled)
    throw badRequest("InvalidAuth", "authEnabled and aadAuthEnabled cannot both be true.");
  if (settings.imageId !== null && settings.environmentImageRequest !== null)
    throw badRequest("InvalidImage", "imageId and environmentImageRequest exclude each other.");
}

/** Judges a service as it would be after the request. The first broken rule is a 400 that names it. */
export function checkSettings(settings: ServiceSettings): void {
  checkMembers(settings);
  checkResources(settings);
  checkExclusive(settings);
}
