import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { status } from "@grpc/grpc-js";
import type { ServerWritableStream } from "@grpc/grpc-js";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { configuredEnvironment, startPolicyProxy } from "./policy-proxy";
import type { PolicyProxy } from "./policy-proxy";
import { resolveFromProject, runtimeOptions } from "./program";

type Stream = ServerWritableStream<language.RunPluginRequest, language.RunPluginResponse>;

/** Runs a provider or a policy pack that is written for Node.js; what it prints goes to the CLI until it ends. */
export function runPlugin(stream: Stream): void {
  const run = stream.request.getKind() === "analyzer" ? runPolicyPack : runProvider;
  run(stream).then(
    () => stream.end(),
    (error: Error) => stream.emit("error", { code: status.UNKNOWN, details: error.message }),
  );
}

async function runProvider(stream: Stream): Promise<void> {
  const { request } = stream;
  const child = start(stream, "@pulumi/pulumi/cmd/run-plugin", {
    folder: request.getPwd(),
    argumentsOf: (folder) => [folder, ...request.getArgsList()],
  });
  child.stdout?.on("data", (chunk: Buffer) =>
    stream.write(new language.RunPluginResponse().setStdout(chunk)),
  );
  succeeded(await exitCode(child));
}

/** A policy pack reads the stack's configuration from its environment, so it starts once the CLI has sent that. */
async function runPolicyPack(stream: Stream): Promise<void> {
  const { request } = stream;
  const proxy: PolicyProxy = await startPolicyProxy();
  try {
    stream.write(new language.RunPluginResponse().setStdout(Buffer.from(`${proxy.port}\n`)));
    stream.on("cancelled", () => proxy.close());
    const configured = await proxy.configured;
    const child = start(stream, "@pulumi/pulumi/cmd/run-policy-pack", {
      folder: programDirectory(request),
      argumentsOf: (folder) => [...request.getArgsList(), folder],
      env: configuredEnvironment(configured),
    });
    const ended = exitCode(child);
    proxy.attach(child, (chunk) => stream.write(new language.RunPluginResponse().setStdout(chunk)));
    succeeded(await ended);
  } finally {
    proxy.close();
  }
}

const programDirectory = (request: language.RunPluginRequest): string =>
  request.getInfo()?.getProgramDirectory() ?? "";

function start(
  stream: Stream,
  runner: string,
  how: {
    readonly folder: string;
    readonly argumentsOf: (programDirectory: string) => readonly string[];
    readonly env?: Readonly<Record<string, string>>;
  },
): ChildProcess {
  const { request } = stream;
  const program = programDirectory(request);
  const { nodeArguments, env } = runtimeOptions(request.getInfo() ?? new language.ProgramInfo());
  const path = resolveFromProject(runner, program, `npm install in ${program}`);
  const child = spawn(process.execPath, [path, ...nodeArguments, ...how.argumentsOf(program)], {
    cwd: how.folder,
    env: { ...environment(request.getEnvList()), ...env, ...how.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stderr.on("data", (chunk: Buffer) => stream.write(new language.RunPluginResponse().setStderr(chunk)));
  stream.on("cancelled", () => child.kill("SIGKILL"));
  return child;
}

const environment = (list: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    list.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );

const exitCode = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? -1));
  });

function succeeded(code: number): void {
  if (code !== 0) throw new Error(`Program exited with non-zero exit code: ${code}`);
}
