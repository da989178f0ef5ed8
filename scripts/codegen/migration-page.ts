import { readFileSync } from "node:fs";
import { join } from "node:path";
import { map } from "../../kubernetes/map";
import type { MapRow } from "../../kubernetes/row";
import { fieldOf } from "../../provider/schema/fields";
import { repository } from "../../test/harness/project-folder";

const [begin, end] = ["<!-- map -->\n", "<!-- /map -->\n"];

/** The text of docs/migration.md: as it is, with the table of settings written anew. */
export const migrationPage = (): string => {
  const page = readFileSync(join(repository(), "docs", "migration.md"), "utf8").replaceAll("\r\n", "\n");
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined)
    throw new Error("docs/migration.md: expected the table's place between <!-- map --> and <!-- /map -->");
  return `${before}${begin}${table()}${end}${after}`;
};

const table = (): string => `<!-- prettier-ignore-start -->
<!-- Generated from kubernetes/map.ts by \`npm run codegen\`. Do not edit. -->

| here | there | default here | default there | mind | who says so |
| --- | --- | --- | --- | --- | --- |
${map.map(line).join("\n")}

<!-- prettier-ignore-end -->
`;

const line = (row: MapRow): string => {
  const cells = [
    `\`${row.setting}\``,
    thereOf(row),
    text(fieldOf(row.setting)?.default),
    differs(row) ? `**${text(row.defaultThere)}**` : text(row.defaultThere),
    row.says,
    row.source.replace(/^https:.*\/([^/]+)$/, "[$1]($&)"),
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
};

/** The members by path; one that both resources have is named once. */
const thereOf = ({ to, kind }: MapRow): string => {
  const paths = [...new Set(to.map(({ path }) => path))].map((path) => {
    const members = to.filter((member) => member.path === path);
    const on = members.length > 1 ? "both" : `the ${members[0]!.on}`;
    return `\`${path}\` of ${on}${members[0]!.createOnly ? ", fixed" : ""}`;
  });
  return paths.join("; ") || (kind === "dropped" ? "nothing" : "elsewhere");
};

const text = (value: unknown): string => (value === undefined ? "" : String(value));

const differs = ({ setting, defaultThere }: MapRow): boolean =>
  defaultThere !== undefined && fieldOf(setting)?.default !== defaultThere;
