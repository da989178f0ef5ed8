import type { EngineEvent, StepEvent } from "../../rehearsal/index";
import type { EngineStack, RunOptions, RunResult } from "./engines/engine";
import { stepList } from "./engines/steps";
import { isChange, nameOf, type Call } from "./workspace";

export type Command = "preview" | "up" | "refresh" | "destroy";

/** What the engine does with one resource, and the settings that it names for it. */
export interface ResourceStep {
  readonly name: string;
  readonly op: string;
  readonly settings: readonly string[];
}

/** A message about the program or about a resource. */
export interface Line {
  readonly severity: string;
  readonly text: string;
}

/** What one command of the engine did. */
export interface Operation {
  readonly command: Command;
  readonly succeeded: boolean;
  /** The program's own resources: neither the stack nor providers. */
  readonly resources: readonly ResourceStep[];
  readonly lines: readonly Line[];
  /** Requests that reached the workspace meanwhile. */
  readonly calls: readonly Call[];
  /** What the engine printed. */
  readonly text: string;
}

/** `fraud: update cpuCores tags`, one for each resource that is not the same. */
export const plan = ({ resources }: Pick<Operation, "resources">): readonly string[] =>
  resources
    .filter(({ op }) => op !== "same")
    .map(({ name, op, settings }) => [`${name}: ${op}`, ...settings].join(" "));

/** The names of the requests that change something. */
export const changes = ({ calls }: Pick<Operation, "calls">): readonly string[] =>
  calls.filter(isChange).map(nameOf);

/** The names of all requests. */
export const requests = ({ calls }: Pick<Operation, "calls">): readonly string[] => calls.map(nameOf);

/** Runs one command and gives what it did. `calls` gives all requests that have reached the workspace. */
export async function runCommand(
  stack: EngineStack,
  command: Command,
  calls: () => Promise<readonly Call[]>,
  options?: RunOptions,
): Promise<Operation> {
  const before = (await calls()).length;
  const result = await stack[command](options);
  return { command, ...told(command, result), calls: (await calls()).slice(before) };
}

const told = (
  command: Command,
  { exitCode, events, text }: RunResult,
): Omit<Operation, "command" | "calls"> => ({
  succeeded: exitCode === 0,
  resources: resourceSteps(command, events),
  lines: events.flatMap(line),
  text,
});

/** A refresh knows what differs only when it has read. */
const resourceSteps = (command: Command, events: readonly EngineEvent[]): readonly ResourceStep[] =>
  events
    .filter(isStep)
    .filter(({ kind }) => kind === (command === "refresh" ? "done" : "step"))
    .map((event) => {
      const [step] = stepList([{ ...event, kind: "step" }]);
      const paths = Object.keys(event.detailedDiff ?? {}).map((path) => path.split(/[.[]/)[0] as string);
      const settings = new Set([...(step?.changed ?? []), ...(event.diffs ?? []), ...paths]);
      return { name: nameIn(event.urn), op: event.op, settings: [...settings].sort() };
    });

const isStep = (event: EngineEvent): event is StepEvent =>
  (event.kind === "step" || event.kind === "done") &&
  !/::pulumi:(pulumi:Stack|providers:[^:]*)::[^:]*$/.test(event.urn);

const nameIn = (urn: string): string => urn.split("::").at(-1) as string;

const line = (event: EngineEvent): readonly Line[] =>
  event.kind === "diagnostic" ? [{ severity: event.severity, text: event.message.trim() }] : [];
