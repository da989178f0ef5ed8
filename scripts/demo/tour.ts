import type { ConfigInput } from "../engines/engine";
import { checked, checkedText, type Check } from "./checks";
import { withEnvironment } from "./environment";
import { filesIn, leaks, type Secret } from "./leaks";
import { prepareKill } from "./provider-kill";
import { recordOf, type OperationRecord } from "./record";
import type { Report } from "./report";
import { newToken, ownProgram, type Session } from "./session";
import { runCommand, type Command, type Operation } from "./stack";
import type { OperationOptions, Outputs, Tour } from "./step";
import { nameOf } from "./wire";
import { openWorkspace } from "./workspace";

/** What the steps leave behind. */
export interface Notes {
  operation(record: OperationRecord): void;
  check(check: Check): void;
}

/** The settings of the quickstart when the demo's own program takes over. */
const fromQuickstart = {
  cpuCores: 0.7,
  memoryGb: 1,
  autoscaleMaxReplicas: 5,
  tags: { release: "2026.12" },
  properties: { team: "risk", cost: "12" },
};

/** Thrown between two commands after ^C. */
export class Stopped extends Error {}

export function openTour(session: Session, report: Report, notes: Notes, stopped: () => boolean): Tour {
  const secrets: Secret[] = [{ name: "bearer token", value: session.emulator().accessToken }];
  const said: string[] = [];
  let settings: Readonly<Record<string, unknown>> = fromQuickstart;
  const workspace = () => openWorkspace(session.emulator());
  const note = (check: Check) => {
    notes.check(check);
    report.check(check);
  };
  const command =
    (name: Command) =>
    async (options: OperationOptions = {}) => {
      if (stopped()) throw new Stopped();
      const shownEnv = Object.keys(options.env ?? {}).map((variable) => `${variable}=… `);
      report.command(`${shownEnv.join("")}pulumi ${name}${name === "preview" ? "" : " --yes"}`);
      const operation = await run(session, name, options, report);
      said.push(operation.text);
      report.operation(operation);
      notes.operation(recordOf(operation, options.killAfter !== undefined));
      return operation;
    };
  const configure = async (values: Readonly<Record<string, ConfigInput>>) => {
    if (stopped()) throw new Stopped();
    await session.stack.setConfig(values);
  };
  return {
    preview: command("preview"),
    up: command("up"),
    refresh: command("refresh"),
    destroy: command("destroy"),
    async configure(values) {
      for (const [key, value] of Object.entries(values)) report.command(configText(key, value));
      await configure(values);
    },
    useOwnProgram: () => session.folder.take(ownProgram()),
    async change(change) {
      for (const [name, value] of Object.entries(change))
        for (const text of changeLines(name, settings[name], value)) report.say(text);
      settings = { ...settings, ...change };
      await configure({ settings: JSON.stringify(settings) });
    },
    async outputs() {
      const outputs = (await session.stack.outputs({ showSecrets: true })) as unknown as Outputs;
      secrets.push({ name: "primary key", value: outputs.primaryKey });
      return outputs;
    },
    workspace,
    accessToken: () => session.emulator().accessToken,
    async rotateToken() {
      const accessToken = newToken();
      secrets.push({ name: "bearer token", value: accessToken });
      await session.restart(accessToken);
    },
    keepSecret: (name, value) => void secrets.push({ name, value }),
    leaks: () =>
      leaks(
        [
          ...filesIn(session.folder.engine),
          ...filesIn(session.folder.project),
          { where: "what the engine printed", text: said.join("\n") },
          { where: "what the demo printed", text: report.printed() },
        ],
        secrets.filter(({ value }) => Boolean(value)),
      ),
    say: report.say,
    check: (claim, found, expected) => note(checked(claim, found, expected)),
    checkText: (claim, text, part) => note(checkedText(claim, text, part)),
  };
}

async function run(
  session: Session,
  name: Command,
  { env = {}, killAfter }: OperationOptions,
  report: Report,
): Promise<Operation> {
  const calls = () => openWorkspace(session.emulator()).calls();
  const start = () => runCommand(session.stack, name, calls);
  if (killAfter === undefined) return withEnvironment(env, start);
  const kill = prepareKill(session.folder.root);
  const known = (await calls()).length;
  const due = async () => (await calls()).slice(known).some((call) => nameOf(call) === killAfter);
  kill.watch(due);
  const operation = await withEnvironment({ ...env, ...kill.env }, start);
  report.say(`kill -9 of the provider's ${await kill.end()} process after ${killAfter}`);
  return operation;
}

const configText = (key: string, value: ConfigInput): string =>
  typeof value === "string"
    ? `pulumi config set ${key} ${/^[\w.:/-]*$/.test(value) ? value : `'${value}'`}`
    : `pulumi config set --secret ${key} …`;

/** The program's lines before and after, as a patch shows them. */
const changeLines = (name: string, before: unknown, after: unknown): readonly string[] => [
  ...(before === undefined ? [] : [`- ${name}: ${JSON.stringify(before)},`]),
  ...(after === undefined ? [] : [`+ ${name}: ${JSON.stringify(after)},`]),
];
