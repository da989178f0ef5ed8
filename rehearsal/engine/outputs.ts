import type { SourceEvent } from "../host/source";
import { isStack } from "../state/urn";
import type { PropertyMap } from "../values/property";
import type { Deployment } from "./deployment";
import type { Executor } from "./executor";

type OutputsEvent = Extract<SourceEvent, { kind: "outputs" }>;

/** The stack's outputs wait until the operation is over. */
export interface StackOutputs {
  event?: OutputsEvent;
}

/** Takes the outputs that a program registers for a component, or keeps those of the stack for later. */
export function takeOutputs(
  deployment: Deployment,
  run: Executor,
  stack: StackOutputs,
  event: OutputsEvent,
): void {
  if (isStack(event.urn)) stack.event = event;
  else setOutputs(deployment, run, event.urn, event.outputs);
  event.done();
}

/** After a failure, outputs that are missing may just not have been reached: the old ones stay. */
export function finishStackOutputs(
  deployment: Deployment,
  { event }: StackOutputs,
  run: Executor,
  failed: boolean,
): void {
  if (!event) return;
  const olds = deployment.olds.get(event.urn)?.outputs ?? {};
  setOutputs(deployment, run, event.urn, failed ? { ...olds, ...event.outputs } : event.outputs);
}

function setOutputs(
  { report, snapshot }: Deployment,
  run: Executor,
  urn: string,
  outputs: PropertyMap,
): void {
  const step = run.awaitingOutputs.get(urn);
  if (!step?.new) throw new Error(`cannot complete a resource '${urn}' whose registration isn't pending`);
  run.awaitingOutputs.delete(urn);
  if (step.skippedCreate) return;
  step.new.outputs = outputs;
  report.outputs(step);
  snapshot.write();
}
