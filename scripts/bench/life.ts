import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Engine, EngineStack, RunResult } from "../../test/harness/engines/engine";
import { startEmulatorProcess, type EmulatorProcess } from "../../test/harness/emulator-process";
import { copyProject, repository } from "../../test/harness/project-folder";
import { isPoll, type Call } from "../../test/harness/workspace";
import { measured, watched, type Measured } from "./processes";

/** The ways in which the same services are made; see program/index.js. */
export const kinds = ["ours", "same", "ten", "usual"] as const;
export type Kind = (typeof kinds)[number];

export const verbs = ["first up", "preview", "unchanged up", "update", "refresh", "destroy"] as const;
export type Verb = (typeof verbs)[number];

export interface Life {
  readonly kind: Kind;
  readonly services: number;
  readonly took: Readonly<Record<Verb, Measured>>;
  /** For each service; polls of operations and discovery left out. */
  readonly requests: Readonly<Record<Verb, number>>;
  /** For each service. */
  readonly stateBytes: number;
}

/** A stack of so many services of one kind, that nothing has been done to yet. */
interface Opened {
  readonly stack: EngineStack;
  readonly emulator: EmulatorProcess;
  /** Where processes note what they use, and the program reads what it changes. */
  readonly notes: string;
  close(): Promise<void>;
}

export interface Bench {
  readonly engine: Engine;
  /** A file with one of our services, which the providers that only answer return; unused by the others. */
  readonly shape: string;
}

/**
 * Takes a stack through its life, one operation after the other.
 *
 * @param made is told the outputs of a service
 */
export async function liveOnce(
  bench: Bench,
  kind: Kind,
  services: number,
  made: (outputs: object) => void = () => undefined,
): Promise<Life> {
  const opened = await open(bench, kind, services);
  const took: Partial<Record<Verb, Measured>> = {};
  const requests: Partial<Record<Verb, number>> = {};
  let stateBytes = 0;
  try {
    for (const verb of verbs) {
      if (verb === "update") writeFileSync(join(opened.notes, CORES), "1");
      const { made: run, asked } = await countRequests(opened.emulator, () =>
        measured(opened.notes, () => operations[verb](opened.stack)),
      );
      const { result, took: one } = run;
      if (result.exitCode !== 0)
        throw new Error(`BenchFailed: ${verb} of ${kind}: ${result.text.slice(-2000)}`);
      took[verb] = one;
      requests[verb] = asked / services;
      if (verb === "first up") stateBytes = (await bytesOf(opened.stack, made)) / services;
    }
  } finally {
    await opened.close();
  }
  return {
    ...{ kind, services, stateBytes },
    took: took as Life["took"],
    requests: requests as Life["requests"],
  };
}

const operations: Readonly<Record<Verb, (stack: EngineStack) => Promise<RunResult>>> = {
  "first up": (stack) => stack.up(),
  preview: (stack) => stack.preview(),
  "unchanged up": (stack) => stack.up(),
  update: (stack) => stack.up(),
  refresh: (stack) => stack.refresh(),
  destroy: (stack) => stack.destroy(),
};

const CORES = "cores";

async function open({ engine, shape }: Bench, kind: Kind, services: number): Promise<Opened> {
  const folder = copyProject(join(repository(), "scripts", "bench", "program"));
  const emulator = await startEmulatorProcess(repository(), ["--operation-time", "0"]);
  const notes = watched(folder.project, folder.processes);
  writeFileSync(join(folder.processes, CORES), "0.5");
  const env = {
    ...notes,
    ...{ BENCH_KIND: kind, BENCH_COUNT: String(services), BENCH_SHAPE: shape },
    ...{ AZUREML_ACCESS_TOKEN: emulator.accessToken, AZUREML_DISCOVERY_URL: emulator.discoveryUrl },
    BENCH_SERVICES: `${emulator.url}/modelmanagement/v1.0${emulator.workspaceId}`,
    NODE_COMPILE_CACHE: join(folder.root, "compiled"),
  };
  const request = {
    projectDir: folder.project,
    stack: "bench",
    workDir: folder.engine,
    passphrase: "bench",
    env,
  };
  const stack = await engine.open(request);
  await stack.setConfig({ "azureml:workspaceId": emulator.workspaceId });
  const close = async (): Promise<void> => {
    await stack.close();
    await emulator.stop();
    folder.remove();
  };
  return { stack, emulator, notes: folder.processes, close };
}

/**
 * What a run makes, and how often it asks the workspace about services. Polls are left out, since the clock decides how many there
 * are, and discovery, since it is once for all services.
 */
export async function countRequests<T>(
  emulator: EmulatorProcess,
  run: () => Promise<T>,
): Promise<{ readonly made: T; readonly asked: number }> {
  const log = `${emulator.url}/_emulator/requests`;
  await fetch(log, { method: "DELETE" });
  const made = await run();
  const calls = (await (await fetch(log)).json()) as readonly Call[];
  return { made, asked: calls.filter((call) => !isPoll(call) && call.path.includes("/services")).length };
}

/** The lines of the program that the engine notes are left out: how long they are depends on where the folders are. */
async function bytesOf(stack: EngineStack, made: (outputs: object) => void): Promise<number> {
  const { stored, shown } = await stack.exportState();
  const isService = ({ type }: Readonly<Record<string, unknown>>): boolean =>
    String(type).startsWith("pulumi-nodejs:dynamic");
  made((shown.resources ?? []).find(isService)!["outputs"] as object);
  return (stored.resources ?? [])
    .filter(isService)
    .map((resource) => ({ ...resource, sourcePosition: undefined, stackTrace: undefined }))
    .reduce((sum, resource) => sum + Buffer.byteLength(JSON.stringify(resource)), 0);
}
