import { spawn } from "node:child_process";
import { createCipheriv, createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { connect } from "../provider/azure/connect";
import { parseWorkspaceId } from "../provider/core/address";
import { workingServices } from "../test/cli/shapes";
import { startEmulatorProcess, type EmulatorProcess } from "../test/harness/emulator-process";
import { repository } from "../test/harness/project-folder";
import { openWorkspace } from "../test/harness/workspace";
import { runProgram } from "./program";

/** What neither command may take, however large a workspace is. */
const ALLOWED_MB = 150;

const usage = `Usage: npm run figures:adopt -- [options]

What docs/adopting.md and its issue promise of large workspaces: seconds, requests and peak memory of pulumi-azureml as a
process of its own, against the emulator. Exit status 1 where a run fails, takes ${ALLOWED_MB} MB or more, or writes other bytes.

  --seed N      the services and the model's content are made from it  (default 17)
  --services N  how many services are imported                         (default 1000)
  --model MB    the size of the model in a snapshot                    (default 2000; twice that is written to the disk)
  --help        this text
`;

interface Figures {
  readonly seed: number;
  readonly services: number;
  readonly modelMb: number;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

runProgram("figures:adopt", async (args) => {
  const figures = parseFigures(args);
  if (figures === "help") return (say(usage.trimEnd()), 0);
  const folder = mkdtempSync(join(tmpdir(), "azureml-figures-"));
  try {
    const isImportFine = await importFigures(figures, folder);
    const isSnapshotFine = await snapshotFigures(figures, folder);
    return isImportFine && isSnapshotFine ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function parseFigures(args: readonly string[]): Figures | "help" {
  const options = {
    seed: { type: "string", default: "17" },
    services: { type: "string", default: "1000" },
    model: { type: "string", default: "2000" },
    help: { type: "boolean", default: false },
  } as const;
  const { values } = parseArgs({ args: [...args], options, strict: true });
  if (values.help) return "help";
  const number = (name: "seed" | "services" | "model"): number => {
    if (/^\d{1,6}$/.test(values[name])) return Number(values[name]);
    throw new Error(`--${name}: expected a number, found "${values[name]}"`);
  };
  return { seed: number("seed"), services: number("services"), modelMb: number("model") };
}

/** How many services are imported in how much time and memory; twice, and by the bytes. */
async function importFigures({ seed, services }: Figures, folder: string): Promise<boolean> {
  const seedFile = join(folder, "seed.json");
  writeFileSync(seedFile, JSON.stringify({ services: workingServices(services, seed) }));
  const emulator = await startEmulatorProcess(repository(), ["--seed", seedFile]);
  try {
    const first = await runCli(emulator, folder, ["import", "--out", "one"]);
    const requests = (await openWorkspace(emulator).calls()).length;
    const second = await runCli(emulator, folder, ["import", "--out", "two"]);
    const isSame = digestOf(join(folder, "one")) === digestOf(join(folder, "two"));
    say(
      `import of ${services} services (seed ${seed}): ${first.seconds} s, ${requests} requests, peak memory ${memory(first)}; ` +
        `a second run ${isSame ? "byte-identical" : "WITH OTHER BYTES"}`,
    );
    // 2: some services have notes.
    return isSame && [first, second].every((run) => [0, 2].includes(run.status) && isSmall(run));
  } finally {
    await emulator.stop();
  }
}

/** A model of that size is uploaded, and written down by a snapshot. */
async function snapshotFigures({ seed, modelMb }: Figures, folder: string): Promise<boolean> {
  const emulator = await startEmulatorProcess(repository(), ["--data", join(folder, "workspace")]);
  try {
    const sha256 = await serveModel(emulator, seed, modelMb);
    const before = (await openWorkspace(emulator).calls()).length;
    const taken = await runCli(emulator, folder, ["snapshot", "--out", "snapshot"]);
    const requests = (await openWorkspace(emulator).calls()).length - before;
    const verified = await runCli(emulator, folder, ["snapshot", "--out", "snapshot", "--verify"]);
    const { files } = JSON.parse(readFileSync(join(folder, "snapshot", "snapshot.json"), "utf8")) as {
      files: Readonly<Record<string, { sha256: string }>>;
    };
    const isSame = Object.values(files).some((file) => file.sha256 === sha256);
    say(
      `snapshot of a model of ${modelMb} MB (seed ${seed}): ${taken.seconds} s, ${requests} requests, peak memory ${memory(taken)}; ` +
        `the file is ${isSame ? "what was uploaded" : "NOT WHAT WAS UPLOADED"}; --verify ${verified.seconds} s, peak memory ${memory(verified)}`,
    );
    return isSame && [taken, verified].every((run) => run.status === 0 && isSmall(run));
  } finally {
    await emulator.stop();
  }
}

/** Uploads and registers a model, and makes a service of it. @returns the digest of its content */
async function serveModel(emulator: EmulatorProcess, seed: number, megabytes: number): Promise<string> {
  const hash = createHash("sha256");
  const services = await connect(parseWorkspaceId(emulator.workspaceId)!, {
    config: {},
    env: environmentOf(emulator),
  });
  await services.upload("model-1", "large/weights.bin", {
    size: megabytes * MB,
    open: async function* () {
      for (const block of content(seed, megabytes)) {
        hash.update(block);
        yield block;
      }
    },
  });
  const asset = await services.models.createAsset("large", "LocalUpload/model-1/large");
  await services.models.register("large", {
    name: "large",
    url: `aml://asset/${asset}`,
    framework: "ScikitLearn",
  });
  const operation = await services.create({
    name: "large",
    computeType: "AKS",
    computeName: "aks-prod",
    environmentImageRequest: { modelIds: ["large:1"] },
  });
  await services.wait(operation, { deadline: Date.now() + 60_000 });
  return hash.digest("hex");
}

const MB = 1_000_000;

/** Bytes that no compression makes smaller, the same for the same seed. */
function* content(seed: number, megabytes: number): Generator<Buffer> {
  const key = createHash("sha256").update(String(seed)).digest();
  const cipher = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
  const nothing = Buffer.alloc(MB);
  for (let block = 0; block < megabytes; block += 1) yield cipher.update(nothing);
}

const environmentOf = ({ discoveryUrl, accessToken, workspaceId }: EmulatorProcess) => ({
  AZUREML_DISCOVERY_URL: discoveryUrl,
  AZUREML_ACCESS_TOKEN: accessToken,
  AZUREML_WORKSPACE_ID: workspaceId,
});

interface CliFigures {
  readonly status: number;
  readonly seconds: number;
  readonly peakMb: number;
}

const memory = ({ peakMb }: CliFigures): string =>
  `${peakMb} MB${peakMb < ALLOWED_MB ? "" : `, EXPECTED LESS THAN ${ALLOWED_MB}`}`;
const isSmall = ({ peakMb }: CliFigures): boolean => peakMb < ALLOWED_MB;

/** Runs pulumi-azureml as a process of its own, which notes at its end how much memory it had at most. */
async function runCli(
  emulator: EmulatorProcess,
  folder: string,
  args: readonly string[],
): Promise<CliFigures> {
  const [hook, note] = [join(folder, "note-memory.js"), join(folder, "memory.txt")];
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    hook,
    `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(note)}, String(process.resourceUsage().maxRSS)));\n`,
  );
  const begun = performance.now();
  const child = spawn(
    process.execPath,
    ["--require", hook, join(repository(), "cli", "bin.js"), ...args, "--json"],
    {
      cwd: folder,
      env: { PATH: process.env["PATH"], ...environmentOf(emulator) },
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  const status = await new Promise<number>((resolve, reject) => {
    child.on("error", reject).on("close", (code) => resolve(code ?? 1));
  });
  const seconds = Math.round((performance.now() - begun) / 100) / 10;
  return { status, seconds, peakMb: Math.round((Number(readFileSync(note, "utf8")) * 1024) / MB) };
}

/** The content of a folder in a few letters. */
function digestOf(folder: string): string {
  const hash = createHash("sha256");
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  ))
    hash.update(entry.name).update(readFileSync(join(entry.parentPath, entry.name)));
  return hash.digest("hex");
}
