import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { bundleLanguageHost, engineSources } from "./bundle";
import { EngineUnavailable } from "./unavailable";

export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  /** Told what is done, a line each. */
  readonly log: (line: string) => void;
}

/** Where the module is pinned: the committed folder, whether this file runs from its source or as it was compiled. */
const MODULE = [__dirname, join(__dirname, "..", "..", "..", "tools", "engine")].find((folder) =>
  existsSync(join(folder, "go.mod")),
) as string;
const CLI = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";

/**
 * A folder with the Pulumi CLI and what it needs to run Node.js programs. Where `pulumi` is on PATH it is that one's; else
 * the CLI that go.mod pins is built, once, into a cache outside the repository. Throws EngineUnavailable.
 */
export async function getEngine({ env, log }: Surroundings): Promise<string> {
  const installed = onPath("pulumi", env);
  if (installed !== undefined) return dirname(installed);
  const cache = cacheFolder(env);
  const engine = join(
    cache,
    `engine-${digest(
      pinned(),
      engineSources().map((file) => readFileSync(file)),
    )}`,
  );
  if (existsSync(engine)) return engine;
  const go = onPath("go", env);
  if (go === undefined) throw new EngineUnavailable(NOTHING_TO_BUILD_WITH);
  const cli = await built(cache, go, { env, log });
  await made(engine, (folder) => putTogether(folder, cli), log);
  return engine;
}

const NOTHING_TO_BUILD_WITH =
  "the Pulumi engine is missing: neither `pulumi` nor `go` is on PATH. Install the Pulumi CLI " +
  "(https://www.pulumi.com/docs/install/), or Go (https://go.dev/doc/install), with which `npm run engine` builds it.";

/** The program's path, where one that may be run is on PATH. */
function onPath(program: string, env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function cacheFolder(env: NodeJS.ProcessEnv): string {
  const own = env["PULUMI_AZUREML_ENGINE_CACHE"];
  return own || join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "pulumi-azureml");
}

/** What decides which CLI is built. */
const pinned = (): readonly Buffer[] => ["go.mod", "go.sum"].map((name) => readFileSync(join(MODULE, name)));

function digest(...parts: ReadonlyArray<readonly Buffer[]>): string {
  const hash = createHash("sha256");
  for (const part of parts.flat()) hash.update(`${part.length}\n`).update(part);
  return hash.digest("hex").slice(0, 12);
}

/** The folder of the built CLI: its download and its compilation apart, to tell whose failure it is. */
async function built(cache: string, go: string, surroundings: Surroundings): Promise<string> {
  const { log } = surroundings;
  const version = pinnedVersion();
  const cli = join(cache, `pulumi-${version}-${digest(pinned())}`);
  if (existsSync(cli)) return cli;
  log(`Pulumi ${version}: downloading its Go modules`);
  await run(go, ["list", "-deps", CLI], surroundings, {}, downloadFailed); // needs, and so fetches, every source
  log(`Pulumi ${version}: building (some minutes, once; ${cli})`);
  const flags = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${version}`;
  await made(
    cli,
    (folder) =>
      run(
        go,
        ["build", "-ldflags", flags, "-o", join(folder, "pulumi"), CLI],
        surroundings,
        { GOPROXY: "off" },
        buildFailed,
      ),
    log,
  );
  return cli;
}

function pinnedVersion(): string {
  const version = /github\.com\/pulumi\/pulumi\/pkg\/v3 (v\S+)/.exec(
    readFileSync(join(MODULE, "go.mod"), "utf8"),
  )?.[1];
  if (version === undefined)
    throw new Error("tools/engine/go.mod names no version of github.com/pulumi/pulumi/pkg/v3");
  return version;
}

/**
 * Makes a folder so that it is there whole or not at all: under a name of this process first. Two that make the same one
 * do not meet, and the second finds the first's in place.
 */
async function made(
  folder: string,
  fill: (unfinished: string) => Promise<void>,
  log: (line: string) => void,
): Promise<void> {
  const unfinished = `${folder}.unfinished-${process.pid}`;
  const remove = (): void => rmSync(unfinished, { recursive: true, force: true });
  try {
    mkdirSync(unfinished, { recursive: true });
    removeAbandoned(dirname(folder), log);
    await fill(unfinished);
    if (!existsSync(folder)) renameSync(unfinished, folder);
  } catch (error) {
    if (existsSync(folder)) return; // another process was faster
    throw withoutSpace(error, dirname(folder));
  } finally {
    remove();
  }
}

/** What a process that was killed while it built has left. */
function removeAbandoned(cache: string, log: (line: string) => void): void {
  for (const name of readdirSync(cache)) {
    const pid = Number(/\.unfinished-(\d+)$/.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || isRunning(pid)) continue;
    log(`removing what an interrupted build left: ${name}`);
    rmSync(join(cache, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The CLI, our language host, and the two launchers under the names that the CLI looks for. */
async function putTogether(folder: string, cli: string): Promise<void> {
  linkSync(join(cli, "pulumi"), join(folder, "pulumi")); // through a symbolic link it would not find its neighbours
  await bundleLanguageHost(join(folder, "language-host.js"));
  const launchers = {
    "pulumi-language-nodejs": 'exec node "$(dirname "$0")/language-host.js" "$@"\n',
    // Run in the program's folder, whose own SDK has the host of dynamic providers.
    "pulumi-resource-pulumi-nodejs":
      `host=$(node -e "console.log(require.resolve('@pulumi/pulumi/cmd/dynamic-provider'))") || exit 1\n` +
      'exec node "$host" "$@"\n',
  };
  for (const [name, text] of Object.entries(launchers)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}`);
    chmodSync(join(folder, name), 0o755);
  }
}

type Failed = (output: string) => EngineUnavailable;

/** Runs the go command in the module's folder; it ends with this process, and tells why it failed by its output. */
function run(
  go: string,
  args: readonly string[],
  { env, log }: Surroundings,
  extra: NodeJS.ProcessEnv,
  failed: Failed,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const interrupt = (signal: NodeJS.Signals): void => {
      log(`interrupted by ${signal}; nothing is left half made`);
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    };
    // Before the start: a signal that comes meanwhile would end this process alone.
    process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
    const forget = (): void => void process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    const child = spawn(go, [...args], {
      cwd: MODULE,
      env: { ...env, ...extra, GOWORK: "off", GOFLAGS: "-mod=readonly" },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true, // a group of its own, compilers included, that can be ended as a whole
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
    child.on("error", (error) => reject(new EngineUnavailable(`could not run ${go}: ${error.message}`)));
    child.on("close", (code, signal) => {
      forget();
      if (code === 0) resolve();
      else if (signal !== null)
        reject(new EngineUnavailable(`go ${args[0]} was ended by ${signal}; run it again`));
      else reject(isFull(output) ? noSpace(cacheFolder(env), output) : failed(output));
    });
  });
}

const isFull = (output: string): boolean =>
  /no space left on device|ENOSPC|disk quota exceeded/i.test(output);

const noSpace = (cache: string, output: string): EngineUnavailable =>
  new EngineUnavailable(
    `the disk is full. Go's caches and ${cache} need about 4 GB: free some space, or set PULUMI_AZUREML_ENGINE_CACHE, ` +
      `GOCACHE and GOMODCACHE to folders on another disk.\n${lastLines(output)}`,
  );

const withoutSpace = (error: unknown, cache: string): unknown =>
  (error as NodeJS.ErrnoException).code === "ENOSPC" ? noSpace(cache, (error as Error).message) : error;

/** A module that is not what go.sum says is no outage. */
const downloadFailed: Failed = (output) =>
  /checksum mismatch|SECURITY ERROR|missing go\.sum entry|malformed|requires go >= /.test(output)
    ? new EngineUnavailable(`the modules of the Pulumi engine cannot be used:\n${lastLines(output)}`)
    : new EngineUnavailable(
        "the registry of Go modules does not answer, so the Pulumi engine cannot be built now. Try again later, or set " +
          `GOPROXY to one that does.\n${lastLines(output)}`,
        75,
      );

const buildFailed: Failed = (output) =>
  new EngineUnavailable(`the Pulumi engine does not build with this Go:\n${lastLines(output)}`);

const lastLines = (output: string): string => output.trim().split("\n").slice(-15).join("\n");
