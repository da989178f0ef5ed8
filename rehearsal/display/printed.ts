import type { EngineEvent, ShownResource, StepEvent, SummaryEvent } from "../engine/events";
import type { Op } from "../engine/step";
import { isStack, typeOf, type Urn } from "../state/urn";
import { UNKNOWN_TEXT } from "../values/signatures";
import { compared, differing, listed, type Shown } from "./properties";

/** What `pulumi … --diff` would print: what is done to each resource, diagnostics, and counts. */
export function printed(heading: Heading, events: readonly EngineEvent[], errors: readonly string[]): string {
  const parents = new Map<Urn, Urn>();
  const lines = events.flatMap((event) => eventLines(event, parents));
  if (lines.length > 0) lines.unshift(`${title(heading)} (${heading.stack}):`);
  return [...lines, "", ...errors, ""].join("\n");
}

export interface Heading {
  readonly command: "up" | "refresh" | "destroy";
  readonly dryRun: boolean;
  readonly stack: string;
}

const TITLES = { up: "Updating", refresh: "Refreshing", destroy: "Destroying" } as const;

const title = ({ command, dryRun }: Heading): string => (dryRun ? "Previewing update" : TITLES[command]);

function eventLines(event: EngineEvent, parents: Map<Urn, Urn>): readonly string[] {
  if (event.kind === "status") return [];
  if (event.kind === "summary") return summaryLines(event);
  if (event.kind === "diagnostic") return [`${diagnosticLabel(event)}: ${event.message.trimEnd()}`];
  parents.set(event.urn, (event.new ?? event.old)?.parent ?? "");
  const indent = "    ".repeat(depth(event.urn, parents));
  if (event.kind === "step" && shows(event)) return stepLines(event, indent);
  return event.kind === "done" && isStack(event.urn)
    ? outputLines(event, `${indent}    `)
    : resultLines(event, indent);
}

const diagnosticLabel = ({ severity, urn }: { severity: string; urn: Urn }): string =>
  urn === "" ? severity : `${severity} (${urn.split("::").pop() ?? ""})`;

function depth(urn: Urn, parents: ReadonlyMap<Urn, Urn>): number {
  const parent = parents.get(urn) ?? "";
  return parent === "" ? 0 : 1 + depth(parent, parents);
}

/** The halves of a replacement are not shown, nor what stays as it is, the stack aside. */
const shows = ({ op, urn, physical }: StepEvent): boolean =>
  isStack(urn) ? op !== "refresh" : !physical && op !== "same" && !/::pulumi:providers:/.test(urn);

const PREFIXES: Partial<Record<Op, string>> = {
  create: "+ ",
  update: "~ ",
  delete: "- ",
  replace: "+-",
  read: "> ",
  discard: "< ",
};

function stepLines(event: StepEvent, indent: string): readonly string[] {
  const { op, urn, old, new: now, diffs = [] } = event;
  const inner = `${indent}    `;
  const id = old && old.id !== "" ? [`${inner}[id=${old.id}]`] : [];
  return [
    `${indent}${PREFIXES[op] ?? "  "}${typeOf(urn)}: (${op})`,
    ...id,
    `${inner}[urn=${urn}]`,
    ...detail(op, old, now, inner, diffs.length > 0),
  ];
}

function detail(
  op: Op,
  old: ShownResource | null,
  now: ShownResource | null,
  indent: string,
  isDetailed: boolean,
): readonly string[] {
  const show = isDetailed ? differing : compared;
  if (op === "update" || op === "replace") return show(old?.inputs ?? {}, now?.inputs ?? {}, indent);
  return listed((now ?? old)?.inputs ?? {}, indent);
}

/** What a create made, what an update changed, what a refresh found. */
function resultLines(
  { kind, op, urn, physical, planning, old, new: now }: StepEvent,
  indent: string,
): readonly string[] {
  if (kind !== "done" || /::pulumi:providers:/.test(urn)) return [];
  const inner = `${indent}    `;
  if (physical && op === "update") return refreshLines(urn, old, now, indent);
  if (planning || (op !== "create" && op !== "update")) return [];
  const outputs = Object.entries(now?.outputs ?? {}).filter(([key]) => !(key in (now?.inputs ?? {})));
  const lines = listed(Object.fromEntries(outputs), inner);
  return lines.length > 0 ? [`${inner}--outputs:--`, ...lines] : [];
}

const refreshLines = (
  urn: Urn,
  old: ShownResource | null,
  now: ShownResource | null,
  indent: string,
): readonly string[] => [
  `${indent}~ ${typeOf(urn)}: (update)`,
  `${indent}    [urn=${urn}]`,
  ...compared(old?.outputs ?? {}, now?.outputs ?? {}, `${indent}    `),
];

function outputLines({ op, old, new: now }: StepEvent, indent: string): readonly string[] {
  const [olds, news]: [Shown, Shown] = [old?.outputs ?? {}, now?.outputs ?? {}];
  const lines =
    op === "create" ? listed(news, indent, 0) : differing(known(olds, news), known(news, news), indent);
  return lines.length > 0 ? [`${indent}--outputs:--`, ...lines] : [];
}

/** In the preview of an update, outputs that are not known yet are no difference to show. */
const known = (map: Shown, news: Shown): Shown =>
  Object.fromEntries(Object.entries(map).filter(([key]) => news[key] !== UNKNOWN_TEXT));

/** In the order of the CLI, with its words for what will be and for what was done. Reading changes nothing. */
const COUNTS: readonly (readonly [Op, string, string, string])[] = [
  ["create", "+ ", "to create", "created"],
  ["update", "~ ", "to update", "updated"],
  ["delete", "- ", "to delete", "deleted"],
  ["replace", "+-", "to replace", "replaced"],
];

function summaryLines({ preview, changes, result }: SummaryEvent): readonly string[] {
  const lines = COUNTS.flatMap(([op, prefix, future, past]) => {
    const count = changes[op];
    return count ? [`    ${prefix}${count} ${preview ? future : past}`] : [];
  });
  const changed = COUNTS.reduce((sum, [op]) => sum + (changes[op] ?? 0), 0);
  const same = changes["same"] ?? 0;
  const total = changed > 0 && lines.length > 1 ? `${changed} changes. ` : "";
  const unchanged = same > 0 ? [`    ${total}${same} unchanged`] : [];
  return ["Resources:", ...lines, ...unchanged, ...(result === "failed" ? ["    failed"] : [])];
}
