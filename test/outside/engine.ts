import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulatorProcess, type EmulatorProcess } from "../harness/emulator-process";
import { repository } from "../harness/project-folder";
import { workspaceConfig } from "../harness/session";
import type { EngineStack } from "../harness/engines/engine";
import { chooseEngine } from "../harness/engines/choose";
import type { ExampleRow } from "../e2e/examples/table";

/** The same for each run: the CLI keeps its salt in the copied project's settings. */
const PASSPHRASE = "a passphrase";

/** An example that was copied and installed, under an engine, beside the emulator of the package that it installed. */
export interface Outside {
  readonly stack: EngineStack;
  readonly emulator: EmulatorProcess;
  /** Modules that a process of the engine found in the repository. */
  foundInRepository(): readonly string[];
  close(): Promise<void>;
}

/** Loaded first into the engine's Node.js processes: writes down each module that is found in the repository. */
const hook = (log: string): string => `
const loader = require("node:module");
const resolve = loader._resolveFilename;
loader._resolveFilename = (...args) => {
  const file = resolve(...args);
  if (file.startsWith(${JSON.stringify(repository())})) require("node:fs").appendFileSync(${JSON.stringify(log)}, file + "\\n");
  return file;
};
`;

/** The rehearsal's own file, which stands in front of two modules (see docs/decisions/007-late-modules.md). */
const OF_THE_REHEARSAL = join("dist", "rehearsal", "host", "late-modules.js");

/**
 * Opens a stack of the example in `project`; engine, emulator and caches keep their files under `root`.
 *
 * @param more environment of the engine's processes
 */
export async function openOutside(
  root: string,
  project: string,
  row: ExampleRow,
  more: Readonly<Record<string, string>> = {},
): Promise<Outside> {
  const workDir = mkdtempSync(join(root, "engine-"));
  const [seed, log, hookFile] = ["seed.json", "found.txt", "hook.cjs"].map((name) => join(workDir, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(seed, JSON.stringify(row.seed ?? {}));
  writeFileSync(hookFile, hook(log));
  const emulator = await startEmulatorProcess(join(project, "node_modules", "pulumi-azureml"), [
    ...(row.seed === undefined ? [] : ["--seed", seed]),
    ...(row.workspaceId === undefined ? [] : ["--workspace-id", row.workspaceId]),
  ]);
  const env = {
    NODE_OPTIONS: `--require ${hookFile}`,
    NODE_COMPILE_CACHE: join(root, "compiled"),
    TS_NODE_CACHE_DIRECTORY: join(workDir, "ts-node"),
    ...more,
  };
  const stack = await chooseEngine().open({
    ...{ projectDir: project, stack: row.stack ?? "demo", workDir, passphrase: PASSPHRASE, env },
  });
  await stack.setConfig({ ...workspaceConfig({ emulator: () => emulator }), ...row.config });
  return {
    ...{ stack, emulator },
    foundInRepository: () =>
      (existsSync(log) ? readFileSync(log, "utf8").split("\n") : []).filter(
        (file) => file !== "" && !file.endsWith(OF_THE_REHEARSAL),
      ),
    close: () => stack.close().finally(() => emulator.stop()),
  };
}
