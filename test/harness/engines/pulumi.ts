import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { EngineEvent } from "../../../rehearsal/index";
import type { Deployment, Engine, EngineStack, RunOptions, RunResult, StackRequest } from "./engine";
import { loadingFirst } from "../processes";
import { projectName } from "../project-folder";
import { engineEvents } from "./pulumi-events";

/** The Pulumi CLI on PATH, with a backend, a home and caches of its own under the work folder. */
export const pulumiEngine = { name: "pulumi", open } as const satisfies Engine;

export interface PulumiStack extends EngineStack {
  /** Takes over a state file, such as the rehearsal's. */
  importState(file: string): Promise<void>;
}

/** The CLI's path, when there is one on PATH. */
export function findPulumi(path = process.env["PATH"] ?? ""): string | undefined {
  const names = process.platform === "win32" ? ["pulumi.exe"] : ["pulumi"];
  const candidates = path.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return candidates.find(existsSync);
}

const BOOLEAN_FLAGS = {
  refreshFirst: "--refresh",
  continueOnError: "--continue-on-error",
  runProgram: "--run-program",
  expectNoChanges: "--expect-no-changes",
  ignoreProtect: "--ignore-protect",
  clearPendingCreates: "--clear-pending-creates",
  previewOnly: "--preview-only",
} as const;

/** What the backend keeps of a stack. */
interface StackFile {
  readonly checkpoint: { readonly latest: Deployment };
}

type Cli = (args: readonly string[]) => Promise<CliResult>;

interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function open(request: StackRequest): Promise<PulumiStack> {
  const { projectDir, stack, workDir } = request;
  const settings = join(projectDir, `Pulumi.${stack}.yaml`);
  const ownSettings = !existsSync(settings);
  const backend = join(workDir, "backend");
  mkdirSync(backend, { recursive: true });
  const cli = runner(request, backend);
  const must: Cli = async (args) => {
    const result = await cli(args);
    if (result.code !== 0) throw new Error(`pulumi ${args[0]} failed: ${result.stderr}${result.stdout}`);
    return result;
  };
  await must(["stack", "init", stack]);
  const operate = (command: string) => (options?: RunOptions) =>
    operation(cli, request, command, options ?? {});
  return {
    preview: operate("preview"),
    up: operate("up"),
    refresh: operate("refresh"),
    destroy: operate("destroy"),
    async setConfig(values) {
      const flags = Object.entries(values).flatMap(([key, value]) =>
        typeof value === "string"
          ? ["--plaintext", `${key}=${value}`]
          : ["--secret", `${key}=${value.secret}`],
      );
      if (flags.length > 0) await must(["config", "set-all", "--stack", stack, ...flags]);
    },
    async outputs({ showSecrets = false } = {}) {
      const shown = showSecrets ? ["--show-secrets"] : [];
      const { stdout } = await must(["stack", "output", "--json", ...shown, "--stack", stack]);
      return JSON.parse(stdout) as Record<string, unknown>;
    },
    async exportState() {
      const { stdout } = await must(["stack", "export", "--show-secrets", "--stack", stack]);
      const file = join(backend, ".pulumi", "stacks", projectName(projectDir), `${stack}.json`);
      return {
        shown: (JSON.parse(stdout) as { deployment: Deployment }).deployment,
        stored: (JSON.parse(readFileSync(file, "utf8")) as StackFile).checkpoint.latest,
      };
    },
    importState: (file) => must(["stack", "import", "--file", file, "--stack", stack]).then(() => undefined),
    close: () => Promise.resolve(ownSettings ? rmSync(settings, { force: true }) : undefined),
  };
}

function runner({ projectDir, workDir, passphrase, env }: StackRequest, backend: string): Cli {
  const environment = {
    ...process.env,
    // Whoever wants the processes as users have them gives options of their own.
    NODE_OPTIONS: loadingFirst(),
    ...env,
    PULUMI_HOME: join(workDir, "home"),
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "1",
    NO_COLOR: "1",
    PULUMI_DEBUG_COMMANDS: "1", // without it there is no --event-log
  };
  return (args) =>
    new Promise((resolve, reject) => {
      const child = spawn("pulumi", [...withNonInteractive(args)], {
        cwd: projectDir,
        env: environment,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let [stdout, stderr] = ["", ""];
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
      child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
      child.on("error", reject);
      child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
    });
}

/** Before `--`, after which everything is an argument. */
function withNonInteractive(args: readonly string[]): readonly string[] {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  return [...args.slice(0, end), "--non-interactive", ...args.slice(end)];
}

async function operation(
  cli: Cli,
  { stack, workDir }: StackRequest,
  command: string,
  { flags = {}, parallel, onEvent }: RunOptions,
): Promise<RunResult> {
  const log = join(workDir, "events.jsonl");
  rmSync(log, { force: true });
  const preview = command === "preview" || flags.previewOnly === true;
  const { code, stdout, stderr } = await cli([
    ...[command, "--stack", stack, "--event-log", log, "--diff"],
    ...(preview ? [] : ["--yes"]),
    ...(preview || flags.withPreview ? [] : ["--skip-preview"]),
    ...(parallel === undefined ? [] : ["--parallel", String(parallel)]),
    ...Object.entries(BOOLEAN_FLAGS).flatMap(([key, flag]) =>
      flags[key as keyof typeof BOOLEAN_FLAGS] ? [flag] : [],
    ),
  ]);
  const events = existsSync(log) ? engineEvents(readFileSync(log, "utf8")) : [];
  events.forEach((event) => onEvent?.(event));
  return { exitCode: code, events, changes: changesOf(events), text: stdout + stderr };
}

const changesOf = (events: readonly EngineEvent[]): Readonly<Record<string, number>> =>
  events.findLast((event) => event.kind === "summary")?.changes ?? {};
