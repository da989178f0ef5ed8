import { join, resolve } from "node:path";
import { CannotRun, exitStatus, type ExitStatus } from "../cannot-run";
import { badArguments, workspaceOptions, type Given } from "../command-line";
import { assertMayWrite } from "../folder";
import type { CliContext, Command } from "../program";
import { oneLine } from "../report";
import type { Terminal } from "../terminal";
import { assertSameWorkspace, openWorkspace } from "../workspace";
import { isIntact, readManifest, emptyManifest, type Manifest } from "./manifest";
import { takeSnapshot, type Part, parts } from "./take";

export const snapshotCommand: Command = {
  usage: "snapshot --out DIR [options]",
  about: `Saves what a workspace holds of its web services, for the day on which it does not answer: documents, model files, archives of
code, environments, image digests, ends of logs. Never a key. The next run carries on one that was interrupted, and each file is
verified by its digest. import --from DIR needs no workspace then. Exit status 2: something could not be read.`,
  options: [
    {
      name: "out",
      value: "DIR",
      required: true,
      doc: "the folder of the snapshot; a snapshot that is there is carried on",
    },
    ...workspaceOptions,
    { name: "without", value: "WHAT", repeated: true, doc: `leave out ${parts.join(", ")}` },
    { name: "verify", doc: "read nothing; compare each file of the snapshot with its digest" },
  ],
  run: (context, given, terminal) =>
    given.flag("verify") ? verify(context, given, terminal) : snapshot(context, given, terminal),
};

const folderOf = ({ cwd }: CliContext, given: Given): string => resolve(cwd, given.text("out")!);

const snapshot = async (context: CliContext, given: Given, terminal: Terminal): Promise<ExitStatus> => {
  const folder = folderOf(context, given);
  const without = withoutOption(given);
  const before = await readManifest(folder);
  if (before === undefined) await assertMayWrite(folder, false);
  const workspace = await openWorkspace(context, given);
  if (before !== undefined) assertSameWorkspace(folder, before, workspace.workspaceId);
  const manifest = await takeSnapshot(
    { context, terminal, folder, ...workspace },
    before ?? emptyManifest(workspace.workspaceId),
    without,
  );
  return report(folder, manifest, terminal);
};

const withoutOption = (given: Given): ReadonlySet<Part> => {
  const names = given.texts("without");
  const odd = names.find((name) => !parts.includes(name as Part));
  if (odd === undefined) return new Set(names as readonly Part[]);
  throw badArguments(`--without: expected ${parts.join(", ")}, found ${JSON.stringify(odd)}`);
};

const report = (folder: string, manifest: Manifest, terminal: Terminal): ExitStatus => {
  const paths = Object.keys(manifest.files);
  const bytes = Object.values(manifest.files).reduce((sum, entry) => sum + entry.bytes, 0);
  const services = paths.filter((path) => path.startsWith("services/")).length;
  terminal.json({ folder, services, files: paths.length, bytes, missing: manifest.missing });
  terminal.line(`Services  ${services}`);
  terminal.line(`Files     ${paths.length}, ${(bytes / 1e6).toFixed(1)} MB`);
  terminal.line(`Missing   ${manifest.missing.length}`, manifest.missing.length > 0 ? "yellow" : "green");
  for (const { what, why } of manifest.missing) terminal.line(`  ${what}: ${oneLine(why)}`);
  terminal.line();
  terminal.line(`Written to ${folder}`, "bold");
  terminal.line("It holds no key. Keep copies of the keys that callers use where you keep secrets.");
  return manifest.missing.length > 0 ? exitStatus.findings : exitStatus.fine;
};

const verify = async (context: CliContext, given: Given, terminal: Terminal): Promise<ExitStatus> => {
  const folder = folderOf(context, given);
  const manifest = await readManifest(folder);
  if (manifest === undefined)
    throw new CannotRun("CannotRead", `expected a snapshot in ${folder}, found none. Take one first.`);
  const damaged: string[] = [];
  for (const [path, entry] of Object.entries(manifest.files)) {
    context.interrupt.throwIfAborted();
    if (!(await isIntact(folder, path, entry))) damaged.push(path);
  }
  const files = Object.keys(manifest.files).length;
  terminal.json({ folder: join(folder), complete: manifest.complete, files, damaged });
  terminal.line(`Files     ${files}`);
  terminal.line(`Damaged   ${damaged.length}`, damaged.length > 0 ? "red" : "green");
  for (const path of damaged) terminal.line(`  ${path}`);
  if (!manifest.complete)
    terminal.line("The last run did not come to its end; run snapshot again.", "yellow");
  if (damaged.length > 0) terminal.line("Run snapshot again: it reads what is damaged once more.");
  return damaged.length > 0 || !manifest.complete ? exitStatus.findings : exitStatus.fine;
};
