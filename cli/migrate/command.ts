import { assess } from "../assess/assessment";
import { markdownOf } from "../assess/report";
import { exitStatus, type ExitStatus } from "../cannot-run";
import type { Given } from "../command-line";
import { destinationOf, destinationOptions } from "../destination";
import { byText } from "../literal";
import type { CliContext, Command } from "../program";
import { projectNames, projectOptions, projectPlace, writeProject } from "../project-folder";
import { shownName } from "../report";
import { findServices, sourceOptions } from "../service-source";
import type { Terminal } from "../terminal";
import { isPlan, planOf, type LeftOut, type Plan } from "./plan";
import { endpointsProject } from "./project";

export const migrateCommand: Command = {
  usage: "migrate --out DIR [options]",
  about: `Writes a Pulumi project that makes a Kubernetes online endpoint beside each web service: components, what has to be made for them,
a stack's configuration, InstanceType resources, a router with one weight for each service, a README with the steps and the
assessment. Nothing is deployed until the configuration says so, and what needs a decision is refused until then. It only reads, and
no key. Exit status 2: services need decisions or are left out.`,
  options: [...projectOptions("endpoints"), ...sourceOptions, ...destinationOptions],
  run: (context, given, terminal) => runMigrate(context, given, terminal),
};

const runMigrate = async (context: CliContext, given: Given, terminal: Terminal): Promise<ExitStatus> => {
  const destination = destinationOf(given);
  const place = await projectPlace(context, given);
  const { services, workspaceId } = await findServices(context, given, terminal);
  const sorted = [...services].sort((a, b) => byText(a.name, b.name));
  const all = sorted.map((service) => planOf(service, { ...destination, workspaceId }));
  const plans = all.filter(isPlan);
  const leftOut = all.filter((plan): plan is LeftOut => !isPlan(plan));
  if (plans.length === 0) return report(plans, leftOut, undefined, terminal);
  const names = projectNames(place, workspaceId, "endpoints");
  const assessment = markdownOf(assess({ workspaceId, services }, { ...destination, instanceTypes: [] }));
  const project = endpointsProject(plans, leftOut, { ...names, ...destination, assessment });
  await writeProject(place, names, project, terminal);
  return report(plans, leftOut, place.folder, terminal);
};

const report = (
  plans: readonly Plan[],
  leftOut: readonly LeftOut[],
  folder: string | undefined,
  terminal: Terminal,
): ExitStatus => {
  const ready = plans.filter(({ decisions }) => Object.keys(decisions).length === 0);
  const open = plans.filter((plan) => !ready.includes(plan));
  terminal.json({
    total: plans.length + leftOut.length,
    ready: ready.map(({ service }) => service.name),
    undecided: open.map(({ service, decisions }) => ({ name: service.name, decisions })),
    leftOut: leftOut.map(({ service, why }) => ({ name: service.name, why })),
    project: folder ?? null,
  });
  terminal.line(`Services           ${plans.length + leftOut.length}`);
  terminal.line(`  ready            ${String(ready.length).padStart(5)}`, "green");
  terminal.line(`  to be decided    ${String(open.length).padStart(5)}`, "yellow");
  terminal.line(
    `  left out         ${String(leftOut.length).padStart(5)}`,
    leftOut.length > 0 ? "red" : "green",
  );
  for (const { service, decisions } of open)
    terminal.line(`  ${service.name}: ${Object.keys(decisions).join(", ")}`);
  for (const { service, why } of leftOut) terminal.line(`  ${shownName(service.name)}: left out: ${why}`);
  terminal.line();
  terminal.line(
    folder === undefined
      ? "Nothing was written: there is no service that could become an endpoint. Check --filter and the workspace."
      : `Written to ${folder}`,
    "bold",
  );
  if (folder !== undefined)
    terminal.line("README.md there has the steps. Nothing is deployed until its configuration says so.");
  return open.length + leftOut.length > 0 || folder === undefined ? exitStatus.findings : exitStatus.fine;
};
