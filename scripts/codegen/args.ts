import { fields } from "../../provider/schema/fields";
import type { Field, Role, SettingType } from "../../provider/schema/field";
import {
  madeByService,
  nestedOutputs,
  renamedOutputs,
  type MadeByService,
  type OutputType,
} from "../../provider/schema/outputs";
import { effectOf } from "./effect";

export const inputTypes: Readonly<Record<SettingType, string>> = {
  text: "pulumi.Input<string>",
  number: "pulumi.Input<number>",
  integer: "pulumi.Input<number>",
  flag: "pulumi.Input<boolean>",
  textMap: "pulumi.Input<Record<string, pulumi.Input<string>>>",
  textList: "pulumi.Input<pulumi.Input<string>[]>",
  durations: "pulumi.Input<Timeouts>",
  content: "pulumi.Input<pulumi.asset.Asset | pulumi.asset.Archive>",
  inferenceConfig: "pulumi.Input<InferenceConfig>",
  migration: "pulumi.Input<Migration>",
};

export const outputTypes: Readonly<Record<SettingType, string>> = {
  text: "string",
  number: "number",
  integer: "number",
  flag: "boolean",
  textMap: "Record<string, string>",
  textList: "string[]",
  durations: "pulumi.Unwrap<Timeouts>",
  content: "pulumi.asset.Asset | pulumi.asset.Archive",
  inferenceConfig: "pulumi.Unwrap<InferenceConfig>",
  migration: "pulumi.Unwrap<Migration>",
};

/** TypeScript types of what the service makes. */
export const madeTypes: Readonly<Record<OutputType, string>> = {
  text: "string",
  number: "number",
  flag: "boolean",
  json: "unknown",
  jsonMap: "Record<string, unknown>",
  deploymentStatus: "DeploymentStatus",
  modelDetails: "ModelDetails[]",
};

export const comment = (lines: readonly (string | undefined)[], indent = "  "): string =>
  [`${indent}/**`, ...lines.filter(Boolean).map((line) => `${indent} * ${line}`), `${indent} */`].join("\n");

/** What a setting is, and what a changed value of it does. */
export const docOf = (row: Field, effect: string): string =>
  comment([
    row.doc,
    row.rule && `Must be ${row.rule.says}.`,
    `On change: ${effect}.`,
    row.default === undefined ? undefined : `@default ${String(row.default)} (the service's; never sent)`,
  ]);

/** Where ids of registered models go, so do the resources that register them. */
const inputTypeOf = (row: Field): string =>
  row.role === "models" ? "pulumi.Input<(pulumi.Input<string> | Model)[]>" : inputTypes[row.type];

const input = (row: Field): string =>
  `${docOf(row, effectOf(row))}\n  readonly ${row.input}${row.required ? "" : "?"}: ${inputTypeOf(row)}${row.required ? "" : " | undefined"};`;

const output = (name: string, type: string, doc: string): string =>
  `${comment([doc])}\n  readonly ${name}: pulumi.Output<${type}>;`;

const members = (wire: string): readonly Field[] => fields.filter((row) => row.wire?.startsWith(`${wire}.`));
const memberName = (row: Field): string => row.wire!.split(".").at(-1)!;

const nestedType = (wire: string): string =>
  `{ ${members(wire)
    .map((row) => `readonly ${memberName(row)}${isAlwaysFilled(row) ? "" : "?"}: ${outputTypes[row.type]}`)
    .join("; ")} }`;

const nestedMap = (): string =>
  nestedOutputs
    .map(({ output: name, wire }) => {
      const pairs = members(wire).map((row) => `${memberName(row)}: "${row.input}"`);
      return `  ${name}: { ${pairs.join(", ")} },`;
    })
    .join("\n");

/** Objects of the service's JSON that may be empty: an autoscaler that is off, the probes of an old service. */
const MAY_BE_EMPTY: readonly string[] = ["autoScaler", "livenessProbeRequirements"];

const ADDRESS: readonly (Role | undefined)[] = [
  "workspaceId",
  "subscription",
  "resourceGroup",
  "workspace",
  "serviceName",
];

/** The service tells a flag and a map whatever they are, and a number for which it has a default. */
const isAlwaysTold = (row: Field): boolean => {
  if (row.wire === undefined || row.writeOnly) return false;
  if (row.type === "flag" || row.type === "textMap") return true;
  return row.default !== undefined && !MAY_BE_EMPTY.some((group) => row.wire!.startsWith(`${group}.`));
};

const isAlwaysFilled = (row: Field): boolean =>
  row.required === true || ADDRESS.includes(row.role) || isAlwaysTold(row);

/** Texts whose usual values an editor offers; any other text is one, too. */
const NAMED_TEXTS: Readonly<Record<string, string>> = { state: "ServiceState", versionType: "VersionType" };

const madeType = ({ output: name, type, optional }: MadeByService): string =>
  `${NAMED_TEXTS[name] ?? madeTypes[type]}${optional ? " | undefined" : ""}`;

export const quoted = (names: readonly string[]): string => names.map((name) => `  "${name}",`).join("\n");

const deploymentSettings = (): string =>
  fields
    .filter((row) => row.wire !== undefined && row.role !== "serviceName" && row.source === undefined)
    .map((row) => `  | "${row.input}"`)
    .join("\n");

const MIGRATION = `/** Where a service is moved to, once and for good. */
export interface Migration {
  /** Name of a Kubernetes compute target of the workspace. */
  readonly computeTargetName: pulumi.Input<string>;
  /** That the migration cannot be undone. */
  readonly acknowledgeIrreversible: true;
}`;

const NAMED = `/** How a service is; one that has moved to a Kubernetes online endpoint is Migrated. */
export type ServiceState =
  | "Transitioning"
  | "Healthy"
  | "Unhealthy"
  | "Failed"
  | "Unschedulable"
  | "Migrating"
  | "Migrated"
  | (string & {});

/** Of a version of an endpoint: whether it is the one that others are compared with. */
export type VersionType = "Control" | "Treatment" | (string & {});`;

/** The text of sdk/args.ts. */
export const argsSource =
  (): string => `// Generated from provider/schema by \`npm run codegen\`. Do not edit.
import type * as pulumi from "@pulumi/pulumi";
import type { InferenceConfig } from "./inference-config";
import type { Model } from "./model";

/** How long each operation may take, such as "90s", "60m" or "1h30m". */
export interface Timeouts {
  readonly create?: pulumi.Input<string> | undefined;
  readonly update?: pulumi.Input<string> | undefined;
  readonly delete?: pulumi.Input<string> | undefined;
}

${NAMED}

${MIGRATION}

/** Replicas desired, updated and available. */
export interface DeploymentStatus {
  readonly desiredReplicas?: number;
  readonly updatedReplicas?: number;
  readonly availableReplicas?: number;
  readonly error?: unknown;
}

/** A registered model, as the service describes it. */
export interface ModelDetails {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly [detail: string]: unknown;
}

/** The settings of a web service on AKS. What is left out is not managed: the service's default, or whatever is live, stays. */
export interface AksWebserviceArgs {
${fields.map(input).join("\n")}
}

/** The live value of every setting under the setting's own name, and what the service makes. */
export interface AksWebserviceOutputs {
${fields.map((row) => output(row.input, `${outputTypes[row.type]}${isAlwaysFilled(row) ? "" : " | undefined"}`, row.doc)).join("\n")}
${madeByService.map((made) => output(made.output, madeType(made), made.doc)).join("\n")}
}

/** Variables of the Python class that group or rename settings. */
export interface AksWebserviceDerived {
${nestedOutputs.map((nested) => output(nested.output, nestedType(nested.wire), nested.doc)).join("\n")}
${renamedOutputs.map(({ output: name, input: of }) => output(name, outputTypes[fields.find((row) => row.input === of)!.type], `The live value of \`${of}\`.`)).join("\n")}
}

export const outputNames = [
${quoted([...fields.map((row) => row.input), ...madeByService.map((made) => made.output)])}
] as const;

export const secretNames = [
${quoted(fields.filter((row) => row.secret).map((row) => row.input))}
] as const;

/** What deployConfiguration takes: what is sent of a service but its name and what it runs. */
export type DeploymentSetting =
${deploymentSettings()};

export const modelsName = "${fields.find((row) => row.role === "models")!.input}";

export const inferenceConfigName = "${fields.find((row) => row.role === "inferenceConfig")!.input}";

export const timeoutsName = "${fields.find((row) => row.role === "timeouts")!.input}";

/** Members of each grouping variable, and the settings that they show. */
export const nested: Readonly<Record<string, Readonly<Record<string, string>>>> = {
${nestedMap()}
};

export const renamed: Readonly<Record<string, string>> = {
${renamedOutputs.map(({ output: name, input: of }) => `  ${name}: "${of}",`).join("\n")}
};
`;
