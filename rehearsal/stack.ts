import { join } from "node:path";
import { readProject } from "./config/project";
import type { Project } from "./config/project";
import { openConfig } from "./config/stack-config";
import type { ConfigFile, ConfigInput, ConfigValue } from "./config/stack-config";
import { printed } from "./display/printed";
import type { EngineEvent, SummaryEvent } from "./engine/events";
import type { Fault } from "./faults";
import { checkFlags } from "./flags";
import type { Flags } from "./flags";
import { runOperationPhase } from "./operation";
import type { Command, PhaseRequest } from "./operation";
import { OutOfScope } from "./out-of-scope";
import { ORGANIZATION, otherStacks, outputsOfStack, stateFile } from "./state/other-stacks";
import type { StoredDeployment } from "./state/deployment";
import { hideSecret, storeMap } from "./state/stored-value";
import { openStore } from "./state/store";
import type { Store } from "./state/store";
import { withoutSecrets } from "./values/property";
import type { PropertyMap } from "./values/property";

export interface StackOptions {
  /** The folder of Pulumi.yaml. */
  readonly projectDir: string;
  readonly stack: string;
  /** Where states are kept: `STATEDIR/PROJECT/STACK.json`. */
  readonly stateDir: string;
  readonly passphrase: string;
  /** Added to the environment of program and provider processes. */
  readonly env?: Readonly<Record<string, string>>;
  /** The stack's settings file; default `Pulumi.STACK.yaml` beside Pulumi.yaml. */
  readonly configFile?: string;
  /** Breaks the engine on purpose; for tests of tests. */
  readonly faults?: readonly Fault[];
}

export interface OperationOptions {
  readonly flags?: Flags;
  /** How many steps may run at once; default 16. */
  readonly parallel?: number;
  /** Aborting it lets running steps end and starts no others, as a first ^C does. */
  readonly signal?: AbortSignal;
  /** Told every event as it happens. */
  readonly onEvent?: (event: EngineEvent) => void;
  /** Added to the environment for this operation. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface OperationResult {
  /** 0 for success, 7 when there were changes and none were expected, else 1. */
  readonly exitCode: number;
  readonly events: readonly EngineEvent[];
  /** The last phase's counts; undefined when none ran. */
  readonly summary: SummaryEvent | undefined;
  /** What the CLI would print, more or less. */
  readonly text: string;
  /** Errors that are not about the program or its resources, such as a locked stack. */
  readonly cliErrors: readonly string[];
  /** "the rehearsal does not …; use the Pulumi CLI", when that is why it failed. */
  readonly outOfScope?: string;
}

export interface Stack {
  readonly name: string;
  readonly project: Project;
  preview(options?: OperationOptions): Promise<OperationResult>;
  up(options?: OperationOptions): Promise<OperationResult>;
  refresh(options?: OperationOptions): Promise<OperationResult>;
  destroy(options?: OperationOptions): Promise<OperationResult>;
  readonly config: {
    /** A key without namespace belongs to the project. */
    set(key: string, value: ConfigInput): void;
    get(key: string): ConfigValue | undefined;
    remove(key: string): void;
  };
  /** The stack's outputs; secret ones read `[secret]` unless asked for. */
  outputs(options?: { readonly showSecrets?: boolean }): Record<string, unknown>;
  /** The deployment with its secrets readable, and as it is stored. */
  exportState(): { readonly shown: StoredDeployment; readonly stored: StoredDeployment };
  /** Forgets the lock of an operation that was killed. */
  cancel(): void;
}

/** Opens a stack, and makes it when it is new. Throws for a wrong passphrase, or a project that is not Node.js. */
export async function openStack(options: StackOptions): Promise<Stack> {
  const project = readProject(options.projectDir);
  const configFile = options.configFile ?? join(project.root, `Pulumi.${options.stack}.yaml`);
  const config = await openConfig(configFile, project.name, options.passphrase, project.defaults);
  const store = openStore(stateFile(options.stateDir, project.name, options.stack), config.crypter);
  const context: Context = { options, project, config, store };
  const full = (key: string): string => (key.includes(":") ? key : `${project.name}:${key}`);
  return {
    name: options.stack,
    project,
    preview: (given) => operate(context, "up", { ...given, previewOnly: true }),
    up: (given) => operate(context, "up", given ?? {}),
    refresh: (given) => operate(context, "refresh", given ?? {}),
    destroy: (given) => operate(context, "destroy", given ?? {}),
    config: { set: config.set, get: (key) => config.read()[full(key)], remove: config.remove },
    outputs: ({ showSecrets = false } = {}) => outputsOf(store, showSecrets),
    exportState: () => store.exported(),
    cancel: () => store.unlock(),
  };
}

interface Context {
  readonly options: StackOptions;
  readonly project: Project;
  readonly config: ConfigFile;
  readonly store: Store;
}

type Given = OperationOptions & { readonly previewOnly?: boolean };

const LOCKED =
  "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock " +
  "file with `pulumi cancel`.";
const changed = (operation: string): string =>
  `error: no changes were expected for ${operation} but changes were proposed`;
const FAILED = 1;
const HAS_CHANGES = 7;

async function operate(context: Context, command: Command, given: Given): Promise<OperationResult> {
  const events: EngineEvent[] = [];
  const emit = (event: EngineEvent): void => {
    events.push(event);
    given.onEvent?.(event);
  };
  const finish = (
    exitCode: number,
    cliErrors: readonly string[] = [],
    outOfScope?: string,
  ): OperationResult => ({
    ...{ exitCode, events, cliErrors },
    summary: events.findLast((event) => event.kind === "summary"),
    text: printed({ command, stack: context.options.stack }, events, [
      ...cliErrors,
      ...(outOfScope ? [`error: ${outOfScope}`] : []),
    ]),
    ...(outOfScope ? { outOfScope } : {}),
  });
  try {
    const flags = checkFlags({ ...given.flags, ...(given.previewOnly ? { previewOnly: true } : {}) });
    if (given.previewOnly) return await phases(context, command, given, flags, emit, finish);
    if (!context.store.lock()) return finish(FAILED, [LOCKED]);
    return await phases(context, command, given, flags, emit, finish).finally(() => context.store.unlock());
  } catch (error) {
    if (error instanceof OutOfScope) return finish(FAILED, [], error.message);
    throw error;
  }
}

type Finish = (exitCode: number, cliErrors?: readonly string[]) => OperationResult;

async function phases(
  context: Context,
  command: Command,
  given: Given,
  flags: Flags,
  emit: (event: EngineEvent) => void,
  finish: Finish,
): Promise<OperationResult> {
  const dryRuns = flags.previewOnly ? [true] : flags.withPreview ? [true, false] : [false];
  let proposed = false;
  for (const dryRun of dryRuns) {
    const { succeeded, changes, refusal } = await runOperationPhase(
      request(context, command, given, flags, dryRun, emit),
    );
    if (refusal) throw refusal;
    if (!succeeded) return finish(FAILED);
    proposed = Object.keys(changes).some((op) => op !== "same");
  }
  const operation = given.previewOnly ? "preview" : command === "up" ? "update" : command;
  return flags.expectNoChanges && proposed ? finish(HAS_CHANGES, [changed(operation)]) : finish(0);
}

function request(
  { options, project, config, store }: Context,
  command: Command,
  { parallel = 16, signal, env }: Given,
  flags: Flags,
  dryRun: boolean,
  emit: (event: EngineEvent) => void,
): PhaseRequest {
  return {
    ...{ command, dryRun, flags, project, store, parallel, emit },
    stack: options.stack,
    stackOutputs: otherStacks({ ...options, project: project.name }),
    organization: ORGANIZATION,
    config: config.read(),
    env: { ...process.env, ...options.env, ...env },
    signal: signal ?? new AbortController().signal,
    faults: new Set(options.faults),
  };
}

function outputsOf(store: Store, showSecrets: boolean): Record<string, unknown> {
  const outputs = outputsOfStack(store.load());
  const shown = showSecrets ? (withoutSecrets(outputs) as PropertyMap) : outputs;
  const stored = storeMap(shown, hideSecret);
  return Object.fromEntries(
    Object.entries(stored).map(([key, value]) => [key, isHidden(value) ? "[secret]" : value]),
  );
}

const isHidden = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  (value as Record<string, unknown>)["ciphertext"] === "[secret]";
