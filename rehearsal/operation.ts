import type { Project } from "./config/project";
import type { StackConfig } from "./config/stack-config";
import { Bail } from "./engine/bail";
import type { Deployment, Mode } from "./engine/deployment";
import { rebase } from "./engine/deployment";
import type { EngineEvent } from "./engine/events";
import type { EngineInput } from "./engine/engine-event";
import { loaderOf } from "./engine/load-provider";
import { warnOfPending } from "./engine/pending-warning";
import { runPhase } from "./engine/phase";
import { programSource } from "./engine/program-source";
import { providerRegistry } from "./engine/provider-registry";
import { refreshAll } from "./engine/refresh-all";
import { reporter } from "./engine/reporter";
import { NO_SNAPSHOT, snapshotWriter } from "./engine/snapshot-writer";
import type { Faults } from "./faults";
import type { Flags } from "./flags";
import { deploymentInfo, startMonitor } from "./host/monitor";
import type { Monitor } from "./host/monitor";
import { startProgram } from "./host/program";
import type { RunningProgram } from "./host/program";
import { queue } from "./host/source";
import type { Queue } from "./host/source";
import type { StackOutputs } from "./state/other-stacks";
import type { PendingOperation, Snapshot } from "./state/resource";
import type { Store } from "./state/store";

export type Command = "up" | "refresh" | "destroy";

/** One phase of an operation: its preview, or the real thing. */
export interface PhaseRequest {
  readonly command: Command;
  readonly dryRun: boolean;
  readonly flags: Flags;
  readonly project: Project;
  readonly stack: string;
  readonly organization: string;
  readonly config: StackConfig;
  readonly store: Store;
  readonly stackOutputs: StackOutputs;
  readonly parallel: number;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly faults: Faults;
  readonly emit: (event: EngineEvent) => void;
}

export interface PhaseResult {
  readonly succeeded: boolean;
  readonly changes: Readonly<Record<string, number>>;
  /** Set when the phase came upon something that the rehearsal does not do. */
  readonly refusal?: Error;
}

const MODES: Readonly<Record<Command, Mode>> = { up: "update", refresh: "refresh", destroy: "destroy" };

/** Runs one phase from the state that the store has, and writes the state as it goes unless it is a preview. */
export async function runOperationPhase(request: PhaseRequest): Promise<PhaseResult> {
  const stage = await setUp(request);
  const { deployment } = stage;
  let failure: Error | undefined;
  try {
    await carryOut(request, stage);
  } catch (error) {
    failure = error as Error;
    if (!(failure instanceof Bail)) reportFirst(deployment, failure);
  } finally {
    await stage.close();
  }
  const { report } = deployment;
  report.summary(failure === undefined);
  const refused = failure && !(failure instanceof Bail) ? { refusal: failure } : {};
  return { succeeded: failure === undefined, changes: report.changes, ...refused };
}

function reportFirst({ report }: Deployment, failure: Error): void {
  if (failure.name !== "OutOfScope") report.diagnostic("error", "", failure.message);
}

interface Stage {
  readonly deployment: Deployment;
  readonly pending: readonly PendingOperation[];
  readonly inputs: Queue<EngineInput>;
  startProgram(): RunningProgram;
  close(): Promise<void>;
}

async function setUp(request: PhaseRequest): Promise<Stage> {
  const { config, project, stack, dryRun, parallel, faults } = request;
  const secrets = Object.values(config).flatMap(({ value, secret }) =>
    secret && value !== "" ? [value] : [],
  );
  const report = reporter({ dryRun, isRefresh: request.command === "refresh", secrets, emit: request.emit });
  const before = beforePhase(request);
  const inputs = queue<EngineInput>();
  const source = programSource(inputs, {
    config,
    folder: project.programFolder,
    log: (line) => report.log(line),
  });
  const monitor = await startMonitor(source.handlers, infoOf(request));
  const onOutput = (line: string, stream: "stdout" | "stderr"): void =>
    report.diagnostic(stream === "stderr" ? "info#err" : "info", "", line);
  const loader = loaderOf({ ...request, address: monitor.address, report, onOutput });
  if (runsProgram(request)) loader.prestart();
  const deployment: Deployment = {
    ...{
      project: project.name,
      stack,
      report,
      signal: request.signal,
      previous: [],
      olds: new Map(),
      news: new Map(),
    },
    options: { ...request.flags, ...optionDefaults(request), dryRun, parallel, faults },
    providers: providerRegistry(loader.load, dryRun),
    snapshot: dryRun
      ? NO_SNAPSHOT
      : snapshotWriter(
          () => ({ resources: deployment.previous, pending: before.pending }),
          (snapshot) => request.store.save(snapshot),
        ),
  };
  rebase(deployment, before.resources);
  let program: RunningProgram | undefined;
  return {
    deployment,
    pending: before.pending,
    inputs,
    startProgram: () => (program = runProgram(request, monitor, inputs, onOutput)),
    async close() {
      source.release();
      if (program) await endedSoon(program);
      await Promise.all([deployment.providers.close(), loader.close()]);
      monitor.close();
    },
  };
}

/** A program has nothing left to do by now; one that holds something open is ended. */
async function endedSoon(program: RunningProgram): Promise<void> {
  const timer = setTimeout(() => program.stop(), 2000);
  await program.ended.catch(() => undefined);
  clearTimeout(timer);
}

const optionDefaults = ({ flags }: PhaseRequest) => ({
  continueOnError: flags.continueOnError ?? false,
  ignoreProtect: flags.ignoreProtect ?? false,
});

/** The state to begin with; creates that nobody knows the end of may be forgotten on demand. */
function beforePhase({ store, flags, dryRun }: PhaseRequest): Snapshot {
  const { resources, pending } = store.load();
  if (!flags.clearPendingCreates) return { resources, pending };
  const cleared = { resources, pending: pending.filter(({ type }) => type !== "creating") };
  if (!dryRun) store.save(cleared);
  return cleared;
}

const infoOf = ({ project, stack, organization, config, dryRun, parallel }: PhaseRequest) =>
  deploymentInfo({
    ...{ project: project.name, stack, organization, dryRun, parallel },
    config: Object.fromEntries(Object.entries(config).map(([key, { value }]) => [key, value])),
    secretKeys: Object.keys(config).filter((key) => config[key]?.secret),
  });

const runsProgram = ({ command, flags }: PhaseRequest): boolean =>
  command === "up" || flags.runProgram === true;

function runProgram(
  { project, stack, organization, config, dryRun, parallel, env }: PhaseRequest,
  { address }: Monitor,
  inputs: Queue<EngineInput>,
  onOutput: (line: string, stream: "stdout" | "stderr") => void,
): RunningProgram {
  const program = startProgram({
    project,
    stack,
    organization,
    config,
    dryRun,
    parallel,
    env,
    address,
    onOutput,
  });
  void program.ended.then(
    (end) => inputs.push(endOf(end)),
    (error: Error) => inputs.push({ kind: "end", failure: error }),
  );
  return program;
}

function endOf(end: Awaited<RunningProgram["ended"]>): EngineInput {
  if (end === "succeeded") return { kind: "end" };
  if (end === "reported") return { kind: "end", failure: new Bail("the program failed") };
  const message = `an unhandled error occurred: Program exited with non-zero exit code: ${end.exitCode}`;
  return { kind: "end", failure: new Error(message) };
}

async function carryOut(request: PhaseRequest, stage: Stage): Promise<void> {
  const { deployment, inputs } = stage;
  const { command, flags, dryRun } = request;
  const program = runsProgram(request);
  const refresh = command === "refresh" || flags.refreshFirst === true;
  const refreshWithProgram = refresh && flags.runProgram === true;
  // Started first, it loads while the resources are read.
  if (refresh && !refreshWithProgram) {
    await refreshAll(deployment);
    if (command === "refresh") return;
  } else if (stage.pending.length > 0 && !dryRun) warnOfPending(deployment.report, stage.pending);
  const running = program ? stage.startProgram() : undefined;
  if (!running) inputs.push({ kind: "end" });
  await runPhase({
    ...{ deployment, inputs, refresh: refreshWithProgram },
    mode: MODES[command],
    stopProgram: () => (request.signal.aborted ? running?.interrupt() : running?.stop()),
  });
}
