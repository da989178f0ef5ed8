import { createHash } from "node:crypto";
import { parseWorkspaceId, workspaceIdOf } from "../provider/core/address";
import { asConfig, configInWords } from "../provider/core/inference-config/config";
import { isObject, isSet, withoutUnset, withValueAt, type Settings } from "../provider/core/values";
import { fieldOf } from "../provider/schema/fields";
import { map } from "./map";
import { scoringScript } from "./contents";
import { judgeState } from "./judgements";
import {
  NOT_SET,
  sources,
  type Destination,
  type FindingKind,
  type Judgement,
  type MapContext,
  type MapRow,
  type WebService,
} from "./row";

/** What becomes of one setting of one service. */
export interface Finding {
  /** The setting's input name, or "state". */
  readonly setting: string;
  readonly kind: FindingKind;
  /** The web service's value, or its default; never a secret one. */
  readonly from: unknown;
  /** The members that carry it. */
  readonly to: readonly {
    readonly on: "endpoint" | "deployment";
    readonly path: string;
    readonly value: unknown;
  }[];
  readonly says: string;
  readonly wayRound?: string;
  readonly source: string;
}

/** A web service as azure-native's arguments, and what became of each of its settings. */
export interface Translation {
  /** Arguments of OnlineEndpoint. Traffic is for a second write, when the deployment is there. */
  readonly endpoint: Settings;
  /** Arguments of OnlineDeployment. */
  readonly deployment: Settings;
  /** One for each setting, in the map's order, and one for the state where that is known. */
  readonly findings: readonly Finding[];
}

/**
 * Writes a web service as a Kubernetes online endpoint. Where a person has to decide first, the member is left out or written as
 * the finding says: nothing is lost without a finding.
 *
 * @throws Error for a workspace id that is not an ARM id
 */
export const toKubernetes = (
  service: WebService,
  where: Destination,
  rows: readonly MapRow[] = map,
): Translation => {
  const settings = withoutUnset(service.settings);
  const workspace = parseWorkspaceId(where.workspaceId);
  if (workspace === undefined)
    throw new Error(`expected the ARM id of a workspace, found ${JSON.stringify(where.workspaceId)}`);
  const destination = { ...where, workspaceId: workspaceIdOf(workspace) };
  const deploymentName = where.deploymentName ?? nameOf(settings, destination);
  const context: MapContext = { ...service, settings, destination, workspace, deploymentName };
  const findings = rows.map((row) => findingOf(row, context));
  const placed = rows.flatMap((row) => membersOf(row, context));
  const argumentsOf = (on: "endpoint" | "deployment") =>
    placed
      .filter((member) => member.on === on)
      .reduce<Settings>(
        (body, { path, value }) => withValueAt(body, path, value),
        constants(on, destination, deploymentName),
      );
  return {
    endpoint: argumentsOf("endpoint"),
    deployment: argumentsOf("deployment"),
    findings: [...stateFindings(service), ...findings],
  };
};

/** What an endpoint and a deployment have whatever the settings. */
const constants = (
  on: "endpoint" | "deployment",
  { location, instanceType }: Destination,
  deploymentName: string,
): Settings =>
  on === "endpoint"
    ? { location, identity: { type: "SystemAssigned" }, properties: {} }
    : {
        deploymentName,
        location,
        sku: { name: "Default" },
        properties: { endpointComputeType: "Kubernetes", ...(instanceType ? { instanceType } : {}) },
      };

/** A deployment is named by what cannot be changed in it: a change makes another, to which the traffic can be moved. */
const nameOf = (settings: Settings, { instanceType, codeId }: Destination): string => {
  const fixed = [instanceType ?? null, codeId ?? null, scoringScript(settings["inferenceConfig"]) ?? null];
  return `v-${createHash("sha256").update(JSON.stringify(fixed)).digest("hex").slice(0, 8)}`;
};

/** What the web service has: the setting, or the default that holds without it. */
const valueOf = (row: MapRow, context: MapContext): unknown =>
  row.value ? row.value(context) : (context.settings[row.setting] ?? fieldOf(row.setting)?.default);

const membersOf = (row: MapRow, context: MapContext): Finding["to"] => {
  const value = valueOf(row, context);
  if (!isSet(value)) return [];
  return row.to
    .map(({ on, path, form }) => ({ on, path, value: form(value, context) }))
    .filter((member) => isSet(member.value));
};

const findingOf = (row: MapRow, context: MapContext): Finding => {
  const { kind, says, wayRound } = judgementOf(row, context);
  return {
    setting: row.setting,
    kind,
    from: shown(row, context.settings[row.setting] ?? fieldOf(row.setting)?.default),
    to: membersOf(row, context).map((member) => ({ ...member, value: shown(row, member.value) })),
    says,
    ...(wayRound === undefined ? {} : { wayRound }),
    source: row.source,
  };
};

/** A value as a report may show it: no key, no registry's password, of variables the names alone. */
const shown = (row: MapRow, value: unknown): unknown => {
  const field = fieldOf(row.setting);
  if (field?.secret) return undefined;
  if (field?.role !== "inferenceConfig" || !isObject(value)) return value;
  return asConfig(value) ? configInWords(value) : Object.keys(value);
};

const judgementOf = (row: MapRow, context: MapContext): Judgement => {
  const value = valueOf(row, context);
  const judged = row.judge?.(value, context);
  if (judged) return judged;
  const { defaultThere } = row;
  const ours = fieldOf(row.setting)?.default;
  if (defaultThere !== undefined && value === ours && ours !== defaultThere)
    return {
      kind: "changedDefault",
      says: `The default is ${String(ours)} here and ${String(defaultThere)} there; ${String(ours)} is written. ${row.says}`.trim(),
    };
  if (!isSet(context.settings[row.setting]) && (!isSet(value) || row.kind === "dropped"))
    return { kind: "carried", says: NOT_SET };
  return { kind: row.kind, says: row.says || "It means the same there." };
};

const stateFindings = ({ state }: WebService): readonly Finding[] =>
  state === undefined
    ? []
    : [{ setting: "state", from: state, to: [], source: sources.inferred, ...judgeState(state) }];

const gravity: readonly FindingKind[] = ["blocked", "needsDecision", "changedDefault", "dropped", "carried"];

/** How ready a service is: by the gravest of its findings. */
export const readinessOf = (findings: readonly Finding[]): FindingKind =>
  gravity.find((kind) => findings.some((finding) => finding.kind === kind)) ?? "carried";
