import type { Project } from "./config/project";
import type { StackConfig } from "./config/stack-config";
import { Bail, reported } from "./engine/deployment";
import type { Deployment } from "./engine/deployment";
import type { EngineEvent } from "./engine/events";
import { followProgram } from "./engine/program-run";
import { openProviders } from "./engine/providers";
import { refreshAll } from "./engine/refresh-all";
import { reporter } from "./engine/reporter";
import { NO_SNAPSHOT, snapshotWriter } from "./engine/snapshot-writer";
import { startMonitor } from "./host/monitor";
import type { Monitor } from "./host/monitor";
import { startProgram } from "./host/program";
import type { ProgramEnd, RunningProgram } from "./host/program";
import { programSource } from "./host/program-source";
import { queue } from "./host/source";
import type { Queue, SourceEvent } from "./host/source";
import { OutOfScope } from "./out-of-scope";
import type { PendingOperation } from "./state/resource";
import type { Store } from "./state/store";

export type Command = "up" | "refresh" | "destroy";

export interface Operation {
  readonly command: Command;
  /** A preview, which changes nothing. */
  readonly dryRun: boolean;
  readonly project: Project;
  readonly stack: string;
  readonly organization: string;
  readonly config: StackConfig;
  readonly store: Store;
  readonly parallel: number;
  readonly ignoreProtect: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly emit: (event: EngineEvent) => void;
}

/**
 * Carries out an operation from the state that the store has, and writes the state as it goes unless it is a preview.
 * Gives whether it succeeded. Throws `OutOfScope` when it came upon something that the rehearsal does not do.
 */
export async function runOperation(operation: Operation): Promise<boolean> {
  const stage = await setUp(operation);
  const { deployment } = stage;
  let failure: Error | undefined;
  try {
    await carryOut(operation, stage);
  } catch (error) {
    failure = error as Error;
  }
  const end = await stage.close();
  // A program that has registered everything may still say that something was wrong with it, such as promises left open.
  if (!failure && end) failure = failureOf(end);
  if (failure && !(failure instanceof Bail || failure instanceof OutOfScope)) {
    failure = reported(deployment, "", failure.message);
  }
  deployment.report.summary(failure === undefined);
  if (failure instanceof OutOfScope) throw failure;
  return failure === undefined;
}

interface Stage {
  readonly deployment: Deployment;
  readonly pending: readonly PendingOperation[];
  readonly inputs: Queue<SourceEvent>;
  startProgram(): RunningProgram;
  /** Ends what was started, and gives how the program ended when there was one. */
  close(): Promise<ProgramEnd | undefined>;
}

async function setUp(operation: Operation): Promise<Stage> {
  const { config, project, stack, store, signal, dryRun, parallel, ignoreProtect, emit } = operation;
  const secrets = Object.values(config).flatMap(({ value, secret }) =>
    secret && value !== "" ? [value] : [],
  );
  const report = reporter({ dryRun, secrets, emit });
  const before = store.load();
  const inputs = queue<SourceEvent>();
  const source = programSource(inputs, {
    config,
    folder: project.programFolder,
    log: (line) => report.log(line),
  });
  const monitor = await startMonitor(source.handlers);
  const onOutput: OnOutput = (line, stream) =>
    report.diagnostic(stream === "stderr" ? "info#err" : "info", "", line);
  const providers = openProviders({ ...operation, address: monitor.address, report, onOutput });
  if (operation.command === "up") providers.prestart();
  const deployment: Deployment = {
    ...{ project: project.name, stack, report, signal, providers, previous: before.resources },
    options: { dryRun, parallel, ignoreProtect },
    snapshot: dryRun
      ? NO_SNAPSHOT
      : snapshotWriter(
          () => ({ resources: deployment.previous, pending: before.pending }),
          (snapshot) => store.save(snapshot),
        ),
  };
  let program: RunningProgram | undefined;
  return {
    deployment,
    pending: before.pending,
    inputs,
    startProgram: () => (program = runProgram(operation, monitor, inputs, onOutput)),
    async close() {
      source.release();
      const end = await program?.ended.catch(() => undefined);
      await providers.close();
      monitor.close();
      return end;
    },
  };
}

type OnOutput = (line: string, stream: "stdout" | "stderr") => void;

function runProgram(
  operation: Operation,
  { address }: Monitor,
  inputs: Queue<SourceEvent>,
  onOutput: OnOutput,
): RunningProgram {
  const program = startProgram({ ...operation, address, onOutput });
  void program.ended.then(
    (end) => {
      const failure = failureOf(end);
      inputs.push({ kind: "end", ...(failure ? { failure } : {}) });
    },
    (error: Error) => inputs.push({ kind: "end", failure: error }),
  );
  return program;
}

function failureOf(end: ProgramEnd): Error | undefined {
  if (end === "succeeded") return undefined;
  if (end === "reported") return new Bail("the program failed");
  return new Error(`an unhandled error occurred: Program exited with non-zero exit code: ${end.exitCode}`);
}

async function carryOut({ command, dryRun }: Operation, stage: Stage): Promise<void> {
  const { deployment, inputs, pending } = stage;
  if (command === "refresh") return refreshAll(deployment);
  if (pending.length > 0 && !dryRun) warnOfPending(deployment, pending);
  const program = command === "up" ? stage.startProgram() : undefined;
  if (!program) inputs.push({ kind: "end" });
  await followProgram({ deployment, inputs, stopProgram: () => program?.stop() });
}

/** Says which operations of an earlier, interrupted run nobody knows the end of. */
function warnOfPending({ report }: Deployment, pending: readonly PendingOperation[]): void {
  const operations = pending.map(({ resource, type }) => `  * ${resource.urn}, interrupted while ${type}\n`);
  const message =
    `Attempting to deploy or update resources with ${pending.length} pending operations from previous deployment.\n` +
    operations.join("") +
    "Nobody knows how these operations ended. Check the resources, then run a refresh to bring the state up to date; " +
    "pending creates stay until the Pulumi CLI clears them (`pulumi refresh --clear-pending-creates`).";
  report.diagnostic("warning", "", message);
}
