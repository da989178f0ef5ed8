import type { EngineEvent, StepEvent } from "../../../rehearsal/index";

/** What was done to one resource, in a form that is the same for both engines. */
export interface StepLine {
  readonly op: string;
  readonly urn: string;
  /** The properties that made it a replacement. */
  readonly keys: readonly string[];
  /** The properties that the engine itself found different. */
  readonly diffs: readonly string[];
  /** The inputs that differ from last time, hidden ones (`__…`) left out; empty unless it is an update or replacement. */
  readonly changed: readonly string[];
}

/** The steps of an operation, sorted by resource, since independent ones run in any order. */
export function stepList(events: readonly EngineEvent[]): readonly StepLine[] {
  const steps = events.filter((event): event is StepEvent => event.kind === "step");
  return steps.map(stepLine).sort((a, b) => (a.urn < b.urn ? -1 : a.urn > b.urn ? 1 : 0));
}

function stepLine({ op, urn, keys = [], diffs = [], old, new: now }: StepEvent): StepLine {
  const changed =
    op === "update" || op === "replace" ? changedInputs(old?.inputs ?? {}, now?.inputs ?? {}) : [];
  return { op, urn, keys: [...keys].sort(), diffs: [...diffs].sort(), changed };
}

function changedInputs(olds: Record<string, unknown>, news: Record<string, unknown>): readonly string[] {
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
    (key) => !key.startsWith("__"),
  );
  return keys.filter((key) => canonical(olds[key]) !== canonical(news[key])).sort();
}

/** JSON with sorted keys; null and absent are the same. */
function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
