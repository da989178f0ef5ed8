import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { status } from "@grpc/grpc-js";
import type { ServerWritableStream } from "@grpc/grpc-js";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { runtimeOptions } from "./program";

const INSTALL = {
  npm: { command: ["install", "--loglevel=error"], production: "--production" },
  pnpm: { command: ["install"], production: "--prod" },
  yarn: { command: ["install"], production: "--production" },
  bun: { command: ["install"], production: "--production" },
} as const;

type PackageManager = keyof typeof INSTALL;

/** The lock files that tell which package manager a project uses, in the order of the CLI's own host. */
const LOCK_FILES: ReadonlyArray<readonly [string, PackageManager]> = [
  ["yarn.lock", "yarn"],
  ["pnpm-lock.yaml", "pnpm"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
];

/** The one that Pulumi.yaml names, else the lock file's, else npm. Throws for a name that is none. */
function packageManagerOf(info: language.ProgramInfo): PackageManager {
  const { packageManager } = runtimeOptions(info);
  if (packageManager === "auto") return lockedWith(info.getProgramDirectory()) ?? "npm";
  if (packageManager in INSTALL) return packageManager as PackageManager;
  throw new Error(
    `packagemanager option must be one of auto, npm, yarn, pnpm or bun, got "${packageManager}"`,
  );
}

function lockedWith(folder: string): PackageManager | undefined {
  const found = LOCK_FILES.find(([file]) => existsSync(join(folder, file)))?.[1];
  if (found || dirname(folder) === folder || existsSync(join(folder, "package-lock.json"))) return found;
  return lockedWith(dirname(folder));
}

/** `pulumi install`: runs the project's package manager and passes on what it prints. */
export function installDependencies(
  stream: ServerWritableStream<language.InstallDependenciesRequest, language.InstallDependenciesResponse>,
): void {
  const info = stream.request.getInfo() ?? new language.ProgramInfo();
  const print = (text: string | Buffer): void =>
    void stream.write(new language.InstallDependenciesResponse().setStdout(Buffer.from(text)));
  install(info, print, (chunk) =>
    stream.write(new language.InstallDependenciesResponse().setStderr(chunk)),
  ).then(
    () => stream.end(),
    (error: Error) => stream.emit("error", { code: status.UNKNOWN, details: error.message }),
  );
}

async function install(
  info: language.ProgramInfo,
  print: (text: string | Buffer) => void,
  printError: (chunk: Buffer) => void,
): Promise<void> {
  print("Installing dependencies...\n\n");
  const manager = packageManagerOf(info);
  const { command, production } = INSTALL[manager];
  const flags = runtimeOptions(info).production ? [production] : [];
  await new Promise<void>((resolve, reject) => {
    const child = spawn(manager, [...command, ...flags], {
      cwd: info.getProgramDirectory(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.on("data", print);
    child.stderr.on("data", printError);
    child.on("error", (error) => reject(new Error(`could not run ${manager}: ${error.message}`)));
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`${manager} install failed with exit code ${code ?? -1}`)),
    );
  });
  print("Finished installing dependencies\n\n");
}

/**
 * `pulumi about`: Node.js, the package manager, and the compiler that the program's folder resolves. The engine asks it at each run, so
 * that no process is started to tell more.
 */
export function about(request: language.AboutRequest): language.AboutResponse {
  const info = request.getInfo() ?? new language.ProgramInfo();
  const response = new language.AboutResponse().setExecutable(process.execPath).setVersion(process.version);
  const metadata = response.getMetadataMap();
  metadata.set("packagemanager", packageManagerOf(info));
  const compiler = compilerVersion(info.getProgramDirectory());
  if (compiler) metadata.set("typescriptVersion", compiler);
  return response;
}

function compilerVersion(folder: string): string | undefined {
  try {
    const require = createRequire(join(folder, "index.js"));
    return (require("typescript/package.json") as { version: string }).version;
  } catch {
    return undefined; // plain JavaScript needs none
  }
}
