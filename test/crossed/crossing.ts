import type { AksWebserviceArgs } from "../../sdk/index";
import { checked, type Check } from "../harness/checks";
import { plan, runCommand, type Command, type Operation } from "../harness/operation";
import type { Session } from "../harness/session";
import { isChange, nameOf, openWorkspace } from "../harness/workspace";
import { Raised, type PythonClient } from "./python-client";

/** Settings as a program writes them, all plain values. */
export type Settings = { readonly [Name in keyof AksWebserviceArgs]?: unknown };

/** A program's services by resource name. */
export type Services = Readonly<Record<string, Settings>>;

/** What the parts work with: a program under an engine and the Python client, on the same workspace. */
export interface Crossing {
  readonly python: PythonClient;
  readonly session: Session;
  /** Makes these the program's services. */
  program(services: Services): Promise<void>;
  /** Runs the program. Throws with what the engine printed unless it ends as expected. */
  run(command: Command, ends?: "succeeds" | "fails"): Promise<Operation>;
  /** Claims that something found is what was expected; equal as JSON is. */
  check(claim: string, found: unknown, expected: unknown): void;
}

export const openCrossing = (
  session: Session,
  python: PythonClient,
  told: (check: Check) => void,
): Crossing => ({
  python,
  session,
  program: (services) => session.stack.setConfig({ services: JSON.stringify(services) }),
  async run(command, ends = "succeeds") {
    const calls = () => openWorkspace(session.emulator()).calls();
    const operation = await runCommand(session.stack, command, calls);
    if (operation.succeeded === (ends === "succeeds")) return operation;
    throw new Error(`expected that pulumi ${command} ${ends}, found: ${operation.text}`);
  },
  check: (claim, found, expected) => told(checked(claim, found, expected)),
});

/** What an operation changed in the workspace: `[request, body]`, in the order of the requests' names. */
export const sent = ({ calls }: Operation): readonly (readonly [string, unknown])[] =>
  calls
    .filter(isChange)
    .map((call) => [nameOf(call), call.body] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** The plan of an operation by resource name, since independent ones are in any order. */
export const planOf = (operation: Operation): readonly string[] => [...plan(operation)].sort();

/** What the Python client says of each service: that there is none, or what it found. */
export const whetherGone = (python: PythonClient, names: readonly string[]): Promise<readonly string[]> =>
  names.reduce<Promise<readonly string[]>>(
    async (before, name) => [...(await before), await sayOf(python, name)],
    Promise.resolve([]),
  );

async function sayOf(python: PythonClient, name: string): Promise<string> {
  try {
    await python.call("serialize", { name });
    return `${name} is there`;
  } catch (error) {
    if (!(error instanceof Raised)) throw error;
    return error.message.split(":")[0] as string;
  }
}
