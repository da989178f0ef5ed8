import { fields } from "../../provider/schema/fields";
import type { Field } from "../../provider/schema/field";
import { madeByService, nestedOutputs, renamedOutputs } from "../../provider/schema/outputs";
import { madeTypes } from "./args";
import { effectOf } from "./effect";

const types: Readonly<Record<Field["type"], string>> = {
  text: "text",
  number: "number",
  integer: "integer",
  flag: "true or false",
  textMap: "map of text",
  textList: "list of text",
  durations: "durations",
  content: "asset or archive",
  inferenceConfig: "code and environment",
  migration: "compute and acknowledgement",
};

const cell = (text: string): string => text.replace(/\|/g, "\\|").replace(/\n/g, " ");

const inputRow = (row: Field): string =>
  `| ${[
    `\`${row.input}\`${row.required ? " (required)" : ""}`,
    `${types[row.type]}${row.secret ? ", secret" : ""}`,
    row.default === undefined ? "" : `\`${String(row.default)}\``,
    row.rule?.says ?? "",
    effectOf(row),
    row.wire ? `\`${row.inverted ? "not " : ""}${row.wire}\`` : "",
    row.doc,
  ]
    .map(cell)
    .join(" | ")} |`;

/** The text of docs/fields.md. */
export const fieldsPage =
  (): string => `<!-- Generated from provider/schema by \`npm run codegen\`. Do not edit. -->

# Settings and outputs

## Settings

Every setting is the Python client's parameter in camelCase. One that is left out is not managed: at creation the service's
default applies, later whatever is live stays. Defaults are the service's and are never sent.

| setting | type | default | must be | on change | in the service's JSON | what it is |
| --- | --- | --- | --- | --- | --- | --- |
${fields.map(inputRow).join("\n")}

## Outputs

Every setting above is an output too, with its live value, set or not. Beside them:

| output | type | in the service's JSON | what it is |
| --- | --- | --- | --- |
${madeByService.map((made) => `| \`${made.output}\` | ${cell(madeTypes[made.type])} | \`${made.wire}\`${made.beside ? `, its last part ${made.beside}` : ""} | ${cell(made.doc)} |`).join("\n")}

Variables of the Python class that group or rename settings:

| output | shows |
| --- | --- |
${nestedOutputs
  .map(
    ({ output, wire }) =>
      `| \`${output}\` | ${fields
        .filter((row) => row.wire?.startsWith(`${wire}.`))
        .map((row) => `\`${row.input}\``)
        .join(", ")} |`,
  )
  .join("\n")}
${renamedOutputs.map(({ output, input }) => `| \`${output}\` | \`${input}\` |`).join("\n")}
`;
