import type { EngineEvent, StepEvent } from "../engine/events";
import { typeOf } from "../state/urn";
import type { Normaliser } from "./normalise";
import type { RecordedStep } from "./scenario";

type Recorded = Pick<RecordedStep, "steps" | "diagnostics" | "summaries">;

/** Events in the recordings' form. */
export function recordedEvents(
  events: readonly EngineEvent[],
  normal: Normaliser,
  previewOnly: boolean,
): Recorded {
  const steps = events.filter((event): event is StepEvent => "op" in event && !isComponentDone(event));
  const diagnostics = events.flatMap((event) => {
    if (event.kind !== "diagnostic") return [];
    const message = normal.message(event.message);
    return message === "" ? [] : [{ severity: event.severity, urn: event.urn, message }];
  });
  const summaries = events.flatMap((event) =>
    event.kind === "summary"
      ? [{ preview: event.preview, changes: event.changes, result: event.result }]
      : [],
  );
  return {
    steps: steps.map((event) => normal.deep(recordedStep(event, previewOnly))),
    diagnostics: diagnostics.sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0)),
    summaries,
  };
}

/** What a process printed comes at any time: it is put after the engine's own words. */
const rank = ({ urn, severity }: { urn: string; severity: string }): string =>
  `${urn} ${severity.includes("#") ? 1 : 0}`;

/** A component is done when its outputs arrive, which is at any time after. */
function isComponentDone({ kind, op, urn, old, new: now }: StepEvent): boolean {
  const state = now ?? old;
  return (
    kind === "done" && state?.custom === false && typeOf(urn) !== "pulumi:pulumi:Stack" && op !== "delete"
  );
}

function recordedStep(event: StepEvent, previewOnly: boolean): Record<string, unknown> {
  const { kind, op, urn, keys, diffs, detailedDiff, planning, physical, status, new: now } = event;
  const said = Object.entries({ keys, diffs, detailedDiff, planning, physical, status });
  const outputs = now && { id: now.id, outputs: now.outputs };
  const predicted = kind === "done" && (planning || previewOnly);
  const rest = Object.fromEntries(said.filter(([, value]) => value !== undefined));
  return { event: kind, op, urn, ...rest, ...(predicted ? { new: outputs } : {}) };
}
