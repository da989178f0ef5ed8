import { execFile } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { checked, checkedText } from "../../test/harness/checks";
import type { ConfigInput } from "../../test/harness/engines/engine";
import { runCommand, type Command, type Operation } from "../../test/harness/operation";
import { repository } from "../../test/harness/project-folder";
import { exampleFolder, newToken, type Session } from "../../test/harness/session";
import { nameOf, openWorkspace } from "../../test/harness/workspace";
import { filesIn, leaks, withoutDebugMessages, type Secret } from "./leaks";
import { recordOf, type Log } from "./record";
import type { OperationOptions, Outputs, Tour } from "./step";

/** What the steps of the demo work with. */
export function openTour(session: Session, log: Log): Tour {
  const secrets: Secret[] = [{ name: "bearer token", value: session.emulator().accessToken }];
  const engineSaid: string[] = [];
  const keepSecret = (name: string, value: string) => void secrets.push({ name, value });
  const said = ({ text }: Operation) => void engineSaid.push(text);
  return {
    ...commandsOf(session, log, said),
    ...ownProgramOf(session, log),
    ...exampleCodeOf(session, log),
    async outputs() {
      log.goOn();
      const outputs = (await session.stack.outputs({ showSecrets: true })) as unknown as Outputs;
      const { primaryKey, secondaryKey } = await openWorkspace(session.emulator()).keys("fraud");
      keepSecret("primary key", primaryKey);
      keepSecret("secondary key", secondaryKey);
      return outputs;
    },
    script: (file, ...args) => runScript(session, log, file, args),
    workspace: () => openWorkspace(session.emulator()),
    accessToken: () => session.emulator().accessToken,
    async rotateToken() {
      const accessToken = newToken();
      keepSecret("bearer token", accessToken);
      await session.restart(accessToken);
    },
    keepSecret,
    filesWith: (text) =>
      filesIn(session.folder.engine)
        .filter((file) => file.text.includes(text))
        .map(({ where }) => where),
    leaks: () => leaks(placesOf(session, engineSaid, log), secrets),
    say: log.report.say,
    check: (claim, found, expected) => log.check(checked(claim, found, expected)),
    checkText: (claim, text, part) => log.check(checkedText(claim, text, part)),
  };
}

/** All that the engine and the demo have written. The workspace's own files hold the keys, as a workspace does. */
const placesOf = ({ folder }: Session, engineSaid: readonly string[], { report }: Log) => [
  ...filesIn(folder.engine).map(withoutDebugMessages),
  ...filesIn(folder.project),
  { where: "what the engine printed", text: engineSaid.join("\n") },
  { where: "what the demo printed", text: report.printed() },
];

type Commands = Pick<Tour, Command | "configure">;

/** Pulumi's commands, each printed and recorded. `said` is told what the engine printed. */
function commandsOf(session: Session, log: Log, said: (operation: Operation) => void): Commands {
  const command =
    (name: Command) =>
    async (options: OperationOptions = {}) => {
      log.goOn();
      announce(name, options, log);
      const operation = await run(session, name, options);
      said(operation);
      log.report.operation(operation);
      log.operation(recordOf(operation, options.killAfter !== undefined));
      if (options.fails) log.check(checked(`${name} fails`, operation.succeeded, false));
      else if (!operation.succeeded)
        throw new Error(`expected pulumi ${name} to succeed, found that it failed`);
      return operation;
    };
  return {
    preview: command("preview"),
    up: command("up"),
    refresh: command("refresh"),
    destroy: command("destroy"),
    async configure(values) {
      log.goOn();
      for (const [key, value] of Object.entries(values)) log.report.command(configText(key, value));
      await session.stack.setConfig(values);
    },
  };
}

function announce(name: Command, { env = {}, killAfter }: OperationOptions, { report }: Log): void {
  const variables = Object.keys(env).map((variable) => `${variable}=… `);
  report.command(`${variables.join("")}pulumi ${name}${name === "preview" ? "" : " --yes"}`);
  if (killAfter !== undefined) report.say(`kill -9 of the provider, after ${killAfter}`);
}

async function run(session: Session, name: Command, options: OperationOptions): Promise<Operation> {
  const { env = {}, killAfter } = options;
  const calls = () => openWorkspace(session.emulator()).calls();
  const start = () => session.processes.within(env, () => runCommand(session.stack, name, calls));
  if (killAfter === undefined) return start();
  const known = (await calls()).length;
  const due = async () => (await calls()).slice(known).some((call) => nameOf(call) === killAfter);
  return session.processes.killing(due, start);
}

const configText = (key: string, value: ConfigInput): string =>
  typeof value === "string"
    ? `pulumi config set ${key} ${/^[\w.:/-]*$/.test(value) ? value : `'${value}'`}`
    : `pulumi config set --secret ${key} …`;

/** The settings of the quickstart when the demo's own program takes over. */
const quickstart: Readonly<Record<string, unknown>> = {
  cpuCores: 0.7,
  memoryGb: 1,
  autoscaleMaxReplicas: 5,
  tags: { release: "2026.12" },
  properties: { team: "risk", cost: "12" },
};

/** A program with the same resource, whose settings all come from the stack's configuration. */
function ownProgramOf(session: Session, log: Log): Pick<Tour, "useOwnProgram" | "change"> {
  let settings = quickstart;
  return {
    useOwnProgram: () => session.folder.take(join(repository(), "scripts", "demo", "program")),
    async change(change) {
      log.goOn();
      for (const [name, value] of Object.entries(change))
        for (const line of changeLines(name, settings[name], value)) log.report.say(line);
      settings = { ...settings, ...change };
      await session.stack.setConfig({ settings: JSON.stringify(settings) });
    },
  };
}

/** A line of the program before and after, as a patch shows it. */
const changeLines = (name: string, before: unknown, after: unknown): readonly string[] => [
  ...(before === undefined ? [] : [`- ${name}: ${JSON.stringify(before)},`]),
  ...(after === undefined ? [] : [`+ ${name}: ${JSON.stringify(after)},`]),
];

/** Neither what names the project and its stacks, nor what describes the example. */
const isCode = (part: string): boolean => part === "src" || (part.endsWith(".ts") && !part.endsWith(".d.ts"));

/** The program of another example and its scoring code, in the project that is there, and edits of that code. */
const exampleCodeOf = (session: Session, log: Log): Pick<Tour, "useExampleCode" | "edit"> => ({
  useExampleCode(example) {
    const from = exampleFolder(example);
    for (const part of readdirSync(from).filter(isCode))
      cpSync(join(from, part), join(session.folder.project, part), { recursive: true });
  },
  edit(file, before, after) {
    log.goOn();
    const path = join(session.folder.project, file);
    const text = readFileSync(path, "utf8");
    if (!text.includes(before)) throw new Error(`expected ${JSON.stringify(before)} in ${file}, found none`);
    writeFileSync(path, text.replace(before, after));
    for (const line of [`--- ${file}`, `- ${before}`, `+ ${after}`]) log.report.say(line);
  },
});

const execute = promisify(execFile);

/** Runs a script as a user does: in a process of its own, with the workspace named by the environment. */
async function runScript(session: Session, log: Log, file: string, args: readonly string[]): Promise<string> {
  log.goOn();
  const { discoveryUrl, accessToken, workspaceId } = session.emulator();
  log.report.command(`node ${basename(file)} ${args.join(" ")}`);
  const { stdout } = await execute(process.execPath, [join(repository(), file), ...args], {
    env: {
      ...process.env,
      AZUREML_DISCOVERY_URL: discoveryUrl,
      AZUREML_ACCESS_TOKEN: accessToken,
      AZUREML_WORKSPACE_ID: workspaceId,
    },
  });
  for (const line of stdout.trim().split("\n")) log.report.say(line);
  return stdout;
}
