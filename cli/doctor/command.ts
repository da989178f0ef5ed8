import { resolve } from "node:path";
import { credentialTexts } from "../../provider/azure/auth/principal";
import type { ClientSettings } from "../../provider/azure/settings";
import { safeJson, safeText } from "../../provider/azure/safe-text";
import { fieldOf, inputOf } from "../../provider/schema/fields";
import { exitStatus, type ExitStatus } from "../cannot-run";
import { badArguments, oneOf, workspaceOptions, type Given } from "../command-line";
import { writeWhole } from "../folder";
import { jsonText } from "../literal";
import type { CliContext, Command } from "../program";
import type { Terminal } from "../terminal";
import { namedWorkspace, settingsOf, workspaceIdOption } from "../workspace";
import { exercise, type Exercise } from "./exercise";
import type { Finding } from "./finding";
import { machineFindings, versionOf } from "./machine";
import { roleActions } from "./roles";
import { workspaceFindings } from "./workspace";

export const doctorCommand: Command = {
  usage: "doctor [options]",
  about: `Checks what a stack needs, each with the next step: versions, proxy, TLS, credential (by name, never its value), workspace, clock,
permissions, and which verbs of the service's API answer. It sends reads and dry runs alone, which change nothing; only --exercise
writes. Run it in the folder of the Pulumi project. Exit status 2: there is a problem.`,
  options: [
    ...workspaceOptions,
    {
      name: "target",
      value: "kubernetes",
      doc: "also what stands in the way of Kubernetes online endpoints, in the workspace and its clusters; what cannot be read is unknown, and exit status 2 as well",
    },
    {
      name: "report",
      value: "FILE",
      doc: "write what was found as JSON, without secrets and names, to attach to an issue",
    },
    {
      name: "exercise",
      value: "NAME",
      doc: "WRITES to the workspace: makes a scratch service of this name, changes, scores and deletes it; never one that is there",
    },
    {
      name: "like",
      value: "SERVICE",
      doc: "with --exercise: the service to take compute and model, or image, from",
    },
    {
      name: "transcript",
      value: "FILE",
      doc: "with --exercise: where what was sent and answered goes, without secrets and names (default exercise.json)",
    },
  ],
  run: (context, given, terminal) => doctor(context, given, terminal),
};

const doctor = async (context: CliContext, given: Given, terminal: Terminal): Promise<ExitStatus> => {
  const { cwd, env, clock, interrupt } = context;
  const settings = await settingsOf(context, given);
  const workspaceId = namedWorkspace(settings, given);
  const machine = { nodeVersion: process.versions.node, cwd, env, versionOf, ...context.machine };
  const scratch = exerciseOption(settings, given);
  const target = oneOf(["kubernetes"] as const, "target", given);
  const findings = [
    ...(await machineFindings(machine)),
    ...(await workspaceFindings({ clock, settings, workspaceId, interrupt, target })),
    ...(scratch === undefined ? [] : await exercise(context, scratch)),
  ];
  const result = { findings: findings.map(({ names: _, ...finding }) => finding), roles: roleActions };
  const shared = { ...result, findings: findings.map(withoutNames) };
  const report = given.text("report");
  const secrets = [...credentialTexts(settings), ...namesIn(workspaceId)];
  if (report !== undefined)
    await writeWhole(resolve(cwd, report), jsonText(safeJson(shared, safeText(secrets))));
  terminal.json(result);
  print(findings, terminal);
  for (const file of [report, scratch?.file])
    if (file !== undefined) terminal.line(`Written to ${file}; look through it before you share it.`);
  return findings.some(isOpen) ? exitStatus.findings : exitStatus.fine;
};

const withoutNames = ({ names = [], ...finding }: Finding): Finding => ({
  ...finding,
  found: [...names]
    .filter((name) => name !== "")
    .sort((a, b) => b.length - a.length)
    .reduce((text, name) => text.replaceAll(name, "{name}"), finding.found),
});

/** With --target what is unknown is not ready. */
const isOpen = ({ id, status }: Finding): boolean =>
  status === "problem" || (status === "unknown" && id === "k8s-ready");

const exerciseOption = (settings: ClientSettings, given: Given): Exercise | undefined => {
  const [name, like] = [given.text("exercise"), given.text("like")];
  if (name === undefined && like === undefined) return undefined;
  if (name === undefined || like === undefined)
    throw badArguments("--exercise NAME and --like SERVICE are given together");
  const pattern = fieldOf(inputOf("serviceName"))!.rule!.pattern!;
  if (!pattern.test(name))
    throw badArguments(`--exercise: expected a service's name, found ${JSON.stringify(name)}`);
  const file = given.text("transcript") ?? "exercise.json";
  return { name, like, file, settings, workspaceId: workspaceIdOption(settings, given) };
};

/** The parts of a workspace's id, which an issue does not need. */
const namesIn = (workspaceId: string | undefined): readonly string[] =>
  (workspaceId ?? "")
    .split("/")
    .filter((part) => !/^(subscriptions|resourceGroups|providers|workspaces|Microsoft\..*|)$/i.test(part));

const marks = {
  ok: ["ok     ", "green"],
  problem: ["PROBLEM", "red"],
  unknown: ["unknown", "yellow"],
} as const;

const print = (findings: readonly Finding[], terminal: Terminal): void => {
  for (const { id, status, found, next } of findings) {
    const [mark, color] = marks[status];
    terminal.line(`${mark}  ${id.padEnd(18)}${found}`, color);
    if (next !== undefined) terminal.line(`${" ".repeat(27)}${next}`);
  }
  terminal.line();
  terminal.line("The smallest custom role for each purpose (actions, on the workspace)", "bold");
  for (const [purpose, actions] of Object.entries(roleActions)) {
    terminal.line(`  ${purpose}`);
    for (const action of actions.length > 0 ? actions : ["(none: nothing is sent)"])
      terminal.line(`    ${action}`);
  }
};
