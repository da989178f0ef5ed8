import { OutOfScope } from "../out-of-scope";
import type { Queue, SourceEvent } from "../host/source";
import { isStack, makeUrn, type Urn } from "../state/urn";
import type { PropertyMap } from "../values/property";
import { deleteTheRest } from "./deletes";
import { Bail, ended, newPlan, reported, type Deployment, type Plan } from "./deployment";
import { executor, type Executor } from "./executor";
import { stepsForRegistration } from "./register";

export interface ProgramRun {
  readonly deployment: Deployment;
  readonly inputs: Queue<SourceEvent>;
  /** Called when nothing more is wanted of the program. */
  readonly stopProgram: () => void;
}

type OutputsEvent = Extract<SourceEvent, { kind: "outputs" }>;

interface Running extends ProgramRun {
  readonly plan: Plan;
  readonly run: Executor;
  /** The stack's outputs wait until the operation is over. */
  stackOutputs: OutputsEvent | undefined;
}

/**
 * Takes what the program registers, one registration at a time, and then deletes what it has left out.
 * Throws `Bail` when something failed, which has been reported then.
 */
export async function followProgram(program: ProgramRun): Promise<void> {
  const { deployment } = program;
  const plan = newPlan(deployment);
  const run = executor(deployment);
  const running: Running = { ...program, plan, run, stackOutputs: undefined };
  const failure = await carryOut(running).catch((error: Error) => error);
  if (failure || run.cancelled) {
    run.cancel();
    program.stopProgram();
  }
  await run.idle();
  const failed = failure !== undefined || run.failed || plan.failed;
  finishStackOutputs(running, failed);
  if (failure) throw failure;
  if (failed) throw ended(deployment, "failed");
  if (deployment.signal.aborted) throw ended(deployment, "canceled");
}

async function carryOut(running: Running): Promise<undefined> {
  const { deployment, plan, run } = running;
  if (!(await takeEvents(running))) return;
  await run.idle();
  await deleteTheRest(deployment, plan, run).catch(reportedFor(deployment, ""));
}

/** False when the operation was cancelled, by a failed step or by the user. */
async function takeEvents(running: Running): Promise<boolean> {
  const { deployment, run, inputs } = running;
  const stopped = run.cancellation.then(() => "stopped" as const);
  for (;;) {
    const input = await Promise.race([stopped, inputs.next()]);
    if (input === "stopped" || run.cancelled) return false;
    if (input.kind === "end") {
      if (input.failure) reportedFor(deployment, "")(input.failure);
      return true;
    }
    await handle(running, input).catch(reportedFor(deployment, urnOf(deployment, input)));
  }
}

type Handled = Exclude<SourceEvent, { kind: "end" }>;

async function handle(running: Running, input: Handled): Promise<void> {
  const { deployment, plan, run } = running;
  if (input.kind === "outputs") {
    if (isStack(input.urn)) running.stackOutputs = input;
    else setOutputs(running, input.urn, input.outputs);
    return input.done();
  }
  await run.submit(await stepsForRegistration(deployment, plan, input));
}

/** The resource that an event is about, for errors. */
function urnOf({ stack, project }: Deployment, input: Handled): Urn {
  if (input.kind === "outputs") return input.urn;
  const { type, name, parent } = input.goal;
  return makeUrn(stack, project, type, name, parent);
}

/** Reports an error that nobody has reported yet, and ends the operation. */
const reportedFor =
  (deployment: Deployment, urn: Urn) =>
  (error: Error): never => {
    if (error instanceof Bail) throw error;
    const bail = reported(deployment, urn, error.message);
    throw error instanceof OutOfScope ? error : bail;
  };

/** After a failure, outputs that are missing may just not have been reached: the old ones stay. */
function finishStackOutputs(running: Running, failed: boolean): void {
  const { plan, stackOutputs: event } = running;
  if (!event) return;
  const olds = plan.olds.get(event.urn)?.outputs ?? {};
  setOutputs(running, event.urn, failed ? { ...olds, ...event.outputs } : event.outputs);
}

function setOutputs({ deployment, run }: Running, urn: Urn, outputs: PropertyMap): void {
  const step = run.awaitingOutputs.get(urn);
  if (!step?.new) throw new Error(`cannot complete a resource '${urn}' whose registration isn't pending`);
  run.awaitingOutputs.delete(urn);
  step.new.outputs = outputs;
  deployment.report.outputs(step);
  deployment.snapshot.write();
}
