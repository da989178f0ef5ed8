import { join } from "node:path";
import { readProject, type Project } from "./config/project";
import { openConfig, type ConfigFile, type ConfigInput } from "./config/stack-config";
import { printed } from "./display/printed";
import type { EngineEvent, SummaryEvent } from "./engine/events";
import { runOperation, type Command } from "./operation";
import { OutOfScope } from "./out-of-scope";
import { hideSecret, storeMap } from "./state/stored-value";
import { openStore, type Store, type StoredDeployment } from "./state/store";
import { isStack } from "./state/urn";
import { mapValues, Secret, withoutSecrets } from "./values/property";

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
}

/** Options of an operation, named as the Pulumi CLI's flags are. */
export interface Flags {
  readonly ignoreProtect?: boolean;
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
  readonly exitCode: 0 | 1;
  readonly events: readonly EngineEvent[];
  /** Undefined when nothing ran. */
  readonly summary: SummaryEvent | undefined;
  /** What the CLI would print, more or less. */
  readonly text: string;
  /** "the rehearsal does not …; use the Pulumi CLI", when that is why it failed. */
  readonly outOfScope?: string;
}

export interface Stack {
  preview(options?: OperationOptions): Promise<OperationResult>;
  up(options?: OperationOptions): Promise<OperationResult>;
  refresh(options?: OperationOptions): Promise<OperationResult>;
  destroy(options?: OperationOptions): Promise<OperationResult>;
  /** Sets the stack's configuration; a key without namespace belongs to the project. */
  readonly config: { set(key: string, value: ConfigInput): void };
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
  const store = openStore(join(options.stateDir, project.name, `${options.stack}.json`), config.crypter);
  const context: Context = { options, project, config, store };
  return {
    preview: (given) => operate(context, "up", true, given),
    up: (given) => operate(context, "up", false, given),
    refresh: (given) => operate(context, "refresh", false, given),
    destroy: (given) => operate(context, "destroy", false, given),
    config: { set: config.set },
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

const LOCKED =
  "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock " +
  "file with `pulumi cancel`.";

async function operate(
  context: Context,
  command: Command,
  dryRun: boolean,
  given: OperationOptions = {},
): Promise<OperationResult> {
  const events: EngineEvent[] = [];
  const emit = (event: EngineEvent): void => {
    events.push(event);
    given.onEvent?.(event);
  };
  const finish = (succeeded: boolean, errors: readonly string[] = []): OperationResult => ({
    exitCode: succeeded ? 0 : 1,
    events,
    summary: events.findLast((event) => event.kind === "summary"),
    text: printed({ command, dryRun, stack: context.options.stack }, events, errors),
  });
  try {
    checkFlags(given.flags ?? {});
    if (dryRun) return finish(await run(context, command, dryRun, given, emit));
    if (!context.store.lock()) return finish(false, [LOCKED]);
    const done = run(context, command, dryRun, given, emit);
    return finish(await done.finally(() => context.store.unlock()));
  } catch (error) {
    if (!(error instanceof OutOfScope)) throw error;
    return { ...finish(false, [`error: ${error.message}`]), outOfScope: error.message };
  }
}

function checkFlags(flags: Readonly<Record<string, unknown>> | Flags): void {
  const other = Object.entries(flags).find(([name, value]) => name !== "ignoreProtect" && Boolean(value));
  if (!other) return;
  throw new OutOfScope(`take --${other[0].replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
}

/** Stacks without the Pulumi service all belong to this organization. */
const ORGANIZATION = "organization";

const run = (
  { options, project, config, store }: Context,
  command: Command,
  dryRun: boolean,
  { parallel = 16, signal, env, flags }: OperationOptions,
  emit: (event: EngineEvent) => void,
): Promise<boolean> =>
  runOperation({
    ...{ command, dryRun, project, store, parallel, emit },
    stack: options.stack,
    organization: ORGANIZATION,
    config: config.read(),
    ignoreProtect: flags?.ignoreProtect ?? false,
    env: { ...process.env, ...options.env, ...env },
    signal: signal ?? new AbortController().signal,
  });

function outputsOf(store: Store, showSecrets: boolean): Record<string, unknown> {
  const outputs = store.load().resources.find(({ urn }) => isStack(urn))?.outputs ?? {};
  const shown = mapValues(outputs, (value) => {
    if (showSecrets) return withoutSecrets(value);
    return value instanceof Secret ? "[secret]" : value;
  });
  return storeMap(shown, hideSecret);
}
