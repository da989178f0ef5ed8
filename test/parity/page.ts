import type { Row } from "./row";

const cell = (text: string): string => text.replace(/\|/g, "\\|");

/** Kinds of rows whose member is a sentence and no name. */
const prose = ["rule", "remark", "way to deploy", "not done"];

const line = ({ of, member, default: fallback, here, proofs }: Row): string =>
  `| ${[
    prose.includes(of)
      ? member
      : of === "variable"
        ? `\`${member}\``
        : member.startsWith("(")
          ? `\`${of}\` ${member}`
          : `\`${of}\`: \`${member}\``,
    fallback,
    here,
    proofs.map(({ file, name }) => `${file}: “${name}”`).join("<br>"),
  ]
    .map(cell)
    .join(" | ")} |`;

const section = (title: string, text: string, rows: readonly Row[]): string =>
  [
    `## ${title}`,
    "",
    text,
    "",
    "| there | default | here | proven by |",
    "| --- | --- | --- | --- |",
    ...rows.map(line),
    "",
  ].join("\n");

/** The text of docs/parity.md. */
export const parityPage = (rows: readonly Row[]): string => {
  const of = (...methods: string[]) => rows.filter((row) => methods.includes(row.of));
  const rest = rows.filter(
    ({ of: method }) => !["variable", "deploy_configuration", "update", ...prose].includes(method),
  );
  return [
    "<!-- Generated from test/parity by `npm run parity -- --write`. Do not edit. -->",
    "",
    "<!-- prettier-ignore-start -->",
    "",
    "# What AksWebservice of azureml-core is here",
    "",
    `Everything that the class documents, ${rows.length} rows: its name here, and the tests that prove it. \`npm run parity\` joins this`,
    "table with the reports of the last test run: each named test exists, ran and passed.",
    "",
    section("Methods", "Functions take a service's name or id; methods of the resource give outputs.", rest),
    section(
      "deploy_configuration",
      "Defaults are the service's own and are never sent.",
      of("deploy_configuration"),
    ),
    section("update", "What a program does not name stays as it is.", of("update")),
    section("Variables", "All are outputs with the live value.", of("variable")),
    section("Ways to deploy", "The four that the class lists.", of("way to deploy")),
    section(
      "Rules",
      "The class refuses these before it sends anything, and so does a preview here.",
      of("rule"),
    ),
    section("Remarks", "What its documentation says beside.", of("remark")),
    section("Not done", "What has no counterpart here.", of("not done")),
    "<!-- prettier-ignore-end -->",
    "",
  ].join("\n");
};
