import { cores, gibibytes } from "../../kubernetes/forms";
import { hasGpu, type InstanceTypeLimits } from "../../kubernetes/row";
import type { Settings } from "../../provider/core/values";
import { fieldOf } from "../../provider/schema/fields";

/** A size that a cluster offers to deployments: an InstanceType resource. */
export interface InstanceType extends InstanceTypeLimits {
  readonly name: string;
}

/** What a cluster has by itself. */
export const defaultInstanceType: InstanceType = {
  name: "defaultinstancetype",
  cpuCores: 2,
  memoryGb: 2,
  gpuCores: 0,
};

/** What a replica requests, and what limits it. */
export const sizeOf = (settings: Settings) => {
  const number = (input: string): number => Number(settings[input] ?? fieldOf(input)?.default ?? 0);
  const limit = (input: string, request: string): number | undefined => {
    if (settings[input] !== undefined && settings[input] !== null) return Number(settings[input]);
    // Beside GPUs the requests become limits.
    return hasGpu({ settings }) ? number(request) : undefined;
  };
  return {
    cpuCores: number("cpuCores"),
    memoryGb: number("memoryGb"),
    gpuCores: number("gpuCores"),
    cpuLimit: limit("cpuCoresLimit", "cpuCores"),
    memoryLimit: limit("memoryGbLimit", "memoryGb"),
  };
};

/** Requests may be as large as the type's limits; limits must be smaller. */
const fits = (settings: Settings, type: InstanceType): boolean => {
  const { cpuCores, memoryGb, gpuCores, cpuLimit = 0, memoryLimit = 0 } = sizeOf(settings);
  return (
    cpuCores <= type.cpuCores &&
    memoryGb <= type.memoryGb &&
    gpuCores <= type.gpuCores &&
    cpuLimit < type.cpuCores &&
    memoryLimit < type.memoryGb
  );
};

/** The smallest InstanceType of the cluster that a service fits; its default one first. */
export const fittingType = (
  settings: Settings,
  existing: readonly InstanceType[],
): InstanceType | "default" | undefined => {
  const own = existing.find(({ name }) => name === defaultInstanceType.name);
  if (fits(settings, own ?? defaultInstanceType)) return own ?? "default";
  return [...existing]
    .sort((a, b) => a.gpuCores - b.gpuCores || a.cpuCores - b.cpuCores || a.memoryGb - b.memoryGb)
    .find((type) => fits(settings, type));
};

/** Few steps make few InstanceTypes; none is smaller than the default one. */
const STEPS = [2, 4, 8, 16, 32, 64, 128, 256, 512];

const stepFor = (request: number, limit: number | undefined): number =>
  STEPS.find((step) => step >= request && step > (limit ?? 0)) ??
  Math.floor(Math.max(request, limit ?? 0)) + 1;

/** An InstanceType for a service; services of like size get the same one. */
export const proposedType = (settings: Settings): InstanceType => {
  const size = sizeOf(settings);
  const cpuCores = stepFor(size.cpuCores, size.cpuLimit);
  const memoryGb = stepFor(size.memoryGb, size.memoryLimit);
  const { gpuCores } = size;
  const name = `cpu${cpuCores}-mem${memoryGb}${gpuCores > 0 ? `-gpu${gpuCores}` : ""}`;
  return { name, cpuCores, memoryGb, gpuCores };
};

/** The resource, for kubectl apply. A deployment's own requests and limits take the place of the type's. */
export const yamlOf = ({
  name,
  cpuCores,
  memoryGb,
  gpuCores,
}: InstanceType): string => `apiVersion: amlarc.azureml.com/v1alpha1
kind: InstanceType
metadata:
  name: ${name}
spec:
  resources:
    requests:
      cpu: "${cores(Math.min(1, cpuCores))}"
      memory: "${gibibytes(Math.min(1, memoryGb))}"
    limits:
      cpu: "${cores(cpuCores)}"
      memory: "${gibibytes(memoryGb)}"
${gpuCores > 0 ? `      nvidia.com/gpu: ${gpuCores}\n` : ""}`;
