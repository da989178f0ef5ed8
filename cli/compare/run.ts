import type { Clock } from "../../provider/azure/clock";
import { safeText } from "../../provider/azure/safe-text";
import { CannotRun } from "../cannot-run";
import type { Endpoint, SideName } from "./endpoint";
import type { Input, Inputs } from "./inputs";
import type { Tolerance } from "./json-compare";
import type { Progress } from "./resume";
import { isFailure, sendInput, type FailureClass, type Sent } from "./send";
import { judge, type InputResult } from "./verdict";

export interface Run {
  readonly endpoints: Readonly<Record<SideName, Endpoint>>;
  readonly inputs: Inputs;
  readonly tolerance: Tolerance;
  readonly progress: Progress;
  readonly clock: Clock;
  readonly interrupt: AbortSignal;
  /** The least time between two requests to the old service. */
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly mostBytes: number;
  readonly onResult: (done: number) => void;
}

/** What a run came to; inputs without a result were not sent. */
export interface Outcome {
  readonly results: ReadonlyMap<string, InputResult>;
  /** Why it ended before its end. */
  readonly ended?: "interrupted" | string;
}

/** A service that fails so often in a row gets no more inputs: each would cost a request to the other one. */
const IN_A_ROW = 5;

/** These say something of the input, and nothing of the service. */
const ofTheInput: ReadonlySet<FailureClass> = new Set(["inputTooLarge", "answerTooLarge", "unreadable"]);

/**
 * Sends each input that has no result yet to both services at the same time, one input after another.
 *
 * @throws CannotRun NoAnswers when a service fails from the beginning
 */
export const compareInputs = async (run: Run): Promise<Outcome> => {
  const results = new Map(run.progress.results);
  const turn = turns(run);
  const streaks = { old: streak("old"), new: streak("new") };
  let compared = 0;
  try {
    for (const input of run.inputs.all) {
      run.interrupt.throwIfAborted();
      if (isSettled(results.get(input.digest))) continue;
      const { result, sent } = await compareInput(input, run, turn);
      await run.progress.add(result);
      results.set(input.digest, result);
      run.onResult(results.size);
      if (result.result !== "notCompared") compared += 1;
      const failing = sent && [streaks.old(sent.old), streaks.new(sent.new)].find(Boolean);
      if (!failing) continue;
      const { side, says } = failing;
      const text = `the ${side} service at ${run.endpoints[side].address} failed ${IN_A_ROW} times in a row: ${says}`;
      if (compared === 0 && run.progress.results.size === 0) throw noAnswers(text);
      return { results, ended: `${text}. What was left was not sent` };
    }
    return { results };
  } catch (error) {
    if (run.interrupt.aborted) return { results, ended: "interrupted" };
    throw error;
  }
};

const noAnswers = (found: string): CannotRun =>
  new CannotRun(
    "NoAnswers",
    `expected answers from both services, found that ${found}. Correct that, then run again.`,
  );

/** Whether an earlier run's result stands. What failed may succeed now. */
export const isSettled = (result: InputResult | undefined): boolean =>
  result !== undefined &&
  (result.result !== "notCompared" || [result.old.failure, result.new.failure].includes("answerTooLarge"));

/** Remembers how often a side has failed in a row. */
const streak = (side: SideName) => {
  let length = 0;
  return (sent: Sent): { readonly side: SideName; readonly says: string } | undefined => {
    if (!isFailure(sent)) length = 0;
    else if (!ofTheInput.has(sent.failure)) length += 1;
    return isFailure(sent) && length >= IN_A_ROW ? { side, says: sent.says } : undefined;
  };
};

/** Resolves when the next request may go to the old service. */
const turns = ({ clock, interrupt, intervalMs }: Run) => {
  let next = clock.now();
  return async (): Promise<void> => {
    const waitMs = next - clock.now();
    next = Math.max(next, clock.now()) + intervalMs;
    if (waitMs > 0) await clock.sleep(waitMs, interrupt);
  };
};

const compareInput = async (
  input: Input,
  run: Run,
  turn: () => Promise<void>,
): Promise<{ readonly result: InputResult; readonly sent?: Readonly<Record<SideName, Sent>> }> => {
  const { digest, id, contentType } = input;
  const body = await input.read();
  if (body === undefined) {
    const why = "the input is not what it was when the run began";
    return { result: { digest, id, result: "notCompared", old: {}, new: {}, why } };
  }
  const keys = new Set<string>();
  const opened = turn();
  // An interrupt may come before either side waits for it.
  opened.catch(() => undefined);
  const send = (side: SideName): Promise<Sent> => {
    // Both are sent an input at the same moment; only repeats to the old service wait for a turn of their own.
    const later = side === "old" ? turn : () => Promise.resolve();
    let isFirst = true;
    const { clock, interrupt, timeoutMs, mostBytes } = run;
    return sendInput(
      run.endpoints[side],
      { contentType, body },
      {
        ...{ clock, interrupt, timeoutMs, mostBytes },
        onKey: (key) => keys.add(key),
        turn: () => {
          const mine = isFirst ? opened : later();
          isFirst = false;
          return mine;
        },
      },
    );
  };
  const [old, fresh] = await Promise.all([send("old"), send("new")]);
  return {
    result: judge({ digest, id }, old, fresh, run.tolerance, safeText([...keys])),
    sent: { old, new: fresh },
  };
};
