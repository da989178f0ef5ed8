import { randomFillSync } from "node:crypto";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aksWebservice } from "../../provider/index";
import { ARCHIVE_SIGNATURE, SIGNATURE_KEY } from "../../rehearsal/values/signatures";
import { startEmulatorProcess, type EmulatorProcess } from "../../test/harness/emulator-process";
import { repository } from "../../test/harness/project-folder";

/** The size of the source, and how much memory above the idle process it may take; both in MB. */
const SOURCE_MB = 200;
const ALLOWED_MB = 100;

const folderSource = (path: string) => ({ [SIGNATURE_KEY]: ARCHIVE_SIGNATURE, hash: path, path });

type Provider = typeof aksWebservice;

/** The provider as a stack's state requires it, connected to the emulated workspace. */
async function openProvider(emulator: EmulatorProcess): Promise<Provider> {
  process.env["AZUREML_ACCESS_TOKEN"] = emulator.accessToken;
  process.env["AZUREML_DISCOVERY_URL"] = emulator.discoveryUrl;
  const config: Record<string, string> = { "azureml:workspaceId": emulator.workspaceId };
  await aksWebservice.configure({ config: { get: (key) => config[key] } });
  return aksWebservice;
}

async function deploy(provider: Provider, serviceName: string, source: string): Promise<void> {
  const { inputs, failures } = await provider.check(
    {},
    {
      serviceName,
      computeTargetName: "aks",
      models: ["sk:1"],
      inferenceConfig: { entryScript: "score.py", source: folderSource(source), environment: "env:1" },
    },
  );
  if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
  await provider.create(inputs);
}

function makeSource(root: string, name: string, megabytes: number): string {
  const folder = join(root, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "score.py"), "def run(data):\n    return data\n");
  if (megabytes > 0) writeRandomFile(join(folder, "weights.bin"), megabytes);
  return folder;
}

async function measure(root: string, emulator: EmulatorProcess): Promise<boolean> {
  const provider = await openProvider(emulator);
  // Idle means connected and loaded, as a provider is that has deployed something already.
  await deploy(provider, "small", makeSource(root, "small", 0));
  const large = makeSource(root, "large", SOURCE_MB);
  const { idle, peak } = await peakWhile(() => deploy(provider, "large", large));
  const above = peak - idle;
  console.log(
    `upload of ${SOURCE_MB} MB: idle ${idle.toFixed(0)} MB, peak ${peak.toFixed(0)} MB, ` +
      `${above.toFixed(0)} MB above idle (${(above / SOURCE_MB).toFixed(2)} of the source; allowed ${ALLOWED_MB} MB)`,
  );
  return above <= ALLOWED_MB;
}

async function main(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "azureml-bench-"));
  const emulator = await startEmulatorProcess(repository(), ["--operation-time", "0"]);
  try {
    if (!(await measure(root, emulator))) process.exitCode = 1;
  } finally {
    await emulator.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

const EVERY_MS = 20;
const MEGABYTE = 1024 * 1024;

const residentMb = (): number => process.memoryUsage.rss() / MEGABYTE;

/** The most memory that this process holds while `work` runs, beside what it held before; in MB. */
async function peakWhile(work: () => Promise<unknown>): Promise<{ idle: number; peak: number }> {
  globalThis.gc?.();
  const idle = residentMb();
  let peak = idle;
  const sample = setInterval(() => (peak = Math.max(peak, residentMb())), EVERY_MS);
  try {
    await work();
  } finally {
    clearInterval(sample);
  }
  return { idle, peak: Math.max(peak, residentMb()) };
}

const BLOCK = 1024 * 1024;

/** Writes a file of random bytes, which no compression makes smaller. @param megabytes its size */
function writeRandomFile(path: string, megabytes: number): void {
  const block = Buffer.alloc(BLOCK);
  const file = openSync(path, "w");
  for (let written = 0; written < megabytes; written += 1) writeSync(file, randomFillSync(block));
  closeSync(file);
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
