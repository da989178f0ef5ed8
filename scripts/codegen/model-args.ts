import type { Field, Role } from "../../provider/schema/field";
import type { MadeByService } from "../../provider/schema/outputs";
import { registeredModel } from "../../provider/schema/tables";
import { comment, docOf, inputTypes, madeTypes, outputTypes, quoted } from "./args";

const identity: readonly (Role | undefined)[] = [
  "workspaceId",
  "subscription",
  "resourceGroup",
  "workspace",
  "serviceName",
];

const names = (row: Field): boolean => identity.includes(row.role) || row.input === registeredModel.name;

/** What a changed value does, in words. */
const effectOf = (row: Field): string => {
  if (names(row)) return "a new model";
  if (row.mutability === "replace") return "the next version";
  if (row.mutability === "additive") return "entries can be added; a changed one registers the next version";
  return row.mutability === "providerOnly" ? "remembered; nothing is sent" : "updated in place";
};

/** A text with usual values has a type of its own, which an editor offers and which any other text fits. */
const typeName = (row: Field): string | undefined =>
  row.usual && `${row.input[0]!.toUpperCase()}${row.input.slice(1)}`;

const typesOfTexts = (): string =>
  registeredModel.fields
    .filter((row) => row.usual)
    .map(
      (row) =>
        `${comment([row.doc, "The workspace takes any other name, too."], "")}\n` +
        `export type ${typeName(row)!} = ${row.usual!.map((value) => JSON.stringify(value)).join(" | ")} | (string & {});`,
    )
    .join("\n\n");

const input = (row: Field): string => {
  const type = row.usual ? `pulumi.Input<${typeName(row)!}>` : inputTypes[row.type];
  return `${docOf(row, effectOf(row))}\n  readonly ${row.input}${row.required ? `: ${type}` : `?: ${type} | undefined`};`;
};

const isFilled = (row: Field): boolean => row.required === true || names(row) || row.type === "textMap";

const output = (name: string, type: string, optional: boolean, doc: string): string =>
  `${comment([doc])}\n  readonly ${name}: pulumi.Output<${type}${optional ? " | undefined" : ""}>;`;

const ofMade = (made: MadeByService): string =>
  output(made.output, madeTypes[made.type], made.optional === true, made.doc);

const ofSetting = (row: Field): string =>
  output(row.input, typeName(row) ?? outputTypes[row.type], !isFilled(row), row.doc);

/** The text of sdk/model-args.ts. */
export const modelArgsSource =
  (): string => `// Generated from provider/schema by \`npm run codegen\`. Do not edit.
import type * as pulumi from "@pulumi/pulumi";
import type { Timeouts } from "./args";

${typesOfTexts()}

/** The settings of a registered model. What is left out is not managed. */
export interface ModelArgs {
${registeredModel.fields.map(input).join("\n")}
}

/** Every setting's live value, and what registration makes. */
export interface ModelOutputs {
${registeredModel.made.map(ofMade).join("\n")}
${registeredModel.fields.map(ofSetting).join("\n")}
}

export const modelOutputNames = [
${quoted([...registeredModel.made.map((made) => made.output), ...registeredModel.fields.map((row) => row.input)])}
] as const satisfies readonly (keyof ModelOutputs)[];
`;
