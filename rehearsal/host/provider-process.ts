import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { Project } from "../config/project";
import { eachLine } from "./child-output";
import { LATE_MODULES } from "./late-modules-flag";
import { CHANNEL_OPTIONS } from "./monitor";

/** The package of dynamic resources' types. */
export const DYNAMIC_PACKAGE = "pulumi-nodejs";

export interface ProviderStart {
  readonly project: Project;
  /** Address of the engine's log service, which providers get as their argument. */
  readonly address: string;
  /** Configuration of the namespace `pulumi-nodejs`, by full key. */
  readonly config: Readonly<Record<string, string>>;
  readonly env: NodeJS.ProcessEnv;
  readonly onOutput: (line: string, stream: "stdout" | "stderr") => void;
}

export interface ProviderProcess {
  readonly client: Promise<ResourceProviderClient>;
  stop(): Promise<void>;
}

/** Starts the project's dynamic provider host: one process, which serves every dynamic resource of a phase. */
export function startProviderProcess(start: ProviderStart): ProviderProcess {
  const { project } = start;
  const host = createRequire(join(project.programFolder, "index.js")).resolve(
    "@pulumi/pulumi/cmd/dynamic-provider",
  );
  const child = spawn(process.execPath, [...LATE_MODULES, host, start.address], {
    cwd: project.programFolder,
    env: {
      ...start.env,
      PULUMI_NODEJS_PROJECT: project.name,
      PULUMI_PROJECT: project.name,
      PULUMI_CONFIG: JSON.stringify(start.config),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const client = connect(child, start.onOutput);
  client.catch(() => undefined); // whoever needs the client hears of it
  const gone = new Promise<void>((resolve) => child.on("close", () => resolve()));
  return {
    client,
    async stop() {
      await client.then((c) => c.close()).catch(() => undefined);
      // As the engine does; a process that does not end makes every run this much longer.
      child.kill("SIGINT");
      const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
      await gone;
      clearTimeout(timer);
    },
  };
}

/** The host prints its port in its first line. */
function connect(child: ChildProcess, onOutput: ProviderStart["onOutput"]): Promise<ResourceProviderClient> {
  return new Promise((resolve, reject) => {
    let port: string | undefined;
    if (!child.stdout || !child.stderr) throw new Error("a provider process needs pipes");
    void eachLine(child.stdout, (line) => {
      if (port !== undefined) return onOutput(line, "stdout");
      port = line.trim();
      resolve(new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), CHANNEL_OPTIONS));
    });
    void eachLine(child.stderr, (line) => onOutput(line, "stderr"));
    child.on("error", reject);
    child.on("exit", (code) =>
      reject(new Error(`the dynamic provider process ended at once (exit code ${code})`)),
    );
  });
}
