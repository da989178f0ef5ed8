import { readinessOf, toKubernetes, type Finding } from "../../kubernetes/bodies";
import { map } from "../../kubernetes/map";
import type { Destination, FindingKind } from "../../kubernetes/row";
import { SOURCE_FOLDER } from "../../provider/core/inference-config/config";
import { isAksService, isMigrated, isMigrating } from "../../provider/core/service-state";
import { isObject, type Settings } from "../../provider/core/values";
import { fieldOf } from "../../provider/schema/fields";
import type { NamedDestination } from "../destination";
import { SIGNATURE, type Found, type FoundCode, type FoundService } from "../found-services";
import { byText } from "../literal";
import { clusterOf, type ClusterNeed } from "./cluster";
import { fittingType, proposedType, yamlOf, type InstanceType } from "./instance-types";

/** What is known of the destination, beside the workspace itself. */
export interface AssessOptions extends NamedDestination {
  readonly authMode?: Destination["authMode"] | undefined;
  /** InstanceTypes that the cluster has. */
  readonly instanceTypes: readonly InstanceType[];
}

/** In the words of a report, the readiest first. */
export const readinesses = ["ready", "ready with changed defaults", "needs a decision", "blocked"] as const;
export type Readiness = (typeof readinesses)[number];

export interface AssessedService {
  readonly name: string;
  readonly readiness: Readiness;
  /** Once a cluster is named, code uploaded, environments registered and the proposed InstanceTypes made. */
  readonly oncePrepared: Readiness;
  /** The InstanceType that it fits; undefined for `defaultinstancetype`. */
  readonly instanceType?: string;
  /** One for each setting. */
  readonly findings: readonly Finding[];
}

/** What people have to do, and for which services. */
export interface Work {
  /** The settings that it is for, in the map's order. */
  readonly settings: readonly string[];
  readonly todo: string;
  readonly services: readonly string[];
}

/** What leaving means for the services of a workspace. */
export interface Assessment {
  readonly workspaceId: string;
  readonly destination: Omit<AssessOptions, "instanceTypes">;
  readonly total: number;
  readonly now: Readonly<Record<Readiness, number>>;
  readonly oncePrepared: Readonly<Record<Readiness, number>>;
  readonly work: readonly Work[];
  /** InstanceTypes that the cluster needs beside those that it has, and the services that need them. */
  readonly instanceTypes: readonly (InstanceType & { readonly services: readonly string[] })[];
  /** Their resources, for kubectl; empty without any. */
  readonly instanceTypesYaml: string;
  readonly cluster: ClusterNeed;
  readonly services: readonly AssessedService[];
  /** Services that are none on AKS. */
  readonly leftOut: readonly { readonly name: string; readonly why: string }[];
}

/** Says what becomes of each setting of each service, in the order of their names: the same services, the same words. */
export const assess = (found: Found, options: AssessOptions): Assessment => {
  const { instanceTypes: existing, ...destination } = options;
  const sorted = [...found.services].sort((a, b) => byText(a.name, b.name));
  const onAks = sorted.filter(({ computeType }) => isAksService({ computeType })).map(readableOf);
  const services = onAks.map((service) => assessedService(service, found.workspaceId, options));
  const proposed = proposedTypes(onAks, existing);
  return {
    workspaceId: found.workspaceId,
    destination,
    total: services.length,
    now: countsOf(services.map(({ readiness }) => readiness)),
    oncePrepared: countsOf(services.map(({ oncePrepared }) => oncePrepared)),
    work: workOf(services),
    instanceTypes: proposed,
    instanceTypesYaml: proposed.map(yamlOf).join("---\n"),
    cluster: clusterIn(onAks),
    services,
    leftOut: sorted
      .filter(({ computeType }) => !isAksService({ computeType }))
      .map(({ name, computeType }) => ({
        name,
        why: `it is of type ${computeType || "unknown"}, and only services of type AKS have a counterpart on Kubernetes`,
      })),
  };
};

/** The clusters' sizes; where a size is not read, its default is counted, and said. */
const clusterIn = (services: readonly ReadableService[]): ClusterNeed => {
  const need = clusterOf(services.filter(({ state }) => !isMigrated({ state }) && !isMigrating({ state })));
  const guessed = services.filter(({ unread }) => SIZES.some((input) => unread[input] !== undefined));
  return guessed.length === 0
    ? need
    : {
        ...need,
        unknown: [
          `sizes or replicas that are not read, of ${guessed.map(({ name }) => name).join(", ")}`,
          ...need.unknown,
        ],
      };
};

const SIZES: readonly string[] = [
  ...["cpuCores", "memoryGb", "gpuCores"],
  ...["numReplicas", "autoscaleEnabled", "autoscaleMinReplicas", "autoscaleMaxReplicas"],
];

const assessedService = (
  service: ReadableService,
  workspaceId: string,
  { instanceTypes, ...options }: AssessOptions,
): AssessedService => {
  const { settings, unread } = service;
  const destination: Destination = {
    location: "",
    ...(withoutUndefined(options) as Partial<Destination>),
    workspaceId,
  };
  const fitting = fittingType(settings, instanceTypes);
  const translated = (where: Destination): readonly Finding[] =>
    toKubernetes({ settings, state: service.state }, where).findings.map((finding) =>
      unread[finding.setting] === undefined ? finding : unreadFinding(finding, unread[finding.setting]!),
    );
  const findings = translated({ ...destination, ...sized(fitting) });
  const prepared = prepare(destination, settings, service.name);
  const later = translated({ ...prepared, ...sized(fitting ?? proposedType(settings)) });
  return {
    name: service.name,
    readiness: readinessIn(findings),
    oncePrepared: readinessIn(later),
    ...(fitting === undefined || fitting === "default" ? {} : { instanceType: fitting.name }),
    findings,
  };
};

const sized = (type: InstanceType | "default" | undefined): Partial<Destination> => {
  if (type === undefined || type === "default") return {};
  const { name, cpuCores, memoryGb, gpuCores } = type;
  return { instanceType: name, instanceTypeLimits: { cpuCores, memoryGb, gpuCores } };
};

/** The destination after the steps that are the same for every service. */
const prepare = (destination: Destination, settings: Settings, name: string): Destination => {
  const { workspaceId, compute = "kubernetes" } = destination;
  const config = settings["inferenceConfig"];
  if (!isObject(config)) return { ...destination, compute };
  return {
    ...destination,
    compute,
    codeId: `${workspaceId}/codes/${name}/versions/1`,
    ...(typeof config["environment"] === "string"
      ? {}
      : { environmentId: `${workspaceId}/environments/${name}/versions/1` }),
  };
};

/** A service with its settings as a program would say them, and why some are not read. */
interface ReadableService extends FoundService {
  readonly unread: Readonly<Record<string, string>>;
}

const readableOf = (service: FoundService): ReadableService => {
  const { name, code } = service;
  const shown = Object.entries(service.settings).filter(([input]) => fieldOf(input)?.secret !== true);
  const unread = shown.flatMap(([input, value]) => {
    const why = unreadable(input, value);
    return why === undefined ? [] : [[input, why] as const];
  });
  const environment = /^[^\s:]+:[^\s:]+$/.test(code?.environment ?? "") ? code!.environment : {};
  return {
    ...service,
    settings: {
      ...Object.fromEntries(shown.filter(([input]) => !unread.some(([other]) => other === input))),
      serviceName: name,
      ...(code ? { inferenceConfig: { entryScript: scriptOf(code), environment } } : {}),
    },
    unread: Object.fromEntries(unread),
  };
};

/** Why a value is no value of its setting: a state holds secrets, and a document whatever the service says. */
const unreadable = (input: string, value: unknown): string | undefined => {
  if (value === undefined || value === null) return undefined;
  if (isStackSecret(value)) return "It is a secret of the stack, and is not read.";
  const type = fieldOf(input)?.type;
  const isOdd =
    ((type === "number" || type === "integer") && !Number.isFinite(value)) ||
    (type === "flag" && typeof value !== "boolean");
  return isOdd
    ? `It is no ${type === "flag" ? "true or false" : "number"} as the service shows it.`
    : undefined;
};

/** Without the folder that an uploaded archive is unpacked to, which no program says. */
export const scriptOf = ({ entryScript, sourceDirectory = SOURCE_FOLDER }: FoundCode): string =>
  entryScript.startsWith(`${sourceDirectory}/`) ? entryScript.slice(sourceDirectory.length + 1) : entryScript;

const isStackSecret = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  (Object.hasOwn(value, SIGNATURE) || Object.values(value).some(isStackSecret));

const unreadFinding = ({ setting, source }: Finding, says: string): Finding => ({
  setting,
  kind: "needsDecision",
  from: undefined,
  to: [],
  says,
  wayRound: "Assess the workspace itself, or say the value in the endpoint's program.",
  source,
});

const withoutUndefined = (options: object): object =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

const words: Readonly<Record<FindingKind, Readiness>> = {
  carried: "ready",
  dropped: "ready with changed defaults",
  changedDefault: "ready with changed defaults",
  needsDecision: "needs a decision",
  blocked: "blocked",
};

const readinessIn = (findings: readonly Finding[]): Readiness => words[readinessOf(findings)];

const countsOf = (all: readonly Readiness[]): Readonly<Record<Readiness, number>> =>
  Object.fromEntries(
    readinesses.map((readiness) => [readiness, all.filter((one) => one === readiness).length]),
  ) as Record<Readiness, number>;

const proposedTypes = (
  services: readonly FoundService[],
  existing: readonly InstanceType[],
): Assessment["instanceTypes"] => {
  const types = new Map<string, InstanceType & { services: string[] }>();
  for (const { name, settings } of services) {
    if (fittingType(settings, existing) !== undefined) continue;
    const type = proposedType(settings);
    const known = types.get(type.name);
    if (known) known.services.push(name);
    else types.set(type.name, { ...type, services: [name] });
  }
  return [...types.values()].sort(
    (a, b) => a.gpuCores - b.gpuCores || a.cpuCores - b.cpuCores || a.memoryGb - b.memoryGb,
  );
};

/** The same thing to do for several services is one entry, in the order of the settings. */
const workOf = (services: readonly AssessedService[]): readonly Work[] => {
  const work = new Map<string, { settings: Set<string>; services: Set<string> }>();
  for (const { name, findings } of services)
    for (const { setting, wayRound } of findings) {
      if (wayRound === undefined) continue;
      const entry = work.get(wayRound) ?? { settings: new Set(), services: new Set() };
      work.set(wayRound, entry);
      entry.settings.add(setting);
      entry.services.add(name);
    }
  return [...work]
    .map(([todo, entry]) => ({
      settings: [...entry.settings].sort((a, b) => order(a) - order(b)),
      todo,
      services: [...entry.services],
    }))
    .sort((a, b) => order(a.settings[0]!) - order(b.settings[0]!) || byText(a.todo, b.todo));
};

const order = (setting: string): number => map.findIndex((row) => row.setting === setting);
