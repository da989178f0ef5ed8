import type { Project } from "./config/project";
import type { StackConfig } from "./config/stack-config";
import { Bail, reported, type Deployment } from "./engine/deployment";
import type { EngineEvent } from "./engine/events";
import { followProgram } from "./engine/program-run";
import { openProviders } from "./engine/providers";
import { refreshAll } from "./engine/refresh-all";
import { reporter } from "./engine/reporter";
import { NO_SNAPSHOT, snapshotWriter } from "./engine/snapshot-writer";
import { startMonitor } from "./host/monitor";
import { startProgram, type ProgramEnd, type RunningProgram } from "./host/program";
import { programSource } from "./host/program-source";
import { queue, type SourceEvent } from "./host/source";
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
  const { command, config, project, stack, store, signal, dryRun, parallel, ignoreProtect } = operation;
  const { resources, pending } = store.load();
  const report = reporter({ dryRun, secrets: secretsIn(config), emit: operation.emit });
  const onOutput = (line: string, stream: "stdout" | "stderr"): void =>
    report.diagnostic(stream === "stderr" ? "info#err" : "info", "", line);

  const inputs = queue<SourceEvent>();
  const source = programSource(inputs, { config, folder: project.programFolder, log: report.log });
  const monitor = await startMonitor(source.handlers);
  const { address } = monitor;
  const providers = openProviders({ ...operation, address, report, onOutput });
  const deployment: Deployment = {
    ...{ project: project.name, stack, report, signal, providers, previous: resources },
    options: { dryRun, parallel, ignoreProtect },
    snapshot: dryRun
      ? NO_SNAPSHOT
      : snapshotWriter(() => ({ resources: deployment.previous, pending }), store.save),
  };
  let program: RunningProgram | undefined;

  async function carryOut(): Promise<void> {
    if (command === "refresh") return refreshAll(deployment);
    if (pending.length > 0 && !dryRun) warnOfPending(deployment, pending);
    if (command === "up") {
      providers.prestart();
      program = startProgram({ ...operation, address, onOutput });
      void program.ended
        .then(failureOf, (error: Error) => error)
        .then((failure) => {
          inputs.push({ kind: "end", ...(failure ? { failure } : {}) });
        });
    } else inputs.push({ kind: "end" });
    await followProgram({
      deployment,
      inputs,
      stopProgram: () => (signal.aborted ? program?.interrupt() : program?.stop()),
    });
    source.release();
    // A program that has registered everything may still end badly, such as with promises left open.
    const failure = program && failureOf(await program.ended);
    if (failure) throw failure;
  }
  const failure = await carryOut().catch((error: Error) => error);
  source.release();
  await program?.ended.catch(() => undefined);
  await providers.close();
  monitor.close();
  if (failure && !(failure instanceof Bail || failure instanceof OutOfScope)) {
    reported(deployment, "", failure.message);
  }
  report.summary(!failure);
  if (failure instanceof OutOfScope) throw failure;
  return !failure;
}

/** Texts of the configuration that no message may show. */
const secretsIn = (config: StackConfig): readonly string[] =>
  Object.values(config).flatMap(({ value, secret }) => (secret && value !== "" ? [value] : []));

function failureOf(end: ProgramEnd): Error | undefined {
  if (end === "succeeded") return undefined;
  if (end === "reported") return new Bail("the program failed");
  return new Error(`an unhandled error occurred: Program exited with non-zero exit code: ${end.exitCode}`);
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
