import { resolve } from "node:path";
import { parseWorkspaceId } from "../../provider/core/address";
import { exitStatus, type ExitStatus } from "../cannot-run";
import { badArguments, type Given } from "../command-line";
import { assertMayWrite } from "../folder";
import { findServices, sourceOptions } from "../from";
import type { Found } from "../found-services";
import type { CliContext, Command } from "../program";
import { dependenciesOf, writeProject } from "../project-folder";
import type { Terminal } from "../terminal";
import { adoptionOf, type Adoption } from "./adoption";
import { projectFiles, RECORD, stackSettings, type GroupBy, type ProjectOptions } from "./project";
import { auditOf, printAudit } from "./audit";

export const importCommand: Command = {
  usage: "import --out DIR [options]",
  about: `Writes a Pulumi project that adopts the web services of a workspace: each with adopt, protect and retainOnDelete, and with its live
settings, so that pulumi up sends nothing. Keys stay with the service. Ends with what is ready, what has notes, and what is left out.
Exit status 2: services have notes or are left out.`,
  options: [
    { name: "out", value: "DIR", required: true, doc: "the folder to write; made when it is not there" },
    ...sourceOptions,
    { name: "minimal", doc: "leave out what the service does by default; authentication is always written" },
    { name: "group-by", value: "HOW", doc: "one file for each compute, tag:NAME or all (default compute)" },
    { name: "stack", value: "NAME", doc: "the stack whose configuration names the workspace (default prod)" },
    { name: "project", value: "NAME", doc: "the project's name (default: the workspace's, and -services)" },
    {
      name: "force",
      doc: "write into a folder that holds files; those of an earlier run are replaced, others stay",
    },
  ],
  run: (context, given, terminal) => runImport(context, given, terminal),
};

const runImport = async (context: CliContext, given: Given, terminal: Terminal): Promise<ExitStatus> => {
  const folder = resolve(context.cwd, given.text("out")!);
  const groupBy = groupByOption(given);
  // What cannot be written is known before anything is read.
  await assertMayWrite(folder, given.flag("force"));
  const found = await findServices(context, given, terminal);
  const adoptions = found.services.map((service) =>
    adoptionOf(service, found.workspaceId, given.flag("minimal")),
  );
  const options = {
    ...projectOptions(found, given, groupBy),
    dependencies: dependenciesOf(["@pulumi/pulumi"], context.cwd, folder),
  };
  const own = {
    record: RECORD,
    settings: stackSettings(options.stack),
    staying: "; check its azureml:workspaceId.",
  };
  if (isWorth(adoptions)) await writeProject(folder, projectFiles(adoptions, options), own, given, terminal);
  return report(adoptions, isWorth(adoptions) ? folder : undefined, terminal);
};

/** Without a service there is no program to write. */
const isWorth = (adoptions: readonly Adoption[]): boolean =>
  adoptions.some(({ leftOut }) => leftOut === undefined);

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

const NAME = /^[A-Za-z0-9_.-]{1,100}$/;

const projectOptions = (
  { workspaceId }: Found,
  given: Given,
  groupBy: GroupBy,
): Omit<ProjectOptions, "dependencies"> => {
  const workspace = parseWorkspaceId(workspaceId)!.workspaceName.replace(/[^A-Za-z0-9_.-]+/g, "-");
  const stack = nameOption(given, "stack") ?? "prod";
  const project = nameOption(given, "project") ?? `${workspace}-services`.toLowerCase();
  return { workspaceId, groupBy, stack, project };
};

const nameOption = (given: Given, option: string): string | undefined => {
  const name = given.text(option);
  if (name === undefined || NAME.test(name)) return name;
  throw badArguments(
    `--${option}: expected letters, digits, hyphens, dots and underscores, found ${JSON.stringify(name)}`,
  );
};
