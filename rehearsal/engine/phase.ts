import { Bail } from "./bail";
import { deleteTheRest } from "./deletes";
import type { Deployment, Mode } from "./deployment";
import { executor } from "./executor";
import type { Executor } from "./executor";
import { newPlan } from "./plan";
import type { Plan } from "./plan";
import { eventUrn, stepsForEvent } from "./engine-event";
import type { EngineInput } from "./engine-event";
import type { Queue } from "../host/source";
import { refreshTheRest, reported } from "./refresh-all";
import { finishStackOutputs, takeOutputs } from "./outputs";
import type { StackOutputs } from "./outputs";
import { OutOfScope } from "../out-of-scope";
import { dependenciesAndParent } from "../state/resource";
import { resourceOf } from "./step";
import type { Step } from "./step";

export interface Phase {
  readonly deployment: Deployment;
  readonly mode: Mode;
  /** The program's resources are refreshed as it registers them. */
  readonly refresh: boolean;
  readonly inputs: Queue<EngineInput>;
  /** Called when nothing more is wanted of the program. */
  readonly stopProgram: () => void;
}

interface Running extends Phase {
  readonly plan: Plan;
  readonly run: Executor;
  /** Resources that are left out since what they need has failed. */
  readonly skipped: Set<string>;
  readonly stackOutputs: StackOutputs;
  /** Registrations whose refresh is under way. */
  waiting: number;
}

/** Runs a phase to its end. Throws `Bail` when it failed, which has been reported then. */
export async function runPhase(phase: Phase): Promise<void> {
  const { deployment } = phase;
  const plan = newPlan(phase.mode, phase.refresh);
  const running: Running = {
    ...phase,
    plan,
    run: executor(deployment),
    skipped: new Set(),
    stackOutputs: {},
    waiting: 0,
  };
  const failure = await carryOut(running);
  await running.run.idle();
  const failed = failure !== undefined || running.run.failed || plan.failed;
  finishStackOutputs(deployment, running.stackOutputs, running.run, failed);
  if (failure) throw failure;
  if (failed) throw reported(deployment, "failed");
  if (deployment.signal.aborted) throw reported(deployment, "canceled");
}

/** Takes the program's events one by one, and then does what it has left out. Gives the failure that ended it. */
async function carryOut(running: Running): Promise<Error | undefined> {
  try {
    if (await takeEvents(running)) await finish(running);
    return undefined;
  } catch (error) {
    running.run.cancel();
    running.stopProgram();
    return error as Error;
  }
}

async function finish({ deployment, plan, run }: Running): Promise<void> {
  await run.idle();
  if (deployment.previous.length === 0) return;
  if (plan.mode === "refresh") plan.failed = !(await refreshTheRest(deployment, plan)) || plan.failed;
  else await deleteTheRest(deployment, plan, run).catch(reportedTo(deployment, ""));
}

/** False when the operation was cancelled, by a failed step or by the user. */
async function takeEvents(running: Running): Promise<boolean> {
  const { run, inputs, stopProgram } = running;
  const stopped = run.cancellation.then(() => "stopped" as const);
  let ended = false;
  while (!(ended && running.waiting === 0)) {
    const input = await Promise.race([stopped, inputs.next()]);
    if (input === "stopped" || run.cancelled) {
      stopProgram();
      return false;
    }
    if (input.kind === "end") ended = endOf(running, input.failure);
    else
      await handle(running, input).catch(reportedTo(running.deployment, eventUrn(running.deployment, input)));
  }
  return true;
}

function endOf({ deployment }: Running, failure: Error | undefined): true {
  if (failure) void reportedTo(deployment, "")(failure);
  return true;
}

/** Reports an error that nobody has reported yet, and ends the operation. */
const reportedTo =
  ({ report }: Deployment, urn: string) =>
  (error: Error): never => {
    if (error instanceof Bail) throw error;
    report.diagnostic("error", urn, error.message);
    throw error instanceof OutOfScope ? error : new Bail(error.message);
  };

async function handle(running: Running, input: Exclude<EngineInput, { kind: "end" }>): Promise<void> {
  const { deployment, plan, run } = running;
  if (input.kind === "outputs") return takeOutputs(deployment, run, running.stackOutputs, input);
  if (input.kind === "refreshed") running.waiting--;
  const steps = await stepsForEvent(deployment, plan, input, (registration, failure) => {
    running.inputs.push({ kind: "refreshed", registration, ...(failure ? { failure } : {}) });
  });
  if (steps.some((step) => step.op === "refresh")) running.waiting++;
  const wanted = withoutSkipped(running, steps);
  if (wanted.length > 0) await run.submit(wanted);
}

/** Leaves out what depends on something that failed, while the rest goes on. */
function withoutSkipped({ run, skipped }: Running, steps: readonly Step[]): readonly Step[] {
  for (const step of run.errored) skipped.add(resourceOf(step).urn);
  return steps.filter((step) => {
    const resource = resourceOf(step);
    if (!dependenciesAndParent(resource).some((urn) => skipped.has(urn))) return true;
    step.skip();
    skipped.add(resource.urn);
    return false;
  });
}
