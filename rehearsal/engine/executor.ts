import { failedWith, STATUS } from "../host/provider";
import { has, Secret, type Property } from "../values/property";
import type { ResourceState } from "../state/resource";
import type { Deployment } from "./deployment";
import { ProtectedError } from "./steps/delete";
import type { Outcome, Step } from "./step";

/** Carries out chains of steps, some at once, and stops at the first failure. */
export interface Executor {
  /** Waits until a worker takes the chain. Nothing runs after a cancellation. */
  submit(chain: readonly Step[]): Promise<void>;
  /** Runs steps that do not depend on each other to their end. */
  runAll(steps: readonly Step[]): Promise<void>;
  /** Waits for what is running. */
  idle(): Promise<void>;
  cancel(): void;
  readonly cancelled: boolean;
  /** Resolves once cancelled. */
  readonly cancellation: Promise<void>;
  readonly failed: boolean;
  /** Deletions that were refused, while others go on: every protected resource is to be named. */
  readonly refused: readonly Step[];
  /** Steps by URN whose outputs may still come from the program. */
  readonly awaitingOutputs: Map<string, Step>;
}

/** @param ignoreErrors failures do not stop the rest: how a refresh works */
export function executor(deployment: Deployment, ignoreErrors = false): Executor {
  const refused: Step[] = [];
  const awaitingOutputs = new Map<string, Step>();
  const running = new Set<Promise<void>>();
  const state = { cancelled: false, failed: false };
  let announce: () => void = () => undefined;
  const cancellation = new Promise<void>((resolve) => (announce = resolve));
  const cancel = (): void => {
    state.cancelled = true;
    announce();
  };
  if (deployment.signal.aborted) cancel();
  deployment.signal.addEventListener("abort", cancel, { once: true });

  async function runChain(chain: readonly Step[]): Promise<void> {
    for (const step of chain) {
      if (state.cancelled) return;
      const error = await runStep(deployment, step, awaitingOutputs);
      if (!error) continue;
      state.failed = true;
      if (error instanceof ProtectedError) refused.push(step);
      else if (!ignoreErrors) cancel();
      return;
    }
  }
  async function submit(chain: readonly Step[]): Promise<void> {
    while (running.size >= deployment.options.parallel && !state.cancelled) await Promise.race(running);
    if (state.cancelled) return;
    const done = runChain(chain).finally(() => running.delete(done));
    running.add(done);
  }
  async function idle(): Promise<void> {
    while (running.size > 0) await Promise.all(running);
  }
  return {
    submit,
    async runAll(steps) {
      for (const step of steps) await submit([step]);
      await idle();
    },
    idle,
    cancel,
    cancellation,
    refused,
    awaitingOutputs,
    get cancelled() {
      return state.cancelled;
    },
    get failed() {
      return state.failed;
    },
  };
}

async function runStep(
  { report, snapshot }: Deployment,
  step: Step,
  awaitingOutputs: Map<string, Step>,
): Promise<Error | undefined> {
  report.begun(step);
  snapshot.begin(step);
  const { status, error, complete }: Outcome = await step.apply().catch(failedWith);
  if (!error && step.logical && step.new) awaitingOutputs.set(step.urn, step);
  if (step.new && step.op !== "replace") markSecretOutputs(step.new);
  if (error) report.failed(step, error, status);
  else report.done(step);
  snapshot.end(step, !error || status === STATUS.partialFailure);
  complete?.();
  return error;
}

/**
 * Marks outputs as secret that the program's options name, and those whose input of the same name is secret.
 * Only whole top-level outputs can be named: a path into one is ignored without a word.
 */
function markSecretOutputs({ outputs, inputs, additionalSecretOutputs }: ResourceState): void {
  if (!outputs) return;
  for (const [key, value] of Object.entries(outputs)) {
    const named = additionalSecretOutputs.includes(key);
    const secret = named || (has(inputs, key) && inputs[key] instanceof Secret);
    if (secret && !(value instanceof Secret)) outputs[key] = new Secret(value as Property);
  }
}
