import { isAutoscaled } from "../../kubernetes/row";
import { isSet, type Settings } from "../../provider/core/values";
import { fieldOf } from "../../provider/schema/fields";
import type { FoundService } from "../found-services";
import { sizeOf } from "./instance-types";

/** What a number of replicas requests. */
export interface Need {
  readonly replicas: number;
  readonly cpuCores: number;
  readonly memoryGb: number;
  readonly gpuCores: number;
}

/** Requests of services, with as many replicas as they have at least, and may have at most. */
interface Range {
  readonly least: Need;
  readonly most: Need;
}

/** What clusters have to hold, without the services that have moved already. */
export interface ClusterNeed {
  /** On the clusters of today, by compute target; they keep it until the services are deleted. */
  readonly today: readonly (Range & { readonly compute: string; readonly services: number })[];
  /** On the new cluster: replicas with their sidecars, and the extension. */
  readonly there: Range;
  /** Both at once, as during the cut-over. */
  readonly sideBySide: Range;
  /** Services without a number of replicas; they are counted with 1. */
  readonly uncounted: readonly string[];
  /** What is not in these numbers. */
  readonly unknown: readonly string[];
}

/** https://learn.microsoft.com/azure/machine-learning/reference-kubernetes: the extension's minimum for production. */
const extension = { replicas: 0, cpuCores: 3.6, memoryGb: 4240 / 1024, gpuCores: 0 };
export const EXTENSION_NODES = 3;

/** The identity's sidecar, from the same table. */
const sidecar = { cpuCores: 0.01, memoryGb: 100 / 1024 };

export const clusterOf = (services: readonly FoundService[]): ClusterNeed => {
  const computes = [...new Set(services.map(computeOf))].sort();
  const all = rangeOf(services);
  const there = { least: withExtension(all.least), most: withExtension(all.most) };
  return {
    today: computes.map((compute) => {
      const own = services.filter((service) => computeOf(service) === compute);
      return { compute, services: own.length, ...rangeOf(own) };
    }),
    there: { least: rounded(there.least), most: rounded(there.most) },
    sideBySide: {
      least: rounded(sum([all.least, there.least])),
      most: rounded(sum([all.most, there.most])),
    },
    uncounted: services.filter(({ settings }) => !isCounted(settings)).map(({ name }) => name),
    unknown: [
      "what the old clusters' router (azureml-fe) takes, which stays there: kubectl get deployment azureml-fe -o yaml",
      "what nodes keep for themselves and for daemons: kubectl describe nodes",
    ],
  };
};

const computeOf = ({ settings }: FoundService): string => String(settings["computeTargetName"] ?? "");

const rangeOf = (services: readonly FoundService[]): Range => ({
  least: rounded(sum(services.map(({ settings }) => needOf(settings, replicasOf(settings).least)))),
  most: rounded(sum(services.map(({ settings }) => needOf(settings, replicasOf(settings).most)))),
});

const isCounted = (settings: Settings): boolean =>
  isAutoscaled({ settings }) || isSet(settings["numReplicas"]);

const replicasOf = (settings: Settings): { readonly least: number; readonly most: number } => {
  if (!isAutoscaled({ settings })) {
    const fixed = Number(settings["numReplicas"] ?? 1);
    return { least: fixed, most: fixed };
  }
  const number = (input: string): number => Number(settings[input] ?? fieldOf(input)!.default);
  return { least: number("autoscaleMinReplicas"), most: number("autoscaleMaxReplicas") };
};

const needOf = (settings: Settings, replicas: number): Need => {
  const { cpuCores, memoryGb, gpuCores } = sizeOf(settings);
  return {
    replicas,
    cpuCores: cpuCores * replicas,
    memoryGb: memoryGb * replicas,
    gpuCores: gpuCores * replicas,
  };
};

const withExtension = (need: Need): Need =>
  sum([
    need,
    extension,
    {
      replicas: 0,
      cpuCores: sidecar.cpuCores * need.replicas,
      memoryGb: sidecar.memoryGb * need.replicas,
      gpuCores: 0,
    },
  ]);

const sum = (needs: readonly Need[]): Need => ({
  replicas: needs.reduce((all, { replicas }) => all + replicas, 0),
  cpuCores: needs.reduce((all, { cpuCores }) => all + cpuCores, 0),
  memoryGb: needs.reduce((all, { memoryGb }) => all + memoryGb, 0),
  gpuCores: needs.reduce((all, { gpuCores }) => all + gpuCores, 0),
});

const rounded = (need: Need): Need => ({
  ...need,
  cpuCores: Number(need.cpuCores.toFixed(2)),
  memoryGb: Number(need.memoryGb.toFixed(2)),
});
