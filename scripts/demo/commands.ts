import type { ConfigInput } from "../engines/engine";
import { checked } from "./checks";
import { recordOf } from "./record";
import type { Session } from "./session";
import { runCommand, type Command, type Operation } from "./stack";
import type { OperationOptions, Tour } from "./step";
import type { Log } from "./log";
import { nameOf } from "./wire";
import { openWorkspace } from "./workspace";

type Commands = Pick<Tour, Command | "configure">;

/** Pulumi's commands, each printed and recorded. `said` is told what the engine printed. */
export function commandsOf(session: Session, log: Log, said: (operation: Operation) => void): Commands {
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
