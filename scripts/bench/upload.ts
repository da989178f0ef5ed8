import { spawnSync } from "node:child_process";
import { randomFillSync } from "node:crypto";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ARCHIVE_SIGNATURE, SIGNATURE_KEY } from "../../rehearsal/values/signatures";
import { startEmulatorProcess, type EmulatorProcess } from "../../test/harness/emulator-process";
import { repository } from "../../test/harness/project-folder";
import { checked, openProvider, type Provider } from "./provider";

/** The size of the source, and how much memory above the idle process it may take; both in MB. */
const SOURCE_MB = 1000;
const ALLOWED_MB = 100;
/** Processor time may be so many times that of `tar | gzip` of the same folder: an upload also hashes and sends. */
const ALLOWED_RATIO = 1.5;

const folderSource = (path: string) => ({ [SIGNATURE_KEY]: ARCHIVE_SIGNATURE, hash: path, path });

async function deploy(provider: Provider, serviceName: string, source: string): Promise<void> {
  const inferenceConfig = { entryScript: "score.py", source: folderSource(source), environment: "env:1" };
  await provider.create(await checked(provider, { serviceName, inferenceConfig }));
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
  const tar = tarAndGzip(large);
  const before = process.cpuUsage();
  const { idle, peak } = await peakWhile(() => deploy(provider, "large", large));
  const { user, system } = process.cpuUsage(before);
  const [above, seconds] = [peak - idle, (user + system) / 1e6];
  const ok = above <= ALLOWED_MB && (tar === undefined || seconds / tar <= ALLOWED_RATIO);
  console.log(
    `${ok ? "ok    " : "MISSED"} upload of ${SOURCE_MB} MB: idle ${idle.toFixed(0)} MB, peak ${peak.toFixed(0)} MB, ` +
      `${above.toFixed(0)} MB above idle (allowed ${ALLOWED_MB} MB); processor time ${seconds.toFixed(1)} s, ` +
      (tar === undefined
        ? "beside no tar and gzip, which this machine lacks"
        : `${(seconds / tar).toFixed(2)} of the ${tar.toFixed(1)} s of tar | gzip (allowed ${ALLOWED_RATIO})`),
  );
  return ok;
}

/** The processor seconds of `tar | gzip` over a folder; undefined where the machine cannot do or time it. */
function tarAndGzip(folder: string): number | undefined {
  const { status, stderr } = spawnSync(
    "bash",
    ["-c", 'set -o pipefail; TIMEFORMAT="%U %S"; time tar -cf - -C "$0" . | gzip > /dev/null', folder],
    { encoding: "utf8", env: { ...process.env, LC_ALL: "C" } },
  );
  const took = /^([\d.]+) ([\d.]+)$/m.exec(stderr ?? "");
  return status === 0 && took ? Number(took[1]) + Number(took[2]) : undefined;
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
