import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { EngineEvent } from "../engine/events";
import type { Fault } from "../faults";
import { openStack } from "../stack";
import type { Stack } from "../stack";
import { normaliser } from "./normalise";
import { recordedEvents } from "./recorded-events";
import { recordedState } from "./recorded-state";
import { runInterrupted } from "./interrupted";
import type { RecordedState, RecordedStep, Scenario, ScenarioStep } from "./scenario";
import type { Scene } from "./scene";
import { readTrace, recordedCalls } from "./trace";
import { settleDeletes } from "./waves";

export interface ReplaySettings {
  /** The folder with the scenarios' `program` and `trace-provider`. */
  readonly recorder: string;
  /** A node_modules with @pulumi/pulumi. */
  readonly modules: string;
  readonly faults?: readonly Fault[];
}

export type Replayed = { readonly steps: readonly RecordedStep[] } | { readonly outOfScope: string };

/** The passphrase of the made-up stacks; their states are thrown away. */
const PASSPHRASE = "replay";
const STACK = "dev";

/** Runs a scenario with the rehearsal, and gives what it did in the recordings' form. */
export async function replay(name: string, scenario: Scenario, settings: ReplaySettings): Promise<Replayed> {
  const scene = setScene(name, scenario, settings);
  try {
    return await play(scenario, scene, settings);
  } finally {
    rmSync(scene.workDir, { recursive: true, force: true });
  }
}

function setScene(name: string, { parallel }: Scenario, { recorder, modules }: ReplaySettings): Scene {
  const workDir = mkdtempSync(join(realpathSync(tmpdir()), `replay-${name}-`));
  const projectDir = join(workDir, "project");
  cpSync(join(recorder, "program"), projectDir, { recursive: true });
  mkdirSync(join(projectDir, "node_modules"));
  cpSync(join(recorder, "trace-provider"), join(projectDir, "node_modules", "trace-provider"), {
    recursive: true,
  });
  symlinkSync(join(modules, "@pulumi"), join(projectDir, "node_modules", "@pulumi"));
  const [stepFile, traceFile] = [join(workDir, "step.json"), join(workDir, "trace.jsonl")];
  writeFileSync(traceFile, "");
  return {
    ...{ workDir, projectDir, stepFile, traceFile, passphrase: PASSPHRASE, stackName: STACK },
    env: { TRACE_STEP: stepFile, TRACE_LOG: traceFile },
    parallel: parallel ? 16 : 1,
  };
}

async function play(scenario: Scenario, scene: Scene, { faults = [] }: ReplaySettings): Promise<Replayed> {
  const { projectDir, workDir, passphrase, env } = scene;
  const stack = await openStack({
    projectDir,
    stack: STACK,
    stateDir: join(workDir, "state"),
    passphrase,
    env,
    faults,
  });
  const normal = normaliser(projectDir, workDir);
  const steps: RecordedStep[] = [];
  const stepStarts: number[] = [];
  const pids: number[] = [];
  let program: object = {};
  let seen = 0;
  let previous: RecordedState | undefined;
  for (const step of scenario.steps) {
    program = step.program ?? program;
    prepare(step, program, scene, stack);
    stepStarts.push(Date.now());
    const result = await run(step, scene, stack, seen);
    if ("outOfScope" in result) return result;
    const lines = readTrace(scene.traceFile).slice(seen);
    seen += lines.length;
    const previewOnly = step.command === "preview" || step.flags?.["previewOnly"] === true;
    const recorded: RecordedStep = {
      ...{ command: step.command, exitCode: result.exitCode },
      calls: recordedCalls(lines, pids, normal),
      ...recordedEvents(lastPhase(step, result.events), normal, previewOnly),
      state: recordedState(stack.exportState(), normal, stepStarts),
    };
    if (scenario.parallel) sortAll(recorded);
    steps.push({
      ...recorded,
      state: isDeepStrictEqual(recorded.state, previous) ? "unchanged" : recorded.state,
    });
    previous = recorded.state as RecordedState;
  }
  settleDeletes(steps);
  return { steps };
}

/** The recordings have only the real thing of what was previewed first. */
const lastPhase = ({ flags }: ScenarioStep, events: readonly EngineEvent[]): readonly EngineEvent[] =>
  flags?.["withPreview"]
    ? events.slice(1 + events.findIndex((event) => event.kind === "summary" && event.preview))
    : events;

function prepare(step: ScenarioStep, program: object, { stepFile, projectDir }: Scene, stack: Stack): void {
  writeFileSync(stepFile, JSON.stringify({ program, behaviour: step.behaviour ?? {} }));
  for (const [path, content] of Object.entries(step.files ?? {})) {
    mkdirSync(dirname(join(projectDir, path)), { recursive: true });
    writeFileSync(join(projectDir, path), content);
  }
  for (const [key, value] of Object.entries(step.config ?? {})) {
    if (value === null) stack.config.remove(key);
    else stack.config.set(key, value);
  }
}

type Ran =
  | { readonly exitCode: number | string; readonly events: readonly EngineEvent[] }
  | { readonly outOfScope: string };

async function run(step: ScenarioStep, scene: Scene, stack: Stack, seen: number): Promise<Ran> {
  if (step.command === "cancel") {
    stack.cancel();
    return { exitCode: 0, events: [] };
  }
  if (step.interrupt) return runInterrupted(step, step.interrupt, scene, seen);
  const options = { flags: step.flags ?? {}, parallel: scene.parallel };
  const { exitCode, events, outOfScope } = await stack[step.command](options);
  return outOfScope === undefined ? { exitCode, events } : { outOfScope };
}

function sortAll(step: RecordedStep): void {
  step.calls = [...step.calls].sort(byJson);
  step.steps = [...step.steps].sort(byJson);
  const { resources, ...rest } = step.state as RecordedState;
  const byUrn = [...resources].sort((a, b) => (String(a["urn"]) < String(b["urn"]) ? -1 : 1));
  step.state = { ...rest, resources: byUrn };
}

const byJson = (a: object, b: object): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
