import { stripVTControlCharacters } from "node:util";
import type { LogLine } from "../host/monitor";
import { isProvider, type Urn } from "../state/urn";
import { equalMaps } from "../values/compare";
import { stepEvent, type DiagnosticEvent, type EngineEvent } from "./events";
import { resourceOf, type Op, type Step } from "./step";

/** Says what happens in an operation, and counts it. */
export interface Reporter {
  diagnostic(severity: DiagnosticEvent["severity"], urn: Urn, message: string): void;
  log(line: LogLine): void;
  begun(step: Step): void;
  done(step: Step): void;
  failed(step: Step, error: Error, status: number): void;
  /** The outputs of a component or of the stack have arrived. */
  outputs(step: Step): void;
  summary(succeeded: boolean): void;
}

export interface ReporterOptions {
  readonly dryRun: boolean;
  /** Texts of the configuration that no message may show. */
  readonly secrets: readonly string[];
  readonly emit: (event: EngineEvent) => void;
}

export function reporter({ dryRun, secrets, emit }: ReporterOptions): Reporter {
  const changes: Record<string, number> = {};
  // The SDK colours the errors of programs; what is printed here is plain, as with the CLI's --color never.
  const hidden = (text: string): string =>
    secrets.reduce((shown, secret) => shown.replaceAll(secret, "[secret]"), stripVTControlCharacters(text));
  const diagnostic: Reporter["diagnostic"] = (severity, urn, message) =>
    emit({ kind: "diagnostic", severity, urn, message: hidden(message) });
  return {
    diagnostic,
    log({ severity, urn, message, ephemeral }) {
      if (ephemeral) emit({ kind: "status", urn, message: hidden(message) });
      else if (severity !== "debug") diagnostic(severity, urn, message);
    },
    begun: (step) => emit(stepEvent("step", step.op, step, dryRun)),
    done(step) {
      const op = step.resultOp ?? step.op;
      if (counts(step)) changes[op] = (changes[op] ?? 0) + 1;
      if (dryRun || showsDone(step)) emit(stepEvent("done", op, step, dryRun));
    },
    failed(step, error, status) {
      const urn = isInternal(step) ? "" : step.urn;
      diagnostic("error", urn, dryRun ? `Preview failed: ${error.message}` : error.message);
      if (!dryRun) emit(stepEvent("failed", step.op, step, dryRun, status));
    },
    outputs: (step) => emit(stepEvent("done", step.op, step, dryRun)),
    summary: (succeeded) =>
      emit({
        kind: "summary",
        preview: dryRun,
        changes: { ...changes },
        result: succeeded ? "succeeded" : "failed",
      }),
  };
}

/** The engine's own business, which has no resource of the program to be told of. */
const isInternal = (step: Step): boolean => step.op === "remove-pending-replace" || isProvider(step.urn);

function counts(step: Step): boolean {
  if (isInternal(step)) return false;
  if (step.op === "refresh") return true;
  return step.op === "read" ? changedByRead(step) : step.logical;
}

/** A read that gives what was there already is nothing to report. */
function changedByRead({ old, new: now }: Step): boolean {
  if (!old?.outputs || !now?.outputs) return false;
  return !equalMaps(old.outputs, now.outputs);
}

const SHOWN: ReadonlySet<Op> = new Set(["delete", "refresh"]);

/** A component's outputs come later, from its program. */
const showsDone = (step: Step): boolean => resourceOf(step).custom || SHOWN.has(step.op);
