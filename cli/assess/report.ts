import { isSet } from "../../provider/core/values";
import type { Finding } from "../../kubernetes/bodies";
import { NOT_SET } from "../../kubernetes/row";
import { markdownTable, markdownText, oneLine, plural, share, shownName } from "../report";
import type { Terminal } from "../terminal";
import { readinesses, type AssessedService, type Assessment, type Readiness } from "./assessment";
import { EXTENSION_NODES, type ClusterNeed, type Need } from "./cluster";
import { defaultInstanceType } from "./instance-types";

const colors = {
  ready: "green",
  "ready with changed defaults": "green",
  "needs a decision": "yellow",
  blocked: "red",
} as const satisfies Readonly<Record<Readiness, string>>;

const marks: Readonly<Record<Finding["kind"], string>> = {
  carried: "carried",
  changedDefault: "changed default",
  needsDecision: "NEEDS A DECISION",
  blocked: "BLOCKED",
  dropped: "dropped",
};

/** The report for a terminal: the sums, then the services, then their settings. */
export const printAssessment = (assessment: Assessment, terminal: Terminal): void => {
  const { total, now, oncePrepared, services, leftOut } = assessment;
  terminal.line(`${"Services".padEnd(30)}${String(total).padStart(5)}         once prepared`, "bold");
  for (const readiness of readinesses)
    terminal.line(
      `  ${readiness.padEnd(28)}${share(now[readiness], total)}   ${share(oncePrepared[readiness], total)}`,
      colors[readiness],
    );
  terminal.line(PREPARED);
  for (const { name, why } of leftOut) terminal.line(`Left out  ${shownName(name)}: ${why}`);
  printPart("Destination", destinationLines(assessment), terminal);
  printPart("What people have to do", workLines(assessment), terminal);
  printPart("Cluster", clusterLines(assessment.cluster), terminal);
  const yaml = assessment.instanceTypesYaml.trimEnd();
  if (yaml !== "") printPart("InstanceType resources to make (kubectl apply)", yaml.split("\n"), terminal);
  printPart("Elsewhere", ELSEWHERE, terminal);
  terminal.line();
  terminal.line("Services", "bold");
  for (const service of services) terminal.line(`  ${overviewOf(service)}`, colors[service.readiness]);
  for (const service of services) printService(service, assessment.workspaceId, terminal);
};

const printPart = (title: string, lines: readonly string[], terminal: Terminal): void => {
  terminal.line();
  terminal.line(title, "bold");
  for (const line of lines) terminal.line(`  ${line}`);
};

const workLines = ({ work }: Assessment): readonly string[] =>
  work.length === 0
    ? ["nothing"]
    : work.flatMap(({ settings, todo, services }) => [
        `${settings.join(", ")} (${plural(services.length, "service")}): ${oneLine(todo)}`,
        `  ${namesIn(services)}`,
      ]);

const overviewOf = ({ name, readiness, findings }: AssessedService): string => {
  const open = findings.filter(({ kind }) => kind === "needsDecision" || kind === "blocked");
  const settings = open.length === 0 ? "" : `  ${open.map(({ setting }) => setting).join(", ")}`;
  return `${shownName(name).padEnd(32)}  ${readiness}${settings}`;
};

const ELSEWHERE = [
  "What stands in the way in the workspace and on its clusters: pulumi-azureml doctor --target kubernetes.",
  "What a script has to change: pulumi-azureml check-script.",
];

const PREPARED =
  "Once prepared: with a Kubernetes compute, uploaded code, registered environments and the InstanceTypes below.";

const NAMED = 10;
const namesIn = (names: readonly string[]): string =>
  names.length <= NAMED
    ? names.join(", ")
    : `${names.slice(0, NAMED).join(", ")} and ${names.length - NAMED} more`;

/** What was taken for the destination; what nobody named is said. */
const destinationLines = ({ workspaceId, destination, instanceTypes }: Assessment): readonly string[] => {
  const { location, compute, namespace, authMode } = destination;
  const { name, cpuCores, memoryGb } = defaultInstanceType;
  return [
    `workspace  ${workspaceId}`,
    `location   ${location ?? "unknown; the workspace's own is needed (--location)"}`,
    `compute    ${compute ?? "unknown; the name of a Kubernetes compute on a second cluster (--compute)"}`,
    `namespace  ${namespace ?? "unknown; the one that the compute was attached with (--namespace)"}`,
    `anyone may call now: ${authMode ?? "undecided (--auth-mode)"}`,
    `sizes      ${instanceTypes.length > 0 ? "the cluster's (--instance-type), and those below" : `${name} (${cpuCores} cores, ${memoryGb} Gi) and the cluster's (--instance-type)`}`,
  ];
};

const clusterLines = ({ today, there, sideBySide, uncounted, unknown }: ClusterNeed): readonly string[] => [
  columns("", "replicas", "cores", "GB", "GPUs"),
  ...today.flatMap(({ compute, services, least, most }) =>
    ranged(`today, ${shownName(oneLine(compute))} (${plural(services, "service")})`, least, most),
  ),
  ...ranged(`new cluster, with the extension on ${EXTENSION_NODES} nodes or more`, there.least, there.most),
  ...ranged("side by side, during the cut-over", sideBySide.least, sideBySide.most),
  ...(uncounted.length > 0
    ? [`counted with 1 replica, since they have no number: ${namesIn(uncounted)}`]
    : []),
  ...unknown.map((what) => `not counted: ${what}`),
];

const ranged = (what: string, least: Need, most: Need): readonly string[] => [
  what,
  numbers("  at least", least),
  numbers("  at most", most),
];

const numbers = (label: string, { replicas, cpuCores, memoryGb, gpuCores }: Need): string =>
  columns(label, String(replicas), cpuCores.toFixed(2), memoryGb.toFixed(2), String(gpuCores));

const columns = (label: string, ...cells: readonly string[]): string =>
  `${label.padEnd(12)}${cells.map((cell) => cell.padStart(10)).join("")}`.trimEnd();

const printService = (
  { name, readiness, instanceType, findings }: AssessedService,
  workspaceId: string,
  terminal: Terminal,
): void => {
  terminal.line();
  terminal.line(`${shownName(name)}: ${readiness}`, colors[readiness]);
  if (instanceType !== undefined) terminal.line(`  InstanceType ${instanceType}`);
  for (const finding of findings.filter((one) => !isUnset(one))) {
    terminal.line(`  ${finding.setting.padEnd(28)} ${marks[finding.kind]}: ${change(finding, workspaceId)}`);
    if (finding.kind !== "carried" || finding.to.length === 0)
      terminal.line(`${" ".repeat(31)}${said(finding)}`);
  }
  const unset = findings.filter(isUnset).map(({ setting }) => setting);
  if (unset.length > 0) terminal.line(`  not set: ${unset.join(", ")}`);
};

const isUnset = ({ kind, from, to, says }: Finding): boolean =>
  kind === "carried" && to.length === 0 && (!isSet(from) || says === NOT_SET);

const said = ({ says, wayRound }: Finding): string =>
  oneLine(wayRound === undefined ? says : `${says} ${wayRound}`);

/** "60000 → deployment properties.requestSettings.requestTimeout "PT1M"" */
const change = ({ from, to }: Finding, workspaceId: string): string => {
  const there = to.map(({ on, path, value }) => `${on} ${path} ${shown(value, workspaceId)}`);
  return `${shown(from, workspaceId)} → ${there.join("; ") || "nothing"}`;
};

const LONGEST = 160;

/** The workspace's id is in each asset's, and says nothing there. */
const shown = (value: unknown, workspaceId: string): string => {
  const text = isSet(value) ? JSON.stringify(value).replaceAll(workspaceId, "{workspace}") : "unknown";
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
};

/** The same report as Markdown, for a pull request or a wiki. Texts of services are only ever text in it. */
export const markdownOf = (assessment: Assessment): string => {
  const { total, now, oncePrepared, work, instanceTypesYaml, services, leftOut } = assessment;
  return [
    "# Leaving for Kubernetes online endpoints",
    "",
    ...table(
      [`of ${plural(total, "service")}`, "now", "", "once prepared", ""],
      readinesses.map((readiness) => [
        readiness,
        ...[now, oncePrepared].flatMap((counts) => share(counts[readiness], total).trim().split(/ {2,}/)),
      ]),
    ),
    "",
    PREPARED,
    ...leftOut.map(({ name, why }) => `\nLeft out: ${markdownText(name)}, since ${markdownText(why)}.`),
    "",
    "## Destination",
    "",
    ...destinationLines(assessment).map((line) => `- ${markdownText(line.replace(/ {2,}/, ": "))}`),
    "",
    "## What people have to do",
    "",
    ...(work.length === 0
      ? ["Nothing."]
      : table(
          ["setting", "what", "services"],
          work.map(({ settings, todo, services: names }) => [settings.join(", "), todo, names.join(", ")]),
        )),
    "",
    "## Cluster",
    "",
    "```text",
    ...clusterLines(assessment.cluster).map((line) => line.replaceAll("`", "'")),
    "```",
    ...(instanceTypesYaml === ""
      ? []
      : ["", "InstanceType resources to make:", "", "```yaml", instanceTypesYaml.trimEnd(), "```"]),
    "",
    ...ELSEWHERE.map((line) => `- ${markdownText(line)}`),
    "",
    "## Services",
    ...services.flatMap((service) => serviceMarkdown(service, assessment.workspaceId)),
    "",
  ].join("\n");
};

const serviceMarkdown = (
  { name, readiness, instanceType, findings }: AssessedService,
  workspaceId: string,
): readonly string[] => [
  "",
  `### ${markdownText(name)}: ${readiness}`,
  "",
  ...(instanceType === undefined ? [] : [`InstanceType ${markdownText(instanceType)}`, ""]),
  ...table(
    ["setting", "what", "now → there", "why"],
    findings
      .filter((finding) => !isUnset(finding))
      .map((finding) => [finding.setting, marks[finding.kind], change(finding, workspaceId), said(finding)]),
  ),
  "",
  `Not set: ${
    findings
      .filter(isUnset)
      .map(({ setting }) => setting)
      .join(", ") || "nothing"
  }.`,
];

/** Texts of services are only ever text in it. */
const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] =>
  markdownTable(
    head,
    rows.map((row) => row.map(markdownText)),
  );
