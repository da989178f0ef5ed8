import { byText } from "../literal";
import { oneLine, share, shownName } from "../report";
import type { Terminal } from "../terminal";
import type { Adoption } from "./adoption";

/** The end of an import: what can be taken over, and what the next steps will show. */
export interface Audit {
  readonly total: number;
  readonly ready: readonly string[];
  readonly readyWithNotes: readonly { readonly name: string; readonly notes: readonly string[] }[];
  readonly notAdoptable: readonly { readonly name: string; readonly why: string }[];
  /** The folder of the project; null where there was nothing to write. */
  readonly project: string | null;
  readonly next: readonly string[];
}

export const auditOf = (adoptions: readonly Adoption[], folder: string | undefined): Audit => {
  const sorted = [...adoptions].sort((a, b) => byText(a.service.name, b.service.name));
  const fit = sorted.filter(({ leftOut }) => leftOut === undefined);
  return {
    total: sorted.length,
    ready: fit.filter(({ notes }) => notes.length === 0).map(({ service }) => service.name),
    readyWithNotes: fit
      .filter(({ notes }) => notes.length > 0)
      .map(({ service, notes }) => ({ name: service.name, notes })),
    notAdoptable: sorted.flatMap(({ service, leftOut }) =>
      leftOut === undefined ? [] : [{ name: service.name, why: leftOut }],
    ),
    project: folder ?? null,
    next: nextSteps(fit, folder),
  };
};

const nextSteps = (fit: readonly Adoption[], folder: string | undefined): readonly string[] => {
  if (folder === undefined)
    return ["Nothing was written: there is no service to adopt. Check --filter and the workspace."];
  const [what, services] =
    fit.length === 1 ? ["1 creation", "the service"] : [`${fit.length} creations`, "the services"];
  return [
    `The next preview shows ${what}, since nothing is looked up before up; with azureml:livePreview it says that they are adoptions.`,
    `pulumi up reads ${services} and sends nothing else. The preview after it shows no change.`,
  ];
};

export const printAudit = (audit: Audit, terminal: Terminal): void => {
  const { total, ready, readyWithNotes, notAdoptable, project, next } = audit;
  terminal.line(`Services           ${total}`);
  terminal.line(`  ready            ${share(ready.length, total)}`, "green");
  terminal.line(`  ready, notes     ${share(readyWithNotes.length, total)}`, "yellow");
  terminal.line(
    `  not adoptable    ${share(notAdoptable.length, total)}`,
    notAdoptable.length > 0 ? "red" : "green",
  );
  printEach(
    "Ready, with notes",
    readyWithNotes.map(({ name, notes }) => [name, notes]),
    terminal,
  );
  printEach(
    "Not adoptable",
    notAdoptable.map(({ name, why }) => [name, [why]]),
    terminal,
  );
  terminal.line();
  if (project !== null) terminal.line(`Written to ${project}`, "bold");
  for (const step of next) terminal.line(step);
};

const printEach = (
  title: string,
  services: readonly (readonly [name: string, notes: readonly string[]])[],
  terminal: Terminal,
): void => {
  if (services.length === 0) return;
  terminal.line();
  terminal.line(title, "bold");
  for (const [name, notes] of services)
    for (const note of notes) terminal.line(`  ${shownName(name)}: ${oneLine(note)}`);
};
