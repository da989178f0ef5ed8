import { promises as fs } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { assess } from "../assess/assessment";
import { markdownOf } from "../assess/report";
import { exitStatus, type ExitStatus } from "../cannot-run";
import { badArguments, type Given } from "../command-line";
import { assertMayWrite, type Files } from "../folder";
import { findServices, sourceOptions } from "../from";
import type { Found } from "../found-services";
import { byText } from "../import/literal";
import { stackSettings } from "../import/project";
import { parseWorkspaceId } from "../../provider/core/address";
import type { CliContext, Command } from "../program";
import { dependenciesOf, writeProject } from "../project-folder";
import type { Terminal } from "../terminal";
import { isPlan, planOf, type LeftOut, type Plan } from "./plan";
import { projectFiles, RECORD, type ProjectOptions } from "./project";

export const migrateCommand: Command = {
  usage: "migrate --out DIR [options]",
  about: `Writes a Pulumi project that makes a Kubernetes online endpoint beside each web service: components, what has to be made for them,
a stack's configuration, InstanceType resources, a router with one weight for each service, a README with the steps and the
assessment. Nothing is deployed until the configuration says so, and what needs a decision is refused until then. It only reads, and
no key. Exit status 2: services need decisions or are left out.`,
  options: [
    { name: "out", value: "DIR", required: true, doc: "the folder to write; made when it is not there" },
    ...sourceOptions,
    { name: "compute", value: "NAME", doc: "the Kubernetes compute that endpoints will run on" },
    { name: "namespace", value: "NAME", doc: "the namespace that this compute was attached with" },
    { name: "location", value: "REGION", doc: "the workspace's region, such as westeurope" },
    { name: "stack", value: "NAME", doc: "the stack whose configuration is written (default prod)" },
    { name: "project", value: "NAME", doc: "the project's name (default: the workspace's, and -endpoints)" },
    {
      name: "force",
      doc: "write into a folder that holds files; those of an earlier run are replaced, others and the stack's configuration stay",
    },
  ],
  run: (context, given, terminal) => runMigrate(context, given, terminal),
};

const runMigrate = async (context: CliContext, given: Given, terminal: Terminal): Promise<ExitStatus> => {
  const folder = resolve(context.cwd, given.text("out")!);
  const named = namedOptions(given);
  // What cannot be written is known before anything is read.
  await assertMayWrite(folder, given.flag("force"));
  const read = await findServices(context, given, terminal);
  const found: Found = {
    ...read,
    services: [...read.services].sort((a, b) => byText(a.name, b.name)),
  };
  const all = found.services.map((service) => planOf(service, { ...named, workspaceId: found.workspaceId }));
  const plans = all.filter(isPlan);
  const leftOut = all.filter((plan): plan is LeftOut => !isPlan(plan));
  if (plans.length > 0) {
    const dependencies = dependenciesOf(["@pulumi/azure-native", "@pulumi/pulumi"], context.cwd, folder);
    const files = projectFiles(plans, leftOut, { ...(await projectOptions(found, named)), dependencies });
    const own = {
      record: RECORD,
      settings: stackSettings(named.stack),
      staying: ": what is new is not in it, and not deployed.",
    };
    await writeProject(folder, files, own, given, terminal);
  }
  return report(plans, leftOut, plans.length > 0 ? folder : undefined, terminal);
};

interface Named {
  readonly stack: string;
  readonly project: string | undefined;
  readonly compute: string | undefined;
  readonly namespace: string | undefined;
  readonly location: string | undefined;
}

const namedOptions = (given: Given): Named => ({
  stack: named(given, "stack", /^[A-Za-z0-9_.-]{1,100}$/) ?? "prod",
  project: named(given, "project", /^[A-Za-z0-9_.-]{1,100}$/),
  compute: named(given, "compute", /^[A-Za-z][A-Za-z0-9-]{1,31}$/),
  namespace: named(given, "namespace", /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/),
  location: named(given, "location", /^[A-Za-z0-9 ]{2,60}$/),
});

const named = (given: Given, option: string, rule: RegExp): string | undefined => {
  const text = given.text(option);
  if (text === undefined || rule.test(text)) return text;
  throw badArguments(`--${option}: expected a name that fits ${rule.source}, found ${JSON.stringify(text)}`);
};

const projectOptions = async (found: Found, named: Named): Promise<Omit<ProjectOptions, "dependencies">> => {
  const { compute, namespace, location } = named;
  const workspace = parseWorkspaceId(found.workspaceId)!.workspaceName.replace(/[^A-Za-z0-9_.-]+/g, "-");
  const options = { compute, namespace, location };
  const assessment = assess(found, {
    ...(Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as object),
    instanceTypes: [],
  });
  const shared = await sharedFiles();
  return {
    workspaceId: found.workspaceId,
    ...{ stack: named.stack, project: named.project ?? `${workspace}-endpoints`.toLowerCase() },
    ...options,
    shared,
    assessment: markdownOf(assessment),
  };
};

/** What every such program has is an example in this package. */
const sharedFiles = async (): Promise<Files> => {
  const paths = ["endpoints.ts", "router.ts", ".github/workflows/cut-over.yml"];
  const folder = join(dirname(require.resolve("pulumi-azureml/package.json")), "examples", "cut-over");
  return new Map(
    await Promise.all(
      paths.map(async (path) => [path, await fs.readFile(join(folder, path), "utf8")] as const),
    ),
  );
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
  for (const { service, why } of leftOut) terminal.line(`  ${service.name || "(no name)"}: left out: ${why}`);
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
