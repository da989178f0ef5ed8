import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { EngineEvent } from "../engine/events";
import type { ScenarioStep } from "./scenario";
import type { Scene } from "./scene";
import { openCalls, readTrace } from "./trace";

const POLL_MS = 20;
const LIMIT_MS = 20_000;

/** Runs a step in a process of its own and sends it a signal, as an impatient user does. */
export async function runInterrupted(
  step: ScenarioStep,
  { signal, onCall, afterMs = 0 }: NonNullable<ScenarioStep["interrupt"]>,
  scene: Scene,
  seen: number,
): Promise<{ readonly exitCode: number | string; readonly events: readonly EngineEvent[] }> {
  const log = join(scene.workDir, `events-${seen}.jsonl`);
  const child = spawn(
    process.execPath,
    [join(__dirname, "..", "main.js"), ...argumentsOf(step, scene, log)],
    {
      env: { ...process.env, ...scene.env, PULUMI_CONFIG_PASSPHRASE: scene.passphrase },
      stdio: "ignore",
    },
  );
  const ended = new Promise<number | string>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, by) => resolve(by ?? code ?? 1));
  });
  await until(
    () =>
      readTrace(scene.traceFile)
        .slice(seen)
        .some((line) => line.method === onCall) || child.exitCode !== null,
  );
  await pause(afterMs);
  child.kill(signal);
  const exitCode = await ended;
  await endOrphans(scene, seen);
  return { exitCode, events: existsSync(log) ? eventsIn(log) : [] };
}

const argumentsOf = ({ command, flags = {} }: ScenarioStep, scene: Scene, log: string): readonly string[] => [
  command,
  ...["--project", scene.projectDir, "--stack", scene.stackName, "--state", join(scene.workDir, "state")],
  ...["--parallel", String(scene.parallel), "--flags", JSON.stringify(flags), "--event-log", log],
];

/** A provider outlives a killed engine and finishes what it was asked for; then it has nothing left to do. */
async function endOrphans({ traceFile }: Scene, seen: number): Promise<void> {
  await until(() => openCalls(readTrace(traceFile).slice(seen)) === 0);
  for (const pid of new Set(
    readTrace(traceFile)
      .slice(seen)
      .map((line) => line.pid),
  )) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds() && waited < LIMIT_MS; waited += POLL_MS) await pause(POLL_MS);
}

/** The last line may be cut short by a kill. */
function eventsIn(log: string): readonly EngineEvent[] {
  const lines = readFileSync(log, "utf8").split("\n").filter(Boolean);
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as EngineEvent];
    } catch {
      return [];
    }
  });
}
