import type { DiagnosticEvent, EngineEvent, StepEvent } from "../../../rehearsal/index";

/** One line of the CLI's event log; at most one of the members is there. */
interface LogLine {
  readonly resourcePreEvent?: { readonly metadata: Metadata; readonly planning?: boolean };
  readonly resOutputsEvent?: { readonly metadata: Metadata; readonly planning?: boolean };
  readonly resOpFailedEvent?: { readonly metadata: Metadata; readonly status?: number };
  readonly diagnosticEvent?: {
    readonly severity: string;
    readonly urn?: string;
    readonly message: string;
    readonly ephemeral?: boolean;
  };
  readonly summaryEvent?: {
    readonly isPreview: boolean;
    readonly resourceChanges?: Record<string, number>;
    readonly result: string;
  };
}

interface Metadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly keys?: readonly string[];
  readonly diffs?: readonly string[];
  readonly detailedDiff?: StepEvent["detailedDiff"];
  readonly logical?: boolean;
  readonly old?: State | null;
  readonly new?: State | null;
}

interface State {
  readonly id?: string;
  readonly custom?: boolean;
  readonly parent?: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
}

/** Reads the CLI's event log into the events that the rehearsal has. */
export function engineEvents(log: string): readonly EngineEvent[] {
  const lines = log.split("\n").filter((line) => line !== "");
  return lines.flatMap((line) => {
    const event = translate(JSON.parse(line) as LogLine);
    return event ? [event] : [];
  });
}

function translate(line: LogLine): EngineEvent | undefined {
  const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent, summaryEvent } = line;
  if (resourcePreEvent) return step("step", resourcePreEvent.metadata, resourcePreEvent.planning);
  if (resOutputsEvent) return step("done", resOutputsEvent.metadata, resOutputsEvent.planning);
  if (resOpFailedEvent) return step("failed", resOpFailedEvent.metadata, false, resOpFailedEvent.status);
  if (diagnosticEvent) return diagnostic(diagnosticEvent);
  if (!summaryEvent) return undefined;
  const { isPreview, resourceChanges = {}, result } = summaryEvent;
  return {
    kind: "summary",
    preview: isPreview,
    changes: resourceChanges,
    result: result as "succeeded" | "failed",
  };
}

function step(kind: StepEvent["kind"], metadata: Metadata, planning = false, status = 0): StepEvent {
  const { op, urn, keys, diffs, detailedDiff, logical } = metadata;
  const said = { keys, diffs, detailedDiff, planning, physical: !logical, status };
  return {
    ...{ kind, op: op as StepEvent["op"], urn },
    ...(Object.fromEntries(Object.entries(said).filter(([, value]) => says(value))) as Partial<StepEvent>),
    ...{ old: shown(metadata.old), new: shown(metadata.new) },
  };
}

/** Members that say nothing are left out. */
const says = (value: unknown): boolean =>
  typeof value === "object" && value !== null ? Object.keys(value).length > 0 : Boolean(value);

const shown = (state: State | null | undefined): StepEvent["new"] =>
  state
    ? {
        custom: state.custom ?? false,
        parent: state.parent ?? "",
        id: state.id ?? "",
        inputs: state.inputs ?? {},
        outputs: state.outputs ?? {},
      }
    : null;

function diagnostic(event: NonNullable<LogLine["diagnosticEvent"]>): EngineEvent | undefined {
  const { severity, urn = "", message, ephemeral } = event;
  if (severity === "debug") return undefined;
  if (ephemeral) return { kind: "status", urn, message };
  return { kind: "diagnostic", severity: severity as DiagnosticEvent["severity"], urn, message };
}
