import { systemClock, type Clock } from "../provider/azure/clock";
import { connect } from "../provider/azure/connect";
import type { Transport } from "../provider/azure/http";
import { ServiceError } from "../provider/azure/errors";
import { CannotRun, exitStatus, type ExitStatus } from "./cannot-run";
import type { Machine } from "./doctor/machine";
import {
  asksForJson,
  commonOptions,
  optionLines,
  parseCommandLine,
  type Given,
  type Option,
} from "./command-line";
import { ownPackage } from "./own-package";
import { openTerminal, wantsColor, type Streams, type Terminal } from "./terminal";

/** Everything that a command meets outside its arguments; a test puts its own in place of it. */
export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly clock: Clock;
  readonly connect: typeof connect;
  /** Aborts at the first ^C or SIGTERM. */
  readonly interrupt: AbortSignal;
  readonly streams: Streams;
  /** Prints a stack's configuration as JSON; the Pulumi CLI when absent. */
  readonly stackConfig?: (stack: string, cwd: string) => Promise<string>;
  /** What sends the requests of doctor --exercise; the machine's network when absent. */
  readonly transport?: Transport;
  /** What a test says of the machine in place of it. */
  readonly machine?: Partial<Machine>;
}

/** One of the program's commands. */
export interface Command {
  /** What follows the program's name. */
  readonly usage: string;
  readonly about: string;
  readonly options: readonly Option[];
  readonly run: (context: CliContext, given: Given, terminal: Terminal) => Promise<ExitStatus>;
}

/** The commands, each with a line about it. A command's modules are loaded when it is asked for. */
export interface Commands {
  readonly [name: string]: { readonly summary: string; readonly load: () => Command };
}

export const machineContext = (interrupt: AbortSignal): CliContext => ({
  env: process.env,
  cwd: process.cwd(),
  clock: systemClock,
  connect,
  interrupt,
  streams: process,
});

/** Runs the command that the arguments name. Whatever keeps it from its work is a line, and no stack. */
export const runCommand = async (
  commands: Commands,
  [name, ...args]: readonly string[],
  context: CliContext,
): Promise<ExitStatus> => {
  const json = asksForJson(args);
  const color = wantsColor(context.env, args.includes("--no-color"));
  const terminal = openTerminal(context.streams, { json, color });
  try {
    if (name === undefined || name === "--help" || name === "help") {
      context.streams.stdout.write(overview(commands));
      return name === undefined ? exitStatus.cannotRun : exitStatus.fine;
    }
    if (name === "--version") {
      context.streams.stdout.write(`${ownPackage().version}\n`);
      return exitStatus.fine;
    }
    const command = commandNamed(commands, name);
    const given = parseCommandLine(args, command.options);
    if (!given.flag("help")) return await command.run(context, given, terminal);
    context.streams.stdout.write(help(command));
    return exitStatus.fine;
  } catch (error) {
    const { code, message } = asCannotRun(error, context.interrupt);
    terminal.json({ error: { code, message } });
    terminal.warn(`pulumi-azureml: ${message.includes(code) ? message : `${code}: ${message}`}`);
    return exitStatus.cannotRun;
  }
};

const commandNamed = (commands: Commands, name: string): Command => {
  const known = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (known) return known.load();
  throw new CannotRun(
    "BadArguments",
    `expected a command (${Object.keys(commands).join(", ")}), found ${JSON.stringify(name)}. Run pulumi-azureml --help.`,
  );
};

const asCannotRun = (error: unknown, interrupt: AbortSignal): CannotRun => {
  if (interrupt.aborted)
    return new CannotRun("Interrupted", "it was interrupted, and left nothing half-written. Run it again.");
  if (error instanceof CannotRun) return error;
  if (error instanceof ServiceError) return new CannotRun(error.code, inThisProgram(error));
  const said = error instanceof Error ? error.message : String(error);
  return new CannotRun("Unexpected", `${said}. Please report it; doctor --report writes what helps.`);
};

/** What the provider advises for a credential is about a stack that is there already. */
const inThisProgram = ({ code, message, advice }: ServiceError): string =>
  code === "NoCredential" || code === "CredentialRefused" ? message.replace(advice, SIGN_IN) : message;

const SIGN_IN =
  "Sign in with az login, or set ARM_CLIENT_ID, ARM_TENANT_ID and ARM_CLIENT_SECRET, or AZUREML_ACCESS_TOKEN; or name the stack whose " +
  "configuration holds a credential in --config-of. pulumi-azureml doctor says what each one answers.";

const overview = (commands: Commands): string => {
  const column = Math.max(...Object.keys(commands).map((name) => name.length)) + 2;
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(column)}${summary}\n`);
  return `Usage: pulumi-azureml COMMAND [options]

Adopts the web services of an Azure Machine Learning workspace into Pulumi, and prepares the way to Kubernetes online endpoints. Only
doctor --exercise writes to the workspace; compare sends inputs to be scored; all else reads.

${lines.join("")}
pulumi-azureml COMMAND --help explains a command, pulumi-azureml --version prints the version.
Exit status: 0 fine, 1 differences (compare), 2 findings, 3 cannot run.
`;
};

const help = ({ usage, about, options }: Command): string =>
  `Usage: pulumi-azureml ${usage}\n\n${about}\n\n${optionLines([...options, ...commonOptions])}`;
