import { exitStatus, type ExitStatus } from "../cannot-run";
import { badArguments, type Given } from "../command-line";
import type { CliContext, Command } from "../program";
import { projectNames, projectOptions, projectPlace, writeProject } from "../project-folder";
import { findServices, sourceOptions } from "../service-source";
import type { Terminal } from "../terminal";
import { adoptionOf, type Adoption } from "./adoption";
import { auditOf, printAudit } from "./audit";
import { adoptionProject, type GroupBy } from "./project";

export const importCommand: Command = {
  usage: "import --out DIR [options]",
  about: `Writes a Pulumi project that adopts the web services of a workspace: each with adopt, protect and retainOnDelete, and with its live
settings, so that pulumi up sends nothing. Keys stay with the service. Ends with what is ready, what has notes, and what is left out.
Exit status 2: services have notes or are left out.`,
  options: [
    ...projectOptions("services"),
    ...sourceOptions,
    { name: "minimal", doc: "leave out what the service does by default; authentication is always written" },
    { name: "group-by", value: "HOW", doc: "one file for each compute, tag:NAME or all (default compute)" },
  ],
  run: (context, given, terminal) => runImport(context, given, terminal),
};

const runImport = async (context: CliContext, given: Given, terminal: Terminal): Promise<ExitStatus> => {
  const groupBy = groupByOption(given);
  const place = await projectPlace(context, given);
  const { services, workspaceId } = await findServices(context, given, terminal);
  const adoptions = services.map((service) => adoptionOf(service, workspaceId, given.flag("minimal")));
  // Without a service there is no program to write.
  if (adoptions.every(({ leftOut }) => leftOut !== undefined)) return report(adoptions, undefined, terminal);
  const names = projectNames(place, workspaceId, "services");
  await writeProject(place, names, adoptionProject(adoptions, names, groupBy), terminal);
  return report(adoptions, place.folder, terminal);
};

const report = (
  adoptions: readonly Adoption[],
  folder: string | undefined,
  terminal: Terminal,
): ExitStatus => {
  const audit = auditOf(adoptions, folder);
  terminal.json(audit);
  printAudit(audit, terminal);
  return audit.readyWithNotes.length + audit.notAdoptable.length > 0 || folder === undefined
    ? exitStatus.findings
    : exitStatus.fine;
};

const groupByOption = (given: Given): GroupBy => {
  const text = given.text("group-by") ?? "compute";
  if (text === "compute" || text === "all") return text;
  const tag = /^tag:(.+)$/s.exec(text)?.[1];
  if (tag !== undefined) return { tag };
  throw badArguments(`--group-by: expected compute, tag:NAME or all, found ${JSON.stringify(text)}`);
};
