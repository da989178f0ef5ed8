import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { endWithReader } from "./closed-pipe";
import { FAULTS } from "../rehearsal/faults";
import type { Fault } from "../rehearsal/faults";
import { firstDifference } from "../rehearsal/replay/difference";
import type { Difference } from "../rehearsal/replay/difference";
import { replay } from "../rehearsal/replay/replay";
import { readJson, scenarioNames } from "../rehearsal/replay/scenario";
import type { RecordedStep, Scenario } from "../rehearsal/replay/scenario";

/** Replays recorded scenarios with the rehearsal and says where it differs from the real engine. */

const ROOT = resolve(__dirname, "..", "..");
const DATA = join(ROOT, "test", "rehearsal");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scenarios: { type: "string", default: join(DATA, "scenarios") },
    transcripts: { type: "string", default: join(DATA, "transcripts") },
    recorder: { type: "string", default: join(DATA, "recorder") },
    modules: { type: "string", default: join(ROOT, "node_modules") },
    report: { type: "string", default: join(ROOT, "reports", "replay.json") },
    jobs: { type: "string", default: "2" },
    /** Breaks the engine on purpose; every one of these must be noticed. */
    fault: { type: "string", multiple: true, default: [] },
  },
});

type Verdict =
  | { readonly kind: "equal" }
  | { readonly kind: "different"; readonly difference: Difference }
  | { readonly kind: "out of scope"; readonly sentence: string }
  | { readonly kind: "broken"; readonly error: string };

async function judge(name: string): Promise<Verdict> {
  const scenario = readJson<Scenario>(resolve(values.scenarios), name);
  const transcript = readJson<{ steps: readonly RecordedStep[] }>(resolve(values.transcripts), name);
  const settings = { recorder: resolve(values.recorder), modules: resolve(values.modules), faults: faults() };
  const played = await replay(name, scenario, settings);
  if ("outOfScope" in played) return { kind: "out of scope", sentence: played.outOfScope };
  const difference = firstDifference(transcript.steps, played.steps);
  return difference ? { kind: "different", difference } : { kind: "equal" };
}

function faults(): readonly Fault[] {
  const unknown = values.fault.find((name) => !FAULTS.includes(name as Fault));
  if (unknown !== undefined)
    throw new Error(`unknown fault "${unknown}"; expected one of ${FAULTS.join(", ")}`);
  return values.fault as Fault[];
}

function said(verdict: Verdict): string {
  if (verdict.kind === "equal") return "equal";
  if (verdict.kind === "out of scope") return `out of scope: ${verdict.sentence}`;
  if (verdict.kind === "broken") return `DIFFERENT: the replay itself failed: ${verdict.error}`;
  const { at, expected, found } = verdict.difference;
  return `DIFFERENT at ${at}\n    expected ${shortened(expected)}\n    found    ${shortened(found)}`;
}

const shortened = (value: unknown): string => (JSON.stringify(value) ?? "nothing").slice(0, 400);

async function main(): Promise<void> {
  faults();
  const names = positionals.length > 0 ? positionals : scenarioNames(resolve(values.scenarios));
  const queue = [...names];
  const verdicts = new Map<string, Verdict>();
  const work = async (): Promise<void> => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const verdict = await judge(name).catch((error: Error): Verdict => ({
        kind: "broken",
        error: error.message,
      }));
      verdicts.set(name, verdict);
      process.stdout.write(`${name}: ${said(verdict)}\n`);
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, work));
  const of = (...kinds: Verdict["kind"][]): number =>
    [...verdicts.values()].filter((v) => kinds.includes(v.kind)).length;
  const counts = { passed: of("equal"), failed: of("different", "broken"), skipped: of("out of scope") };
  mkdirSync(resolve(values.report, ".."), { recursive: true });
  writeFileSync(
    resolve(values.report),
    `${JSON.stringify({ ...counts, scenarios: Object.fromEntries(verdicts) }, null, 2)}\n`,
  );
  process.stdout.write(
    `${counts.passed} equal, ${counts.failed} different, ${counts.skipped} out of scope\n`,
  );
  if (counts.failed > 0) process.exitCode = 1;
}

endWithReader();
void main();
