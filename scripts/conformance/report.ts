import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { ScenarioResult } from "./scenarios";

const file = path.join(__dirname, "../../../reports/conformance.json");

export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Counts the results. */
export function countResults(results: readonly ScenarioResult[]): Count {
  const of = (result: ScenarioResult["result"]) => results.filter((r) => r.result === result).length;
  return { passed: of("pass"), failed: of("fail"), skipped: of("skip") };
}

/** Writes reports/conformance.json. */
export function writeReport(count: Count, scenarios: readonly ScenarioResult[]): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...count, scenarios }, null, 2)}\n`);
}
