import { isSet, type Settings } from "../provider/core/values";
import type { Workspace } from "../provider/core/address";
import { relations } from "../provider/schema/relations";

/**
 * What becomes of a setting:
 * - `carried`: the endpoint has it, or nothing is lost
 * - `changedDefault`: the default differs there, so that the web service's is written out or something else happens
 * - `needsDecision`: a person has to say or do something first
 * - `blocked`: what is there now cannot run as an endpoint
 * - `dropped`: the endpoint has nothing like it
 */
export type FindingKind = "carried" | "changedDefault" | "needsDecision" | "blocked" | "dropped";

/** A web service that is to become an endpoint. */
export interface WebService {
  /** Its settings by input name: what a program says, or what is live. Keys only when they are to be kept. */
  readonly settings: Settings;
  /** Where it is deployed: its state. */
  readonly state?: string;
}

/** Where the endpoint is to be, and the decisions that only a person can make. */
export interface Destination {
  /** The workspace's ARM id; the same one, since endpoints refer to its models and environments. */
  readonly workspaceId: string;
  readonly location: string;
  /** Name of the Kubernetes compute. */
  readonly compute?: string;
  /** The namespace that the compute was attached with. */
  readonly namespace?: string;
  /** ARM id of the one model, in place of several, or of none that is registered. */
  readonly model?: string;
  /** ARM id of the environment, in place of one that is not registered, or of an image. */
  readonly environmentId?: string;
  /** ARM id of the uploaded code. */
  readonly codeId?: string;
  /** Name of an InstanceType of the cluster. Default: `defaultinstancetype`. */
  readonly instanceType?: string;
  /** What that InstanceType's limits are. */
  readonly instanceTypeLimits?: InstanceTypeLimits;
  /** The deployment's name. Default: made from what cannot be changed in it. */
  readonly deploymentName?: string;
  /** Who may call what anyone may call now. */
  readonly authMode?: "Key" | "AMLToken" | "AADToken";
}

export interface InstanceTypeLimits {
  readonly cpuCores: number;
  readonly memoryGb: number;
  readonly gpuCores: number;
}

/** All that a row may look at. */
export interface MapContext extends WebService {
  readonly destination: Destination;
  readonly workspace: Workspace;
  readonly deploymentName: string;
}

/** How a value is written there; undefined leaves the member out. */
export type Form = (value: unknown, context: MapContext) => unknown;

/** A member of azure-native's arguments that a setting becomes. */
export interface Member {
  readonly on: "endpoint" | "deployment";
  /** Dotted path in the arguments of OnlineEndpoint or OnlineDeployment. */
  readonly path: string;
  readonly form: Form;
  /** Cannot be changed afterwards. */
  readonly createOnly?: true;
}

/** What a row says of one service, where that is not its usual. */
export interface Judgement {
  readonly kind: FindingKind;
  readonly says: string;
  /** What a person can do. */
  readonly wayRound?: string;
}

/** One setting of the web service, and what it becomes. */
export interface MapRow {
  readonly setting: string;
  readonly to: readonly Member[];
  /** What Azure uses there when nothing is said, in the web service's own unit. */
  readonly defaultThere?: string | number | boolean;
  /** Usual kind of a value that is set. */
  readonly kind: FindingKind;
  /** What to mind, for any service. */
  readonly says: string;
  /** Who says so. */
  readonly source: string;
  /** The value to carry where it is not the setting's own, or its default. */
  readonly value?: (context: MapContext) => unknown;
  readonly judge?: (value: unknown, context: MapContext) => Judgement | undefined;
}

/** Who says what a row says. */
export const sources = {
  api: "Azure REST API 2025-12-01",
  client: "azure-ai-ml 1.35.2",
  inferred: "inferred from both schemas",
  leaving: "https://learn.microsoft.com/azure/machine-learning/how-to-migrate-from-v1",
  yaml: "https://learn.microsoft.com/azure/machine-learning/reference-yaml-deployment-kubernetes-online",
  instanceTypes: "https://learn.microsoft.com/azure/machine-learning/how-to-manage-kubernetes-instance-types",
  extension: "https://learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-extension",
  attach: "https://learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-to-workspace",
  collection: "https://learn.microsoft.com/azure/machine-learning/concept-data-collection",
  tags: "https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources",
  timeout: "https://github.com/Azure/azure-sdk-for-python/issues/33660",
} as const;

const as: Form = (value) => value;

export const endpoint = (path: string, form = as): Member => ({ on: "endpoint", path, form });
export const deployment = (path: string, form = as): Member => ({ on: "deployment", path, form });
export const onBoth = (path: string, form = as): readonly Member[] => [
  endpoint(path, form),
  deployment(path, form),
];
export const createOnly = (member: Member): Member => ({ ...member, createOnly: true });

const scaling = relations.find((relation) => relation.kind === "switched")!;

/** Whether replicas follow the load: as said, by any number of the autoscaler, or since no count is fixed. */
export const isAutoscaled = ({ settings }: WebService): boolean => {
  if (isSet(settings[scaling.flag])) return settings[scaling.flag] === true;
  return scaling.numbers.some((number) => isSet(settings[number])) || !isSet(settings[scaling.whenOff]);
};

/** Who may call the web service. */
export const callers = ({ settings }: WebService): "key" | "token" | "anyone" => {
  if (settings["tokenAuthEnabled"] === true) return "token";
  return settings["authEnabled"] === false ? "anyone" : "key";
};

export const hasGpu = ({ settings }: WebService): boolean => Number(settings["gpuCores"] ?? 0) > 0;

export const needsDecision = (says: string, wayRound: string): Judgement => ({
  kind: "needsDecision",
  says,
  wayRound,
});
export const blocked = (says: string, wayRound: string): Judgement => ({ kind: "blocked", says, wayRound });
/** Of a setting that is not set there is nothing else to report. */
export const NOT_SET = "Not set.";

export const carried = (says: string): Judgement => ({ kind: "carried", says });
export const changedDefault = (says: string, wayRound?: string): Judgement => ({
  kind: "changedDefault",
  says,
  ...(wayRound === undefined ? {} : { wayRound }),
});
