import type { Deployment } from "./deployment";
import { ProtectedError } from "./steps/delete";
import { markSecretOutputs } from "./steps/secret-outputs";
import type { Op, Step } from "./step";

/** Carries out chains of steps, some at once, and stops at the first failure unless told to go on. */
export interface Executor {
  /** Waits until a worker takes the chain; `done` resolves when it is through. Nothing runs after a cancellation. */
  submit(chain: readonly Step[]): Promise<{ readonly done: Promise<void> }>;
  /** Runs steps that do not depend on each other. */
  runAll(steps: readonly Step[]): Promise<void>;
  /** Waits for what is running. */
  idle(): Promise<void>;
  cancel(): void;
  readonly cancelled: boolean;
  /** Resolves once cancelled. */
  readonly cancellation: Promise<void>;
  readonly failed: boolean;
  /** Steps that failed while others went on. */
  readonly errored: readonly Step[];
  /** Steps by URN whose outputs may still come from the program. */
  readonly awaitingOutputs: Map<string, Step>;
}

/** @param ignoreErrors failures neither stop the rest nor leave it out: how a refresh works */
export function executor(deployment: Deployment, ignoreErrors = false): Executor {
  const { options } = deployment;
  const errored: Step[] = [];
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

  function afterFailure(step: Step, error: Error): void {
    state.failed = true;
    if (ignoreErrors) return;
    // Every protected resource is to be named, not just the first.
    if (!options.continueOnError && !(error instanceof ProtectedError)) return cancel();
    step.fail();
    errored.push(step);
  }
  async function runChain(chain: readonly Step[]): Promise<void> {
    for (const step of chain) {
      if (state.cancelled) return;
      const error = await runStep(deployment, step, awaitingOutputs);
      if (error) return afterFailure(step, error);
    }
  }
  async function submit(chain: readonly Step[]): Promise<{ done: Promise<void> }> {
    while (running.size >= options.parallel && !state.cancelled) await Promise.race(running);
    if (state.cancelled) return { done: Promise.resolve() };
    const done = runChain(chain).finally(() => running.delete(done));
    running.add(done);
    return { done };
  }
  return {
    submit,
    async runAll(steps) {
      const chains: Array<Promise<void>> = [];
      for (const step of steps) chains.push((await submit([step])).done);
      await Promise.all(chains);
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
    cancel,
    cancellation,
    errored,
    awaitingOutputs,
    get cancelled() {
      return state.cancelled;
    },
    get failed() {
      return state.failed;
    },
  };
}

const PARTIAL_FAILURE = 1;

async function runStep(
  deployment: Deployment,
  step: Step,
  awaitingOutputs: Map<string, Step>,
): Promise<Error | undefined> {
  const { report, snapshot } = deployment;
  report.begun(step);
  snapshot.begin(step);
  const { status, error, complete } = await step.apply().catch(asOutcome);
  if (!error && step.logical && step.new) awaitingOutputs.set(step.urn, step);
  record(deployment, step);
  if (error) report.failed(step, error, status);
  else report.done(step);
  if (status === PARTIAL_FAILURE) keepOldInputs(step);
  snapshot.end(step, !error || status === PARTIAL_FAILURE);
  complete?.();
  return error;
}

const READS: ReadonlySet<Op> = new Set(["read", "read-replacement"]);

function record(deployment: Deployment, { op, urn, new: now }: Step): void {
  if (!now || op === "replace") return;
  markSecretOutputs(now, deployment);
  if (!READS.has(op)) deployment.news.set(urn, now);
}

/** What exists was not changed to the new inputs, so that the next diff must see the old ones. */
function keepOldInputs({ op, old, new: now }: Step): void {
  if (op === "update" && old && now) now.inputs = old.inputs;
}

const asOutcome = (error: unknown): { status: 0; error: Error; complete?: () => void } => ({
  status: 0,
  error: error instanceof Error ? error : new Error(String(error)),
});
