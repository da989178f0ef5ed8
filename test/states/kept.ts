import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulatorProcess, type EmulatorProcess } from "../harness/emulator-process";
import { pulumiEngine, type PulumiStack } from "../harness/engines/pulumi";
import { copyProject, repository, type ProjectFolder } from "../harness/project-folder";

/**
 * What a version left behind, as a later one must read it: a folder for each version with what `pulumi stack export` prints of the
 * program here, its secrets encrypted, and with the emulated workspace's own files.
 */
const STATES = join(repository(), "test", "states");

/** Versions whose state is kept. */
export const versions = (): readonly string[] =>
  readdirSync(STATES).filter((name) => /^\d+\.\d+\.\d+$/.test(name));

/** Encrypts nothing that is secret: the values are in the program. */
const PASSPHRASE = "a passphrase that is no secret";

/** Stands for the emulator's address, which is another one each time. */
const ADDRESS = "http://127.0.0.1:1";

const OF_SOMEBODY = {
  name: "of-somebody",
  computeType: "AKS",
  computeName: "aks-prod",
  kvTags: { by: "hand" },
};

/** A stack of the program on an emulated workspace. */
export interface Kept {
  readonly emulator: EmulatorProcess;
  readonly stack: PulumiStack;
  /** Writes down state and workspace as this version's. Ends the workspace. */
  keep(version: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens it as a version left it, or a fresh one. */
export async function openKept(version?: string): Promise<Kept> {
  const folder = copyProject(join(STATES, "program"));
  const seed = join(folder.root, "seed.json");
  writeFileSync(seed, JSON.stringify({ services: [OF_SOMEBODY] }));
  if (version !== undefined)
    cpSync(join(STATES, version, "workspace"), folder.workspace, { recursive: true });
  const emulator = await startEmulatorProcess(repository(), [
    ...["--data", folder.workspace, "--operation-time", "10"],
    ...(version === undefined ? ["--seed", seed] : []),
  ]);
  const stack = await pulumiEngine.open({
    projectDir: folder.project,
    stack: "kept",
    workDir: folder.engine,
    passphrase: PASSPHRASE,
    // The credential is in the environment, so that none gets into the state.
    env: {
      AZUREML_DISCOVERY_URL: emulator.discoveryUrl,
      AZUREML_ACCESS_TOKEN: emulator.accessToken,
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    },
  });
  await stack.setConfig({ "azureml:workspaceId": emulator.workspaceId });
  if (version !== undefined) await stack.importState(stateFile(version, folder, emulator));
  return {
    emulator,
    stack,
    keep: (name) => keep(name, folder, emulator, stack),
    close: async () => {
      await emulator.stop();
      folder.remove();
    },
  };
}

/** The state with the address at which the workspace is now. */
function stateFile(version: string, folder: ProjectFolder, { url }: EmulatorProcess): string {
  const file = join(folder.root, "state.json");
  writeFileSync(file, readFileSync(join(STATES, version, "stack.json"), "utf8").replaceAll(ADDRESS, url));
  return file;
}

async function keep(
  version: string,
  folder: ProjectFolder,
  emulator: EmulatorProcess,
  stack: PulumiStack,
): Promise<void> {
  const { stored } = await stack.exportState();
  await emulator.stop();
  const to = join(STATES, version);
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to);
  const text = JSON.stringify({ version: 3, deployment: stored }, undefined, 2).replaceAll(
    emulator.url,
    ADDRESS,
  );
  writeFileSync(join(to, "stack.json"), `${text}\n`);
  cpSync(folder.workspace, join(to, "workspace"), { recursive: true });
}
