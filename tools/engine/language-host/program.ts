import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as language from "@pulumi/pulumi/proto/language_pb";

export interface RunningProgram {
  /** Resolves when the program has ended, well or not. */
  readonly ended: Promise<language.RunResponse>;
  /** What ^C means to the program: an interrupt, and the end after five seconds. */
  cancel(): void;
}

/** The exit code of Pulumi's runner for a failure that it has shown to the user. */
const SHOWN = 32;
const GRACE_MS = 5000;

/** Runs the project's program with the runner of the project's own `@pulumi/pulumi`. */
export function runProgram(request: language.RunRequest, engineAddress: string): RunningProgram {
  const info = request.getInfo() ?? new language.ProgramInfo();
  let start: () => ReturnType<typeof spawn>;
  try {
    const { nodeArguments, env } = runtimeOptions(info);
    const runner = resolveFromProject("@pulumi/pulumi/cmd/run", info.getProgramDirectory(), "pulumi install");
    start = () =>
      spawn(process.execPath, [...nodeArguments, runner, ...runnerArguments(request, info, engineAddress)], {
        // The CLI reads what this process prints; the program's lines go the same way.
        stdio: ["ignore", "inherit", "inherit"],
        env: { ...process.env, ...env, ...configuration(request) },
      });
  } catch (error) {
    return { ended: Promise.resolve(failed((error as Error).message)), cancel: () => undefined };
  }
  const child = start();
  const ended = new Promise<language.RunResponse>((resolve) => {
    child.on("error", (error) =>
      resolve(failed(`Problem executing program (could not run language executor): ${error.message}`)),
    );
    child.on("exit", (code) => resolve(responseOf(code)));
  });
  let cancelled = false;
  return {
    ended,
    // The CLI both calls Cancel and ends the call of Run; a second signal would end a program that tidies up.
    cancel() {
      if (cancelled) return;
      cancelled = true;
      child.kill("SIGINT");
      const timer = setTimeout(() => child.kill("SIGKILL"), GRACE_MS).unref();
      child.on("exit", () => clearTimeout(timer));
    },
  };
}

function responseOf(code: number | null): language.RunResponse {
  if (code === 0) return new language.RunResponse();
  if (code === SHOWN) return new language.RunResponse().setBail(true);
  return failed(`Program exited with non-zero exit code: ${code ?? -1}`);
}

const failed = (error: string): language.RunResponse => new language.RunResponse().setError(error);

function runnerArguments(
  request: language.RunRequest,
  info: language.ProgramInfo,
  engineAddress: string,
): string[] {
  const named = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info.getRootDirectory(),
    stack: request.getStack(),
    pwd: info.getProgramDirectory(),
    parallel: String(request.getParallel()),
  };
  const options = Object.entries(named).flatMap(([name, value]) =>
    value === "" ? [] : [`--${name}`, value],
  );
  const dryRun = request.getDryrun() ? ["--dry-run"] : [];
  return [...options, ...dryRun, info.getEntryPoint(), ...request.getArgsList()];
}

/** The SDK expects keys as they once were: `project:config:name`. */
function configuration(request: language.RunRequest): Record<string, string> {
  const values = request.getConfigMap().getEntryList();
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(values.map(([key, value]) => [oldKey(key), value]))),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
}

function oldKey(key: string): string {
  const [namespace, ...rest] = key.split(":");
  return `${namespace}:config:${(rest[0] === "config" ? rest.slice(1) : rest).join(":")}`;
}

export interface RuntimeOptions {
  readonly nodeArguments: readonly string[];
  /** For the SDK's runners. */
  readonly env: Readonly<Record<string, string>>;
  readonly packageManager: string;
  readonly production: boolean;
}

const KINDS = {
  typescript: "boolean",
  tsconfig: "string",
  nodeargs: "string",
  production: "boolean",
  packagemanager: "string",
} as const;

/** The `runtime.options` of Pulumi.yaml. Throws for a value of the wrong kind. */
export function runtimeOptions(info: language.ProgramInfo): RuntimeOptions {
  const options = (info.getOptions()?.toJavaScript() ?? {}) as Record<string, unknown>;
  for (const [name, kind] of Object.entries(KINDS)) {
    if (options[name] !== undefined && typeof options[name] !== kind)
      throw new Error(`${name} option must be a ${kind}`);
  }
  const { typescript = true, tsconfig, nodeargs, production, packagemanager } = options;
  return {
    nodeArguments: words((nodeargs as string | undefined) ?? ""),
    env: {
      ...(typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
      ...(tsconfig ? { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig as string } : {}),
    },
    packageManager: (packagemanager as string | undefined) ?? "auto",
    production: production === true,
  };
}

/** Split at white space, but for what is in quotes. */
const words = (text: string): readonly string[] =>
  (text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []).map((word) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"),
  );

/** A runner of the project's own SDK. Throws, saying what to run, where the SDK is not installed. */
export function resolveFromProject(module: string, folder: string, install: string): string {
  try {
    return createRequire(join(folder, "index.js")).resolve(module);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    throw new Error(`It looks like the Pulumi SDK has not been installed. Have you run ${install}?`, {
      cause: error,
    });
  }
}
